"""Add, correct and close people and agencies, and give roles."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from training_hub.access import Permission, Role, may
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.people import queries
from training_hub.people.models import Agency, Person, RoleHolding, Sector
from training_hub.people.rules import (
    AddressTaken,
    AgencyTaken,
    check_agency_name,
    check_leads,
    check_manager,
    check_may_change_account,
    check_not_last,
    one_line,
    work_address,
)


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is known about a person. The fields are columns of `Person`."""

    email: str
    name: str
    agency: Agency | None = None
    job_role: str = ""
    manager_name: str = ""
    manager_email: str = ""


def is_stored(row: Person | Agency) -> bool:
    """Store `row` and give it its id. False if someone else stored the same address or name a moment earlier."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return False
    return True


def end_sign_ins(person: Person) -> None:
    """End every sign-in of `person`, on every device."""
    person.sign_in_version = Person.sign_in_version + 1


def renew_calendar_address(person: Person) -> None:
    """Give the calendar feed of `person` a new address. The old address then shows nothing."""
    person.calendar_version = Person.calendar_version + 1


def register(person: Person, details: Details, *, now: datetime) -> None:
    """Record what a person says about themselves. Earlier bookings keep the agency as at booking."""
    _record(person, _checked(details), now=now)
    if person.registered_at is None:
        person.registered_at = now


def name_manager(person: Person, *, name: str, email: str, now: datetime) -> None:
    """Record a person's line manager. Raises Refused for an address that is not valid, or their own."""
    email = work_address(email)
    check_manager(email, person.email)
    _put_manager(person, one_line(name), email, now=now)


def put_agency(person: Person, agency: Agency | None) -> None:
    """Set a person's agency, or none. A training lead who changes agency loses the role."""
    # The role ends, as otherwise a training lead could read any agency's bookings by naming it as their own.
    if agency is not person.agency:
        person.holdings = [holding for holding in person.holdings if holding.role is not Role.AGENCY_LEAD]
    person.agency = agency


def _put_manager(person: Person, name: str, email: str, *, now: datetime) -> None:
    if email != person.manager_email:
        person.manager_named_at = now
    person.manager_name, person.manager_email = name, email


def agency_named(name: str, sector: Sector = Sector.OTHER) -> Agency:
    """The agency with this name, which is added if it is new. Raises Refused for an agency no longer used."""
    name = one_line(name)
    check_agency_name(name)
    agency = queries.agency_by_name(name)
    if agency is None:
        added = Agency(name=name, sector=sector)
        # If two colleagues register at once, the second finds the agency that the first has added.
        agency = added if is_stored(added) else queries.agency_by_name(name)
    if agency is None or not agency.is_active:
        raise Refused(f"“{name}” is no longer in use. Choose the agency that took its place.")
    return agency


def add_person(
    details: Details, roles: Iterable[Role] = (), *, now: datetime, by: Person | None = None
) -> Person:
    """Add a person, who can then sign in with their address. `by` is None on the command line.

    A person entered without an agency or job role is asked for it at their first sign-in.
    Raises NotAnAddress, AddressTaken, and Refused if `by` may not give `roles`, or for a training lead of no agency.
    """
    details = _checked(details)
    roles = set(roles) - {Role.PRACTITIONER}
    if roles and by is not None and not may(by, Permission.GRANT_ROLES):
        raise Refused("Only an administrator can give roles.")
    check_leads(roles, details.agency)
    if not details.name or len(details.name) > 200:
        raise Refused("Give the person’s name, in 200 letters or fewer.")
    _check_free(details.email)
    is_complete = details.agency is not None and details.job_role != ""
    person = Person(**vars(details), entered_at=now, registered_at=now if is_complete else None)
    person.holdings = [
        RoleHolding(role=role, granted_at=now) for role in sorted(roles, key=lambda role: role.value)
    ]
    if not is_stored(person):
        _check_free(details.email)
    return person


def _checked(details: Details) -> Details:
    """The details as stored. Raises NotAnAddress, and Refused for a person named as their own manager."""
    email = work_address(details.email)
    manager_email = work_address(details.manager_email) if details.manager_email else ""
    check_manager(manager_email, email)
    return Details(
        email=email,
        name=one_line(details.name),
        agency=details.agency,
        job_role=one_line(details.job_role),
        manager_name=one_line(details.manager_name),
        manager_email=manager_email,
    )


def _record(person: Person, details: Details, *, now: datetime) -> None:
    person.name, person.email, person.job_role = details.name, details.email, details.job_role
    put_agency(person, details.agency)
    _put_manager(person, details.manager_name, details.manager_email, now=now)


def _check_free(email: str) -> None:
    other = queries.person_by_email(email)
    if other is not None:
        state = "" if other.is_active else " Their account is closed; open it again instead."
        raise AddressTaken(f"{other.name or 'Someone'} already has this email address.{state}")


def edit_person(person: Person, details: Details, *, is_active: bool, by: Person, now: datetime) -> None:
    """Correct a person's details. A new address, or a closed account, ends all their sign-ins.

    Raises AddressTaken, and Refused if `by` may not change this person's account.
    """
    details = _checked(details)
    if details.email != person.email or is_active != person.is_active:
        check_may_change_account(person, by)
        if details.email != person.email:
            _check_free(details.email)
        if not is_active and Role.ADMINISTRATOR in person.roles:
            check_not_last(queries.administrators(hold=True), person)
        end_sign_ins(person)
    person.is_active = is_active
    _record(person, details, now=now)


def change_roles(person: Person, roles: Iterable[Role], *, by: Person | None, now: datetime) -> None:
    """Give `person` exactly these roles. `by` is None on the command line, where every role can be given.

    Raises Refused if no administrator would be left, and for a training lead without an agency.
    """
    if by is not None and not may(by, Permission.GRANT_ROLES):
        raise Refused("Only an administrator can give roles.")
    wanted = set(roles) - {Role.PRACTITIONER}
    if Role.ADMINISTRATOR in person.roles and Role.ADMINISTRATOR not in wanted:
        check_not_last(queries.administrators(hold=True), person)
    check_leads(wanted, person.agency)
    kept = [holding for holding in person.holdings if holding.role in wanted]
    new = wanted - {holding.role for holding in kept}
    person.holdings = kept + [
        RoleHolding(role=role, granted_at=now) for role in sorted(new, key=lambda role: role.value)
    ]


def add_agency(name: str, sector: Sector) -> Agency:
    """Add an agency that people can choose. Raises AgencyTaken."""
    agency = Agency(name=_free_name(name, None), sector=sector)
    if not is_stored(agency):
        _free_name(name, None)
    return agency


def edit_agency(agency: Agency, *, name: str, sector: Sector, is_active: bool) -> None:
    """Change an agency's details. An agency no longer used cannot be chosen, but keeps its people and bookings."""
    agency.name, agency.sector, agency.is_active = _free_name(name, agency), sector, is_active


def _free_name(name: str, keeping: Agency | None) -> str:
    name = one_line(name)
    check_agency_name(name)
    other = queries.agency_by_name(name)
    if other is not None and other is not keeping:
        state = "" if other.is_active else ", which is no longer used. Open it again instead"
        raise AgencyTaken(f"There is an agency of this name already{state}")
    return name
