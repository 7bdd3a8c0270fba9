"""The table of the first answers to forms, which are kept for a day or two."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from training_hub.database import Base


class FormAnswer(Base):
    """The page to which a browser was sent after a form, and when. It does not store the person, or what was sent."""

    __tablename__ = "form_answer"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A hash of the one-time key, the page's address, and the browser that sent it."""
    sent: Mapped[str] = mapped_column(String(64))
    """A hash of what was sent, salted with the one-time key. The key is not stored, so nobody can guess the text."""
    location: Mapped[str] = mapped_column(Text)
    """The address of the page, which may be a signed link. The daily job deletes the row after one or two days."""
    answered_at: Mapped[datetime]
