"""The table of invitations: who is asked for an evaluation, and how the form was returned."""

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
    """A request to evaluate one booking, and whether the form was returned. Answers are never kept here."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("booking_id", "stage"),
        # The job that runs every minute uses this to find people to remind among everyone ever asked.
        index("returned_at", "next_reminder", "due_at", name="ix_invitation_next_reminder"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    stage: Mapped[Stage] = mapped_column(words(Stage))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"))
    due_at: Mapped[datetime]
    """When the evaluation fell due. Reminder dates are worked out from this moment."""
    returned_at: Mapped[datetime | None]
    """When the form was returned. For an anonymous form only the day, as midnight in London."""
    returned_by: Mapped[Channel | None] = mapped_column(words(Channel))
    """None if the channel is unknown (imported returns) or must not be known (anonymous forms)."""
    is_imported: Mapped[bool] = mapped_column(default=False)
    """Imported returns may lack answers. They count as returned, but not as responses in any result."""
    link_version: Mapped[int] = mapped_column(default=1)
    """Goes up by one when the link is replaced. Older links no longer open the form."""
    next_reminder: Mapped[int] = mapped_column(default=1)
    """The number of the next mail: 0 for the invitation, 1 to 4 for reminders. It goes up once a mail was sent. It is
    `NO_MORE` after the last mail, and for dates entered after they ended. It is `STOPPED` if the mails were stopped."""
    copied_in: Mapped[str | None] = mapped_column(String(120))
    """The key of the mail that tells the line manager that the form is missing. None if the manager is not to be told.
    Empty if the last reminder has announced that mail, but it is not queued yet."""

    booking: Mapped[Booking] = relationship(lazy="select")
    questionnaire: Mapped[Questionnaire] = relationship(lazy="select")


# Lets the job that runs every minute read only the few rows with a mail to a line manager.
index(Invitation.copied_in, name="ix_invitation_copied_in", where=Invitation.copied_in.is_not(None))
