"""Reminders sent, and people who opted out."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.database import Base, index
from training_hub.mail.models import Mail


class ReminderSent(Base):
    """One mail about one evaluation. A digest of several evaluations has a row for each."""

    __tablename__ = "reminder_sent"
    __table_args__ = (
        index("invitation_id", "at", name="ix_reminder_sent_invitation_id"),
        index("mail_id", name="ix_reminder_sent_mail_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"))
    reminder_number: Mapped[int]
    """0 for the invitation, 1 to 4 for a reminder."""
    at: Mapped[datetime]
    """When the mail was queued. If a mail is dropped unsent, its rows are deleted."""
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id", ondelete="SET NULL"))
    """None once the outbox has deleted the mail."""

    mail: Mapped[Mail | None] = relationship(lazy="select")


class OptOut(Base):
    """A person who wants no mails about evaluations. Their evaluations stay due, and can be answered."""

    __tablename__ = "evaluation_opt_out"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
