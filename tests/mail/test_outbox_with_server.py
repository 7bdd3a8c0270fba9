"""The outbox when a mail server is set up."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from tests import make
from tests.conftest import NOW
from tests.mail import letters
from tests.page_client import PageClient
from training_hub.config import MailSettings, Settings

pytestmark = pytest.mark.postgres


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The usual settings and a mail server, with which no page talks."""
    return replace(settings, mail=MailSettings(server="mail.example.org"))


def test_waiting_email_says_when_it_leaves(app: Flask, signed_in: Callable[..., PageClient]) -> None:
    mail = letters.waiting("ann@example.org", now=NOW)
    officer = signed_in(make.officer())
    assert "no mail server is set" not in officer.get("/outbox").text
    page = officer.get(f"/outbox/{mail.id}")
    assert "no mail server is set" not in page.text
    assert "We will send this email after Tuesday 6 May 2025, 9:30am." in page.text
