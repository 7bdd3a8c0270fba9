"""The table of certificates."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.bookings.models.booking import Booking
from training_hub.database import Base


class Certificate(Base):
    """One certificate, for one booking. It is valid only while its booking is completed."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    """The person's name when the certificate was issued. Later changes of name do not affect it."""
    number: Mapped[str] = mapped_column(String(20), unique=True)
    """A random number, so that nobody can guess the number of a certificate."""
    issued_at: Mapped[datetime]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The officer who released the certificate without the evaluation."""
    released_why: Mapped[str] = mapped_column(String(500), default="")

    booking: Mapped[Booking] = relationship(lazy="select")
