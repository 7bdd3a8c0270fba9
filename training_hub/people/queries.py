"""Questions about people, agencies and sign-ins."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, false, func, or_, select
from sqlalchemy.orm import joinedload

from training_hub.access import Actor, Permission, Role, within
from training_hub.database import db
from training_hub.people.models import Agency, Person, RoleHolding, SignInAttempt, SignInCode, agency_key
from training_hub.people.rules import LIMITS, DeadLink, TooOften, one_line

PAGE = 50

Row = TypeVar("Row")


@dataclass(frozen=True)
class PageOf(Generic[Row]):
    """One page of a list, and how much there is of it."""

    rows: list[Row]
    number: int
    pages: int
    total: int


def person_by_email(email: str) -> Person | None:
    """Whoever is known by this address, in any case of its letters."""
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


# Put together once, since every page of everyone who is signed in asks it, and with the roles in the same query.
_SIGNED_IN = (
    select(Person)
    .where(Person.id == bindparam("id"), Person.sign_in_version == bindparam("version"), Person.is_active)
    .options(joinedload(Person.holdings))
)


def signed_in_person(session_id: str) -> Person | None:
    """Whose sign-in this is, if it still counts: not ended since, and the account not closed."""
    number, _, version = session_id.partition(".")
    if not (number.isascii() and number.isdigit() and version.isascii() and version.isdigit()):
        return None
    if len(number) > 18 or len(version) > 9:
        return None
    found = db.session.scalars(_SIGNED_IN, {"id": int(number), "version": int(version)})
    return found.unique().one_or_none()


def person_of_calendar(person_id: int, version: int) -> Person | None:
    """Whose calendar is at the address with this number and version; None once it is renewed, or the account closed."""
    return db.session.scalar(
        select(Person).where(
            Person.id == person_id, Person.calendar_version == version, Person.is_active.is_(True)
        )
    )


def person_within(person_id: int, actor: Actor) -> Person | None:
    """The person with this id, if `actor` may edit people."""
    if person_id >= 2**31:
        return None
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
    """The people whom `actor` may edit, by name, 50 to a page; `closed` lists closed accounts instead of open ones.

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
    return _page(found, page, Person.name, Person.id)


def agencies(
    actor: Actor, *, search: str = "", closed: bool = False, page: int = 1
) -> PageOf[tuple[Agency, int]]:
    """The agencies that `actor` may edit, by name, each with how many people with an open account work for it."""
    kept = [Agency.is_active.is_(not closed), *(_has(Agency.name, word) for word in _words(search))]
    found = within(select(Agency).where(*kept), actor, Permission.EDIT_PEOPLE)
    listed = _page(found, page, Agency.key, Agency.id)
    ids = [agency.id for agency in listed.rows]
    counted = {
        row[0]: int(row[1])
        for row in db.session.execute(
            select(Person.agency_id, func.count(Person.id))
            .where(Person.agency_id.in_(ids), Person.is_active)
            .group_by(Person.agency_id)
        )
    }
    rows = [(agency, counted.get(agency.id, 0)) for agency in listed.rows]
    return PageOf(rows, listed.number, listed.pages, listed.total)


def agency_within(agency_id: int, actor: Actor) -> Agency | None:
    """The agency with this id, if `actor` may edit agencies."""
    if agency_id >= 2**31:
        return None
    return db.session.scalar(
        within(select(Agency).where(Agency.id == agency_id), actor, Permission.EDIT_PEOPLE)
    )


def agency_by_name(name: str) -> Agency | None:
    """The agency of this name; case and repeated spaces do not matter."""
    return db.session.scalar(select(Agency).where(Agency.key == agency_key(name)))


def agency_choices(keeping: int | None = None) -> dict[int, str]:
    """The agencies that somebody can choose, id and name, by name; `keeping` is among them even if no longer used."""
    usable = Agency.is_active | (Agency.id == keeping if keeping is not None else false())
    rows = db.session.execute(select(Agency.id, Agency.name).where(usable).order_by(Agency.key, Agency.id))
    return {row[0]: row[1] for row in rows}


def administrators(*, hold: bool = False) -> list[int]:
    """The ids of those with an open account who can give roles; with `hold`, nobody else changes them meanwhile."""
    found = (
        select(Person.id)
        .join(RoleHolding, RoleHolding.person_id == Person.id)
        .where(RoleHolding.role == Role.ADMINISTRATOR, Person.is_active)
        .order_by(Person.id)
    )
    return list(db.session.scalars(found.with_for_update() if hold else found))


def newest_code(email: str) -> SignInCode | None:
    """The newest code sent to `email`. Only this one can be good: a newer one supersedes all before it."""
    return db.session.scalar(
        select(SignInCode).where(SignInCode.email == email).order_by(SignInCode.id.desc()).limit(1)
    )


def good_link(link_hash: str, *, now: datetime) -> SignInCode:
    """The code whose link has this hash. Raises DeadLink where it can no longer be used, and says why."""
    code = db.session.scalar(select(SignInCode).where(SignInCode.link_hash == link_hash))
    if code is None:
        raise DeadLink("This link is not one of ours, or a part of it is missing.")
    if code.used_at is not None:
        raise DeadLink("This link has been used. Each link works once.")
    newest = newest_code(code.email)
    if newest is not None and newest.id != code.id:
        raise DeadLink("We have sent a newer link since. Only the one in the newest email works.")
    if now >= code.expires_at:
        raise DeadLink("This link has run out. Links work for ten minutes.")
    return code


def was_sent(email: str, code_hash: str) -> bool:
    """Whether this code is among the last ten sent to `email`, good or not."""
    last = (
        select(SignInCode.code_hash).where(SignInCode.email == email).order_by(SignInCode.id.desc()).limit(10)
    )
    return code_hash in db.session.scalars(last).all()


def check_limits(kind: str, *, email: str, network: str, now: datetime) -> None:
    """Raises TooOften, with the time to wait, where this address or network has asked or tried too often."""
    column = {"email": SignInAttempt.email, "network": SignInAttempt.network}
    value = {"email": email, "network": network}
    for limit in LIMITS:
        if limit.kind != kind:
            continue
        # The attempt that must grow old before there is room for another.
        in_the_way = db.session.scalar(
            select(SignInAttempt.at)
            .where(
                SignInAttempt.kind == kind,
                column[limit.counts] == value[limit.counts],
                SignInAttempt.at > now - limit.within,
            )
            .order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc())
            .offset(limit.most - 1)
            .limit(1)
        )
        if in_the_way is not None:
            raise TooOften(limit.sentence, max(in_the_way + limit.within - now, timedelta(seconds=1)))


def _words(search: str) -> list[str]:
    return one_line(search).lower().split()[:6]


def _has(column: Any, word: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.lower(column).contains(word, autoescape=True)
    return found


def _page(found: Select[Row], page: int, *order: Any) -> PageOf[Row]:
    total = int(db.session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0)
    pages = max(1, -(-total // PAGE))
    number = min(max(page, 1), pages)
    rows = db.session.scalars(found.order_by(*order).limit(PAGE).offset((number - 1) * PAGE))
    return PageOf(list(rows), number, pages, total)
