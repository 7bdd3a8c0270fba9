"""Tables of who is asked: invitations, what was sent about them, and what came back by which way."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.bookings.models.booking import Booking
from training_hub.database import Base, index, words
from training_hub.questionnaires.models import Questionnaire, Stage


class Channel(enum.Enum):
    """By which way an evaluation came back."""

    ROOM = "in the room"
    INVITATION = "first mail"
    REMINDER_1 = "reminder 1"
    REMINDER_2 = "reminder 2"
    REMINDER_3 = "reminder 3"
    REMINDER_4 = "reminder 4"
    CERTIFICATE = "certificate page"
    SIGNED_IN = "signed in"


class Invitation(Base):
    """One evaluation asked about one booking: whether it is back, and never what was said."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("booking_id", "stage"),
        # Who is to be reminded is looked for each minute, among everyone who was ever asked.
        index("returned_at", "rung", "due_at", name="ix_invitation_returned_at_rung"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    stage: Mapped[Stage] = mapped_column(words(Stage))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"))
    due_at: Mapped[datetime]
    """When it fell due: the moment from which the reminders count."""
    returned_at: Mapped[datetime | None]
    """When it came back; of an anonymous form the day alone, as its first moment in London."""
    returned_by: Mapped[Channel | None] = mapped_column(words(Channel))
    """By which way; None where that is not known, as for what was brought in, or must not be, as for an anonymous
    form."""
    is_imported: Mapped[bool] = mapped_column(default=False)
    """Its return was brought in from elsewhere and has no answers: outside every result's n (domain 4.6)."""
    link_version: Mapped[int] = mapped_column(default=1)
    """Rises when the link is replaced: a mail that carries an older one no longer opens the form."""
    rung: Mapped[int] = mapped_column(default=1)
    """How far up the ladder of reminders it has come: 0 before the invitation, 1 once invited, n + 1 after reminder n,
    `rules.TOP` when no more will follow, as for what had ended before it was entered, and `rules.STOPPED` where none
    is to."""
    copied_in: Mapped[str | None] = mapped_column(String(120))
    """The key of the mail in which the line manager is told that it is missing; empty until that is written, and None
    where they are not to be told."""

    booking: Mapped[Booking] = relationship(lazy="select")
    questionnaire: Mapped[Questionnaire] = relationship(lazy="select")


# Few are ever told of: each minute looks among them alone.
index(Invitation.copied_in, name="ix_invitation_copied_in", where=Invitation.copied_in.is_not(None))
