"""The email that lets someone sign in."""

import sys
from datetime import datetime

from flask import current_app

from training_hub.mail.models import Urgency
from training_hub.mail.outbox import Envelope, queue


def send_code(email: str, code: str, token: str, *, key: str, expires_at: datetime, now: datetime) -> None:
    """Queue the email with the code and the link. Without a mail server, print them on the console too."""
    settings = current_app.config["SETTINGS"]
    link = f"{settings.base_url}/sign-in/link/{token}"
    envelope = Envelope(
        key,
        # No name: the email must not show whether we know the address.
        ("", email),
        urgency=Urgency.SIGN_IN,
        expires_at=expires_at,
    )
    queue("sign_in", {"code": code, "href": link, "expires_at": expires_at}, envelope, now=now)
    if settings.mail is None:
        print(f"Sign-in code for {email}: {code}, or {link}", file=sys.stderr, flush=True)  # noqa: T201 - for the person at the terminal
