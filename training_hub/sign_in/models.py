"""Codes that were sent."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from training_hub.database import Base, index


class SignInCode(Base):
    """A six-digit code and its link, for one address. Both work once, for ten minutes, unless a newer code is sent."""

    __tablename__ = "sign_in_code"
    __table_args__ = (index("email", "id", name="ix_sign_in_code_email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    code_hash: Mapped[str] = mapped_column(String(64))
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When the code or its link was used."""
    tries: Mapped[int] = mapped_column(default=0)
    next_page: Mapped[str] = mapped_column(String(500), default="")
