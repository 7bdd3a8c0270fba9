"""The email that lets a person sign in."""

import sys
from datetime import datetime

from flask import current_app

from training_hub.mail.models import Urgency
from training_hub.mail.outbox import queue


def send_code(email: str, code: str, token: str, *, key: str, expires_at: datetime, now: datetime) -> None:
    """Queue the email with the code and the link. Without a mail server, the console is told as well."""
    settings = current_app.config["SETTINGS"]
    link = f"{settings.base_url}/sign-in/link/{token}"
    queue(
        "sign_in",
        key=key,
        # No name: emails to known and unknown addresses must not differ.
        to=("", email),
        now=now,
        facts={"code": code, "link": link, "expires_at": expires_at},
        urgency=Urgency.SIGN_IN,
        expires_at=expires_at,
        carries_key=True,
    )
    if settings.mail is None:
        print(f"Sign-in code for {email}: {code}, or {link}", file=sys.stderr, flush=True)  # noqa: T201
