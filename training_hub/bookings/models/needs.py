"""What people need to take part, kept apart from their bookings."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from training_hub.database import Base


class BookingNeeds(Base):
    """What someone needs to take part. In a table of its own, because it is special category data.

    Seen by hub officers, the event's trainers and the person. Never put into an email, an export or a log.
    Deleted 14 days after the event.
    """

    __tablename__ = "booking_needs"

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True)
    access: Mapped[str] = mapped_column(Text, default="")
    dietary: Mapped[str] = mapped_column(Text, default="")
