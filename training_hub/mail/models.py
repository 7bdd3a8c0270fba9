"""The table of mails."""

import enum
from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from training_hub.database import Base, index, words


class MailState(enum.Enum):
    """Where a mail stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    """Given up: refused by the server, or tried too often. An officer can send it again."""
    DROPPED = "dropped"
    """No longer true or needed before it left: a reminder overtaken by a return, a code that ran out."""


class Urgency(enum.IntEnum):
    """Which mail leaves first."""

    SIGN_IN = 0
    CHANGE = 1
    REMINDER = 2


class Mail(Base):
    """One mail to one recipient, with its words as they were when it was queued."""

    __tablename__ = "mail"
    __table_args__ = (
        index("state", "urgency", "next_try_at", "id", name="ix_mail_state"),
        index("queued_at", "id", name="ix_mail_queued_at"),
        index("to_email", name="ix_mail_to_email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """What it tells of, such as `booking:17:confirmed`: queueing it twice queues it once."""
    template: Mapped[str] = mapped_column(String(60))
    urgency: Mapped[int]
    to_email: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(250))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str] = mapped_column(Text, default="")
    """An iCalendar text to go with it; its METHOD says whether it invites or calls off."""
    carries_key: Mapped[bool] = mapped_column(default=False)
    """It opens a door (sign-in, evaluation, approval): its words are shown to nobody but its recipient."""
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    """One for all its tries, so that a mail which left twice is shown once."""
    state: Mapped[MailState] = mapped_column(words(MailState))
    queued_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    """Not before this moment; for a mail being sent, when whoever took it is held to have died."""
    expires_at: Mapped[datetime | None]
    """After this it is dropped unsent, and its words are deleted: a code that has run out."""
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(500), default="")
