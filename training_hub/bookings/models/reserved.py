"""Places that agencies reserve without a name."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.catalogue.models import Event
from training_hub.database import Base, index
from training_hub.people.models import Agency


class ReservedPlace(Base):
    """One place that an agency reserves at an event for a person it has yet to name."""

    __tablename__ = "reserved_place"
    __table_args__ = (
        index("event_id", "ended_at", "agency_id", name="ix_reserved_place_event_id"),
        index("agency_id", "ended_at", name="ix_reserved_place_agency_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    reserved_at: Mapped[datetime]
    reserved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    """When the place was named, given back or released. Until then it is held. Emptied if the person declines."""
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who named someone for the place or gave it back. None if it was released."""
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    """The booking that the place became. None if it was given back or released."""

    event: Mapped[Event] = relationship(lazy="select")
    agency: Mapped[Agency] = relationship(lazy="select")
