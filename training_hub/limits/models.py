"""One row for each try."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from training_hub.database import Base, index


class SignInAttempt(Base):
    """One request for a code, one try at a code, one form sent in a room, or one address named for a place of somebody
    else's agency, counted to limit them. Of the last, the address is that of whoever named it, and not the one named.

    Of what is done in a room no address is kept: who has answered, and when, is nobody's to read here.
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
