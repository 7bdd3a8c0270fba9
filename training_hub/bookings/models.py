"""Tables of bookings, their history, and what people need to take part."""

import enum
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.catalogue.models import Event
from training_hub.database import Base, index, words
from training_hub.people.models import Agency, Person


class Status(enum.Enum):
    """Where a booking stands (domain 3)."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    PARTIAL = "partial"
    DID_NOT_ATTEND = "did not attend"
    CANCELLED = "cancelled"
    CANCELLED_LATE = "cancelled late"
    EVENT_CANCELLED = "event cancelled"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Flags:
    """What a status means to capacity and to the figures, which read these and never a status's name."""

    is_open: bool = False
    """One person has at most one such booking for an event."""
    holds_place: bool = False
    in_room: bool = False
    """They were there, wholly or in part."""
    is_outcome: bool = False
    """What became of the place has been recorded on the register."""


FLAGS: dict[Status, Flags] = {
    Status.WAITING: Flags(is_open=True),
    Status.CONFIRMED: Flags(is_open=True, holds_place=True),
    Status.COMPLETED: Flags(is_open=True, holds_place=True, in_room=True, is_outcome=True),
    Status.PARTIAL: Flags(is_open=True, holds_place=True, in_room=True, is_outcome=True),
    Status.DID_NOT_ATTEND: Flags(is_open=True, holds_place=True, is_outcome=True),
    Status.CANCELLED: Flags(),
    Status.CANCELLED_LATE: Flags(),
    Status.EVENT_CANCELLED: Flags(),
    Status.WITHDRAWN: Flags(),
}

OPEN = [status for status, flags in FLAGS.items() if flags.is_open]
HOLDS_PLACE = [status for status, flags in FLAGS.items() if flags.holds_place]
IN_ROOM = [status for status, flags in FLAGS.items() if flags.in_room]


class Booking(Base):
    """One person's claim on a place at one event."""

    __tablename__ = "booking"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    """The person's agency as at booking; figures go by it whatever changes later."""
    status: Mapped[Status] = mapped_column(words(Status))
    is_walk_in: Mapped[bool] = mapped_column(default=False)
    """They came without a booking: outside capacity, counted apart (domain 4.3)."""
    manager_name: Mapped[str] = mapped_column(String(200), default="")
    manager_email: Mapped[str] = mapped_column(String(254), default="")
    asked_at: Mapped[datetime]
    """When it was asked for; the waiting list is in this order, and then by id."""
    confirmed_at: Mapped[datetime | None]
    """When it first became a place. A booking never confirmed is in no figure (domain 4.1)."""

    event: Mapped[Event] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined")
    agency: Mapped[Agency] = relationship(lazy="joined")
    history: Mapped[list["BookingChange"]] = relationship(
        order_by="BookingChange.id", lazy="select", back_populates="booking"
    )

    @property
    def flags(self) -> Flags:
        """What its status means to capacity and figures."""
        return FLAGS[self.status]

    __table_args__ = (
        CheckConstraint("not is_walk_in or status != 'waiting'", name="walk_in_never_waits"),
        index("event_id", "status", "asked_at", "id", name="ix_booking_event_id_status"),
        index("person_id", "event_id", name="ix_booking_person_id_event_id"),
        index("status", "event_id", name="ix_booking_status_event_id"),
    )


index(
    Booking.person_id, Booking.event_id, name="uq_booking_open", unique=True, where=Booking.status.in_(OPEN)
)


class BookingChange(Base):
    """One change of one booking's status. Rows are added and never altered."""

    __tablename__ = "booking_change"
    __table_args__ = (index("booking_id", name="ix_booking_change_booking_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    was: Mapped[Status | None] = mapped_column(words(Status))
    became: Mapped[Status] = mapped_column(words(Status))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who made the change; None where the system did, or history was brought in."""
    why: Mapped[str] = mapped_column(String(500), default="")

    by: Mapped[Person | None] = relationship(lazy="joined")
    # Rows are added by this side: adding to `history` would first read all that stands in it.
    booking: Mapped[Booking] = relationship(back_populates="history", lazy="select")

    @property
    def sentence(self) -> str:
        """What happened, as one plain sentence without who or when."""
        return SENTENCES.get((self.was, self.became)) or OUTCOME_SENTENCES[self.became]


SENTENCES: dict[tuple[Status | None, Status], str] = {
    (None, Status.CONFIRMED): "The place was booked.",
    (None, Status.WAITING): "Put on the waiting list, because every place was taken.",
    (Status.WAITING, Status.CONFIRMED): "Moved from the waiting list to a place.",
    (Status.WAITING, Status.WITHDRAWN): "Left the waiting list.",
    (Status.CONFIRMED, Status.CANCELLED): "The place was cancelled, with enough notice.",
    (Status.CONFIRMED, Status.CANCELLED_LATE): "The place was cancelled late.",
    (Status.CONFIRMED, Status.WITHDRAWN): "Taken off the register, where it was entered by mistake.",
    (Status.CONFIRMED, Status.EVENT_CANCELLED): "The course date was called off.",
    (Status.WAITING, Status.EVENT_CANCELLED): "The course date was called off.",
}
OUTCOME_SENTENCES: dict[Status, str] = {
    Status.COMPLETED: "The register says that the course was completed.",
    Status.PARTIAL: "The register says that part of the course was attended.",
    Status.DID_NOT_ATTEND: "The register says that the course was not attended.",
    Status.CONFIRMED: "What the register said was taken back.",
}


class BookingNeeds(Base):
    """What someone needs to take part: special category data, in a table of its own.

    Seen by hub officers, that event's trainers and the person; in no mail, export or log; deleted 14 days after
    the event (domain 5, 7).
    """

    __tablename__ = "booking_needs"

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True)
    access: Mapped[str] = mapped_column(Text, default="")
    dietary: Mapped[str] = mapped_column(Text, default="")
