"""One row for each try."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from training_hub.database import Base, index


class SignInAttempt(Base):
    """One try at something limited: asking for or entering a code, a classroom form, or naming someone's address.

    When someone names an address of another agency, the row has the address of the person who named it.

    For a classroom, the row has no address, so that nobody can read here who answered and when.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        index("kind", "email", "at", name="ix_sign_in_attempt_email"),
        index("kind", "network", "at", name="ix_sign_in_attempt_network"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    email: Mapped[str] = mapped_column(String(254))
    network: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
