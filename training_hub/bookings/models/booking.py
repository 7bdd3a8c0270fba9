"""Tables of bookings and their history."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import FLAGS, OPEN, Flags, Status
from training_hub.catalogue.models import Event
from training_hub.database import Base, index, words
from training_hub.people.models import Agency, Person


class Booking(Base):
    """One person's claim on a place at one event."""

    __tablename__ = "booking"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    """The person's agency as at booking. Figures use this one, even if the person changes agency."""
    status: Mapped[Status] = mapped_column(words(Status))
    is_walk_in: Mapped[bool] = mapped_column(default=False)
    """Whether the person came without a booking. Walk-ins are counted separately, outside the capacity."""
    manager_name: Mapped[str] = mapped_column(String(200), default="")
    manager_email: Mapped[str] = mapped_column(String(254), default="")
    asked_at: Mapped[datetime]
    """When the person asked. The waiting list is in this order, and then by id."""
    confirmed_at: Mapped[datetime | None]
    """When the booking first became a place. No figure counts one that never did."""
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    """The booking that this one replaced, after a substitution, a transfer or a call-off."""
    is_held: Mapped[bool] = mapped_column(default=False)
    """Whether the request holds a place, by the policy when it was made."""
    decide_by: Mapped[datetime | None]
    """When a request lapses, or an offer runs out."""
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    """Rises each time that the place is removed from the person's calendar, or put back."""
    manager_asked_at: Mapped[datetime | None]
    """When the line manager who is to decide was asked."""
    manager_reminded_at: Mapped[datetime | None]
    """When this manager was reminded."""
    told_of_move_at: Mapped[datetime | None]
    """When the person was last told that the date has moved."""
    is_told: Mapped[bool] = mapped_column(default=True)
    """False if the person joined the list through their interest in the course, and has not been told yet."""
    asked_sequence: Mapped[int | None]
    """The event's `sequence` at the move that the person has not answered yet. None if there is nothing to answer."""

    event: Mapped[Event] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined")
    agency: Mapped[Agency] = relationship(lazy="joined")
    follows: Mapped["Booking | None"] = relationship(remote_side=[id], lazy="select")
    history: Mapped[list["BookingChange"]] = relationship(
        order_by="BookingChange.id", lazy="select", back_populates="booking"
    )

    @property
    def flags(self) -> Flags:
        """What the booking's status means for capacity and figures."""
        return FLAGS[self.status]

    @property
    def was_approved(self) -> bool:
        """Whether the booking was once an approved request, whatever happened later."""
        return any(
            row.was is Status.REQUESTED and row.became in {Status.CONFIRMED, Status.WAITING}
            for row in self.history
        )

    @property
    def is_arranged(self) -> bool:
        """Whether someone else asked for this booking, and the person has not accepted it yet.

        People accept by taking an offer, or by saying that they can still come.
        """
        if not self.history or self.history[0].by_id in {None, self.person_id}:
            return False
        return not any(
            row.was is Status.OFFERED or (row.was is Status.CONFIRMED and row.by_id == self.person_id)
            for row in self.history
            if row.became is Status.CONFIRMED
        )

    __table_args__ = (
        CheckConstraint("not is_walk_in or status != 'waiting'", name="walk_in_never_waits"),
        index("event_id", "status", "asked_at", "id", name="ix_booking_event_id_status"),
        # No index begins with the status. SQLite would use it, and read every completed booking first.
        index("person_id", "status", "event_id", name="ix_booking_person_id_status"),
        index("follows_id", name="ix_booking_follows_id"),
    )


index(
    Booking.person_id, Booking.event_id, name="uq_booking_open", unique=True, where=Booking.status.in_(OPEN)
)
# A small index, because only requests and offers have a deadline.
index(Booking.decide_by, name="ix_booking_decide_by", where=Booking.decide_by.is_not(None))
# The worker looks for these rows each minute, and there are rarely any.
index(Booking.asked_at, name="ix_booking_untold", where=~Booking.is_told)


class BookingChange(Base):
    """One change of one booking's status. Rows are only added, never changed."""

    __tablename__ = "booking_change"
    __table_args__ = (index("booking_id", name="ix_booking_change_booking_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    was: Mapped[Status | None] = mapped_column(words(Status))
    became: Mapped[Status] = mapped_column(words(Status))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who made the change. None for the system, and for imported history."""
    cause: Mapped[Cause | None] = mapped_column(words(Cause))
    """Why the hub changed the booking. Code uses this value. `rules/wording.py` has its words for pages."""
    why: Mapped[str] = mapped_column(String(500), default="")
    """The reason that the person who made the change wrote. Code only shows it."""

    by: Mapped[Person | None] = relationship(lazy="joined")
    # Add rows from this side, because adding to `history` would first load every row of it.
    booking: Mapped[Booking] = relationship(back_populates="history", lazy="select")

    @property
    def is_managers(self) -> bool:
        """Whether the line manager made this decision, through the link in their email."""
        decided = {Status.CONFIRMED, Status.WAITING, Status.DECLINED}
        return self.by_id is None and self.was is Status.REQUESTED and self.became in decided
