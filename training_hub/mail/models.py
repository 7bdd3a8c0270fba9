"""The table of emails."""

import enum
from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from training_hub.database import Base, index, words


class MailState(enum.Enum):
    """The state of an email."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    """The server rejected the email, or it was tried too often. An officer can send it again."""
    DROPPED = "dropped"
    """The email was not sent because it was no longer true or needed, such as a reminder of a returned form."""


class Urgency(enum.IntEnum):
    """The order in which emails are sent."""

    SIGN_IN = 0
    CHANGE = 1
    REMINDER = 2


class Mail(Base):
    """One email to one recipient, with its words as they were when it was queued."""

    __tablename__ = "mail"
    __table_args__ = (
        index("state", "urgency", "next_try_at", "id", name="ix_mail_state"),
        index("queued_at", "id", name="ix_mail_queued_at"),
        index("to_email", name="ix_mail_to_email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """What the email reports, such as `booking:17:confirmed`. A second email with the same key is not queued."""
    template: Mapped[str] = mapped_column(String(60))
    urgency: Mapped[int]
    to_email: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(250))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str] = mapped_column(Text, default="")
    """An iCalendar text to send with it. Its METHOD says whether it invites or cancels."""
    carries_key: Mapped[bool] = mapped_column(default=False)
    """Whether it has a link or code that lets its reader act, so that only its recipient may read it."""
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    """The Message-ID, the same for all tries, so that an email that was sent twice is shown once."""
    state: Mapped[MailState] = mapped_column(words(MailState))
    queued_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    """When the email may be sent. While it is being sent, when the worker that took it is presumed dead."""
    expires_at: Mapped[datetime | None]
    """When the email is dropped unsent and its words are deleted, such as a sign-in code."""
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(500), default="")
