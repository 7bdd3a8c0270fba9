"""Emails in the outbox for tests."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from training_hub.database import db
from training_hub.mail.models import Mail, MailState, Urgency

_WORDS: dict[str, Any] = {"template": "booking_confirmed", "urgency": int(Urgency.CHANGE)}


def waiting(to: str, *, now: datetime, **columns: Any) -> Mail:
    """A stored email that is due to leave."""
    given = {
        **_WORDS,
        "key": f"test:{to}:{columns.get('subject', '')}"[:60],
        "to_email": to,
        "to_name": "Ann Shah",
        "subject": "Your place on Working Together",
        "text": "You have a place.\n",
        "html": "<p>You have a place.</p>\n",
        "message_id": f"<{to.replace('@', '.')}.{len(columns)}@example.org>",
        "state": MailState.WAITING,
        "queued_at": now,
        "next_try_at": now,
        **columns,
    }
    mail = Mail(**given)
    db.session.add(mail)
    db.session.commit()
    return mail


def outbox() -> list[tuple[str, MailState, int]]:
    """The address, state and tries of every email, in the order of queueing."""
    db.session.rollback()
    rows = db.session.execute(select(Mail.to_email, Mail.state, Mail.tries).order_by(Mail.id))
    return [(row.to_email, row.state, row.tries) for row in rows]
