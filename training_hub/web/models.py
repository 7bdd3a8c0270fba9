"""The table of the first answer to each form, stored for a day or two."""

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
    """A hash of what was sent. It is salted with the one-time key, which is stored nowhere, so it cannot be guessed."""
    location: Mapped[str] = mapped_column(Text)
    """The address of that page, which may be a signed link. The daily job deletes it after a day, two at most."""
    answered_at: Mapped[datetime]
