"""Who is asked for an evaluation, and how it was returned."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.bookings.models.booking import Booking
from training_hub.database import Base, index, words
from training_hub.questionnaires.models import Questionnaire, Stage


class Channel(enum.Enum):
    """How people reached the form that they returned."""

    CLASSROOM = "in the room"
    INVITATION = "first mail"
    REMINDER_1 = "reminder 1"
    REMINDER_2 = "reminder 2"
    REMINDER_3 = "reminder 3"
    REMINDER_4 = "reminder 4"
    CERTIFICATE = "certificate page"
    SIGNED_IN = "signed in"


BY_EMAIL = (
    Channel.INVITATION,
    Channel.REMINDER_1,
    Channel.REMINDER_2,
    Channel.REMINDER_3,
    Channel.REMINDER_4,
)
"""The channel of each email, by its reminder number."""


class Invitation(Base):
    """One evaluation asked about one booking, and whether it was returned; never what was said."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("booking_id", "stage"),
        # Each minute looks for people to remind, among everyone who was ever asked.
        index("returned_at", "next_reminder", "due_at", name="ix_invitation_next_reminder"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    stage: Mapped[Stage] = mapped_column(words(Stage))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"))
    due_at: Mapped[datetime]
    """When it fell due: the moment from which the reminders count."""
    returned_at: Mapped[datetime | None]
    """When it was returned. For an anonymous form only the day, as midnight in London."""
    returned_by: Mapped[Channel | None] = mapped_column(words(Channel))
    """None if that is not known (imported returns), or must not be (anonymous forms)."""
    is_imported: Mapped[bool] = mapped_column(default=False)
    """An imported return has no answers: it counts as returned, and is outside every result's n (domain 4.6)."""
    link_version: Mapped[int] = mapped_column(default=1)
    """Rises when the link is replaced: older links no longer open the form."""
    next_reminder: Mapped[int] = mapped_column(default=1)
    """The number of the next mail: 0 is the invitation, 1 to 4 are reminders. It moves on once a mail has left.
    `NO_MORE` after the last one, and for dates entered after they ended; `STOPPED` where mails were stopped."""
    copied_in: Mapped[str | None] = mapped_column(String(120))
    """The key of the mail that tells the line manager that the form is missing. None if they will not be told. Empty if
    the last reminder says that they will, but the mail is not written yet."""

    booking: Mapped[Booking] = relationship(lazy="select")
    questionnaire: Mapped[Questionnaire] = relationship(lazy="select")


# Each minute looks among these few only.
index(Invitation.copied_in, name="ix_invitation_copied_in", where=Invitation.copied_in.is_not(None))
