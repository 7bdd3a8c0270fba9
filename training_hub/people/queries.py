"""Questions about people, agencies and sign-ins."""

from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select

from training_hub.access import Actor, Permission, Role, within
from training_hub.database import PageOf, db, fetch_all, page_of
from training_hub.people.models import Agency, Person, RoleHolding
from training_hub.people.rules import one_line
from training_hub.wording import folded

PAGE = 50


def person_by_email(email: str) -> Person | None:
    """The person with this address, in upper or lower case."""
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def person_of_calendar(person_id: int, version: int) -> Person | None:
    """The person whose calendar has this number and version. None if it was renewed, or the account closed."""
    return db.session.scalar(
        select(Person).where(
            Person.id == person_id, Person.calendar_version == version, Person.is_active.is_(True)
        )
    )


def person_within(person_id: int, actor: Actor) -> Person | None:
    """The person with this id, if `actor` may edit people."""
    return db.session.scalar(
        within(select(Person).where(Person.id == person_id), actor, Permission.EDIT_PEOPLE)
    )


def people(
    actor: Actor,
    *,
    search: str = "",
    role: Role | None = None,
    agency_id: int | None = None,
    closed: bool = False,
    page: int = 1,
) -> PageOf[Person]:
    """The people that `actor` may edit, by name, 50 to a page; `closed` lists closed accounts instead of open ones.

    Every word of `search` must be somewhere in the name, the address or the agency's name.
    """
    kept: list[ColumnElement[bool]] = [Person.is_active.is_(not closed)]
    for word in _words(search):
        kept.append(
            or_(
                _has(Person.name, word),
                _has(Person.email, word),
                Person.agency_id.in_(select(Agency.id).where(_has(Agency.name, word))),
            )
        )
    if role is not None:
        kept.append(Person.id.in_(select(RoleHolding.person_id).where(RoleHolding.role == role)))
    if agency_id is not None:
        kept.append(Person.agency_id == agency_id)
    found = within(select(Person).where(*kept), actor, Permission.EDIT_PEOPLE)
    listed = page_of(found.order_by(Person.name, Person.id), page, size=PAGE, key=Person.id)
    return listed.holding([row[0] for row in listed.rows])


def agencies(
    actor: Actor, *, search: str = "", closed: bool = False, page: int = 1
) -> PageOf[tuple[Agency, int]]:
    """The agencies that `actor` may edit, by name, each with how many people with an open account work for it."""
    kept = [Agency.is_active.is_(not closed), *(_has(Agency.name, word) for word in _words(search))]
    found = within(select(Agency).where(*kept), actor, Permission.EDIT_PEOPLE)
    listed = page_of(found.order_by(Agency.key, Agency.id), page, size=PAGE, key=Agency.id)
    agencies = [row[0] for row in listed.rows]
    ids = [agency.id for agency in agencies]
    counted = {
        row[0]: int(row[1])
        for row in db.session.execute(
            select(Person.agency_id, func.count(Person.id))
            .where(Person.agency_id.in_(ids), Person.is_active)
            .group_by(Person.agency_id)
        )
    }
    return listed.holding([(agency, counted.get(agency.id, 0)) for agency in agencies])


def agency_within(agency_id: int, actor: Actor) -> Agency | None:
    """The agency with this id, if `actor` may edit agencies."""
    return db.session.scalar(
        within(select(Agency).where(Agency.id == agency_id), actor, Permission.EDIT_PEOPLE)
    )


def agency_by_name(name: str) -> Agency | None:
    """The agency of this name, ignoring case and repeated spaces."""
    return db.session.scalar(select(Agency).where(Agency.key == folded(name)))


def agency_choices(keeping: int | None = None) -> dict[int, str]:
    """Id and name of the agencies that people can choose, by name, and of `keeping`, even if it is no longer used."""
    usable = Agency.is_active | (Agency.id == keeping if keeping is not None else false())
    rows = db.session.execute(select(Agency.id, Agency.name).where(usable).order_by(Agency.key, Agency.id))
    return {row[0]: row[1] for row in rows}


def administrators(*, hold: bool = False) -> list[int]:
    """The ids of people with an open account who can give roles. `hold` locks them until the transaction ends."""
    found = (
        select(Person.id)
        .join(RoleHolding, RoleHolding.person_id == Person.id)
        .where(RoleHolding.role == Role.ADMINISTRATOR, Person.is_active)
        .order_by(Person.id)
    )
    return fetch_all(found.with_for_update() if hold else found)


def _words(search: str) -> list[str]:
    return one_line(search).lower().split()[:6]


def _has(column: Any, word: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.lower(column).contains(word, autoescape=True)
    return found
