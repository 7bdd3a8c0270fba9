"""Reminders sent, and people who want no more of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from training_hub.database import Base, index


class Nudge(Base):
    """That a mail asked, or reminded, of one evaluation. A mail that lists several has a row for each."""

    __tablename__ = "nudge"
    __table_args__ = (
        index("invitation_id", "at", name="ix_nudge_invitation_id"),
        index("mail_key", name="ix_nudge_mail_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"))
    step: Mapped[int]
    """0 for the invitation, 1 to 4 for a reminder."""
    at: Mapped[datetime]
    mail_key: Mapped[str] = mapped_column(String(120))
    is_manager_copied: Mapped[bool] = mapped_column(default=False)
    """Whether the line manager is told of it too, in the one mail a day that they get of all their staff."""


class OptOut(Base):
    """That someone wants no mails about evaluations. What they owe stays due, and can be answered."""

    __tablename__ = "evaluation_opt_out"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
