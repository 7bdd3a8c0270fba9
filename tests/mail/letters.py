"""Mails for tests: queued as an action would, from the words of a real template."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from training_hub.database import db
from training_hub.mail.models import Mail, MailState, Urgency

_WORDS: dict[str, Any] = {"template": "booking_confirmed", "urgency": int(Urgency.CHANGE)}


def waiting(to: str, *, now: datetime, **columns: Any) -> Mail:
    """One mail that waits to leave, stored."""
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
    """Every mail in the order of queueing: its address, state and tries."""
    db.session.rollback()
    rows = db.session.execute(select(Mail.to_email, Mail.state, Mail.tries).order_by(Mail.id))
    return [(row.to_email, row.state, row.tries) for row in rows]
