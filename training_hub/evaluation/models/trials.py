"""Two wordings of a reminder that are compared."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from training_hub.database import Base, index


class WordingTrial(Base):
    """A comparison of two wordings of one reminder. Who gets which is drawn by lot, once for each person."""

    __tablename__ = "wording_trial"

    id: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[int]
    """Which mail it is about: 0 for the invitation, 1 to 4 for a reminder."""
    wording_a: Mapped[str] = mapped_column(String(300))
    wording_b: Mapped[str] = mapped_column(String(300))
    """The first sentence of the mail."""
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


index(WordingTrial.step, name="uq_wording_trial_running", unique=True, where=WordingTrial.ended_at.is_(None))
