"""Tables of bookings and their history."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.bookings.models.status import FLAGS, OPEN, OUTCOME_OF, Flags, Status
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
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    """The booking that this one took the place of: a substitute's, a transfer's, or of a date that was called off."""
    is_held: Mapped[bool] = mapped_column(default=False)
    """Whether it holds a place while it is requested: the policy in force when it was."""
    decide_by: Mapped[datetime | None]
    """When a request lapses, or an offer runs out."""
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    """Rises each time the place is taken out of the person's calendar, and each time it is put back."""
    asked_sequence: Mapped[int | None]
    """The `sequence` of the event's move after which the person was asked whether they can still come; None where
    they were not asked, or have answered."""

    event: Mapped[Event] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined")
    agency: Mapped[Agency] = relationship(lazy="joined")
    follows: Mapped["Booking | None"] = relationship(remote_side=[id], lazy="select")
    history: Mapped[list["BookingChange"]] = relationship(
        order_by="BookingChange.id", lazy="select", back_populates="booking"
    )

    @property
    def flags(self) -> Flags:
        """What its status means to capacity and figures."""
        return FLAGS[self.status]

    @property
    def was_approved(self) -> bool:
        """Whether it was a request that has been approved, whatever became of it since."""
        return any(
            row.was is Status.REQUESTED and row.became in {Status.CONFIRMED, Status.WAITING}
            for row in self.history
        )

    @property
    def is_arranged(self) -> bool:
        """Whether somebody else asked for it, and its person has not made it theirs since: by taking the offer of a
        place, or by saying that they can still come."""
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
        # None begins with the status: SQLite would begin there, with everyone who ever completed anything.
        index("person_id", "status", "event_id", name="ix_booking_person_id_status"),
        index("follows_id", name="ix_booking_follows_id"),
    )


index(
    Booking.person_id, Booking.event_id, name="uq_booking_open", unique=True, where=Booking.status.in_(OPEN)
)
# Only what waits for an answer has such a moment: few, whatever lies behind.
index(Booking.decide_by, name="ix_booking_decide_by", where=Booking.decide_by.is_not(None))


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
    def is_managers(self) -> bool:
        """Whether the line manager decided it, who is no one's account: through the link in the mail."""
        decided = {Status.CONFIRMED, Status.WAITING, Status.DECLINED}
        return self.by_id is None and self.was is Status.REQUESTED and self.became in decided

    @property
    def sentence(self) -> str:
        """What happened, as one plain sentence without who or when."""
        if self.was is None and self.became is Status.WAITING and self.why == ASKED_TO_BE_TOLD:
            return "Put on the waiting list, as soon as this date could be booked."
        move = (self.was, self.became)
        if self.why == AGENCY_SHARE and move in SHARE_SENTENCES:
            return SHARE_SENTENCES[move]
        if move == (Status.CONFIRMED, Status.WITHDRAWN) and not self.booking.is_walk_in:
            return "The place was taken back, because the change that gave it was undone."
        return SENTENCES.get(move) or OUTCOME_OF[self.became].history


ASKED_TO_BE_TOLD = "Asked to be told when the course next runs"
"""Why somebody is on a waiting list who did not ask for this date, but for any."""
AGENCY_SHARE = "The agency has as many places as it can hold for now"
"""Why somebody waits although there is a place. It is said by the sentence, and not as a reason beside it."""
SHARE_SENTENCES: dict[tuple[Status | None, Status], str] = {
    (
        None,
        Status.WAITING,
    ): "Put on the waiting list, because the agency had as many places as it could hold then.",
    (
        Status.REQUESTED,
        Status.WAITING,
    ): "The request was approved. The agency had as many places as it could hold then, so it waits for one.",
}
CALLED_OFF = "The course date was called off."
CANNOT_COME = "Cannot come after the date was moved"
"""Why a place was given up by who was asked."""
SENTENCES: dict[tuple[Status | None, Status], str] = {
    (None, Status.REQUESTED): "A place was asked for, and the line manager was asked to approve it.",
    (None, Status.CONFIRMED): "The place was booked.",
    (None, Status.WAITING): "Put on the waiting list, because every place was taken.",
    (Status.REQUESTED, Status.CONFIRMED): "The request was approved, and the place is booked.",
    (
        Status.REQUESTED,
        Status.WAITING,
    ): "The request was approved. Every place was taken, so it waits for one.",
    (Status.REQUESTED, Status.DECLINED): "The request was not approved.",
    (Status.REQUESTED, Status.LAPSED): "The request ran out, because nobody decided in time.",
    (Status.REQUESTED, Status.WITHDRAWN): "The request was taken back.",
    (Status.REQUESTED, Status.EVENT_CANCELLED): CALLED_OFF,
    (Status.WAITING, Status.OFFERED): "A place became free and was offered.",
    (Status.WAITING, Status.CONFIRMED): "Moved from the waiting list to a place.",
    (Status.WAITING, Status.WITHDRAWN): "Left the waiting list.",
    (Status.WAITING, Status.EVENT_CANCELLED): CALLED_OFF,
    (Status.OFFERED, Status.CONFIRMED): "The offer was taken, and the place is booked.",
    (Status.OFFERED, Status.LAPSED): "The offer ran out, and the place went to the next person.",
    (Status.OFFERED, Status.WITHDRAWN): "The offer was refused.",
    (Status.OFFERED, Status.EVENT_CANCELLED): CALLED_OFF,
    (Status.CONFIRMED, Status.CONFIRMED): "Still coming, after the date was moved.",
    (Status.CONFIRMED, Status.CANCELLED): "The place was cancelled, with enough notice.",
    (Status.CONFIRMED, Status.CANCELLED_LATE): "The place was cancelled late.",
    (Status.CONFIRMED, Status.SUBSTITUTED): "The place was passed to a colleague.",
    (Status.CONFIRMED, Status.TRANSFERRED): "Moved to another date of the course.",
    (Status.CONFIRMED, Status.WITHDRAWN): "Taken off the register, where it was entered by mistake.",
    (Status.CONFIRMED, Status.EVENT_CANCELLED): CALLED_OFF,
    (Status.CANCELLED, Status.CONFIRMED): "The cancellation was undone, and the place is booked again.",
    (Status.CANCELLED_LATE, Status.CONFIRMED): "The cancellation was undone, and the place is booked again.",
    (Status.CANCELLED_LATE, Status.CANCELLED): "The late cancellation was excused: it counts as one in time.",
    (Status.SUBSTITUTED, Status.CONFIRMED): "The colleague gave the place back, and it is booked again.",
    (Status.TRANSFERRED, Status.CONFIRMED): "The transfer was undone, and the place is booked again.",
    (Status.WITHDRAWN, Status.WAITING): "Put back on the waiting list.",
    (Status.LAPSED, Status.WAITING): "Put back on the waiting list.",
    (Status.DECLINED, Status.WAITING): "Put on the waiting list after all.",
}
