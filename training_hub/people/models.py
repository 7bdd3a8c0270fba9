"""Tables of the people and organisations that train and are trained."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from training_hub.access import Permission, Role, may
from training_hub.database import Base, index, words
from training_hub.wording import folded


class Sector(enum.Enum):
    """The kind of organisation that an agency is."""

    STATUTORY_PARTNER = "statutory partner"
    SCHOOL = "school"
    EARLY_YEARS = "early years"
    HEALTH = "health"
    VOLUNTARY = "voluntary"
    PRIVATE = "private"
    OUT_OF_AREA = "out of area"
    OTHER = "other"


class Board(Base):
    """A board that owns courses, such as the children's partnership."""

    __tablename__ = "board"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    is_default: Mapped[bool] = mapped_column(default=False)


class Agency(Base):
    """An organisation that people work for."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """The name in lower case, for comparison: "St Mary's School" and "st mary's school" are one agency."""
    sector: Mapped[Sector] = mapped_column(words(Sector))
    is_active: Mapped[bool] = mapped_column(default=True)

    @validates("name")
    def _name_given(self, _attribute: str, name: str) -> str:
        self.key = folded(name)
        return name


class Person(Base):
    """Someone with a work address. `agency` is where the person works now. Each booking keeps its own."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        index("name", "id", name="ix_person_name"),
        index("agency_id", name="ix_person_agency_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    job_role: Mapped[str] = mapped_column(String(200), default="")
    manager_name: Mapped[str] = mapped_column(String(200), default="")
    manager_email: Mapped[str] = mapped_column(String(254), default="")
    manager_named_at: Mapped[datetime | None]
    """When the person last changed their line manager. None if they never have, or did so before this was recorded."""
    registered_at: Mapped[datetime | None]
    """When the person's name, agency and job role were first complete."""
    entered_at: Mapped[datetime]
    is_active: Mapped[bool] = mapped_column(default=True)
    sign_in_version: Mapped[int] = mapped_column(default=1)
    """Rises when all sign-ins are ended. A sign-in with a lower number is no longer valid."""
    calendar_version: Mapped[int] = mapped_column(default=1)
    """Rises when the person asks for a new calendar address. The old address then shows nothing."""

    agency: Mapped[Agency | None] = relationship(lazy="joined")
    holdings: Mapped[list["RoleHolding"]] = relationship(
        back_populates="person", lazy="selectin", cascade="all, delete-orphan"
    )

    is_authenticated = True
    is_anonymous = False

    @property
    def is_registered(self) -> bool:
        """Whether the person's name, agency and job role have been given."""
        return self.registered_at is not None

    @property
    def roles(self) -> frozenset[Role]:
        """The person's roles. Everyone is a practitioner."""
        return frozenset({Role.PRACTITIONER, *(holding.role for holding in self.holdings)})

    def may(self, permission: Permission) -> bool:
        """Whether this person holds `permission` over anything."""
        return may(self, permission)

    def get_id(self) -> str:
        """The text that the session cookie stores: the person's id and the version of their sign-ins."""
        return f"{self.id}.{self.sign_in_version}"


class RoleHolding(Base):
    """One role held by one person."""

    __tablename__ = "role_holding"
    __table_args__ = (UniqueConstraint("person_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(words(Role))
    granted_at: Mapped[datetime]

    person: Mapped[Person] = relationship(back_populates="holdings")
