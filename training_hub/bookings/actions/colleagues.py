"""Find or enter the colleague that someone names for a place."""

from collections.abc import Iterable
from datetime import datetime

from training_hub.access import Permission, Scope, scopes
from training_hub.bookings.actions.changes import new_booking
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.queries.colleagues import not_of_agency
from training_hub.bookings.rules.colleagues import is_colleague, is_of
from training_hub.catalogue.models import Event
from training_hub.database import begin_write, db, transaction
from training_hub.errors import Refused
from training_hub.limits import queries
from training_hub.limits.models import SignInAttempt
from training_hub.limits.rules import NAME
from training_hub.people import queries as people
from training_hub.people.actions import Details, add_person
from training_hub.people.models import Agency, Person
from training_hub.people.rules import AddressTaken, one_line


class NotAColleague(Refused):
    """The place cannot go to this person."""


def colleague(
    name: str, email: str, agency: Agency, *, now: datetime, manager_name: str = "", manager_email: str = ""
) -> Person:
    """The person with this address, if they belong to `agency` or to none. New people are added to it.

    Records a manager only for new people. Existing people set their own manager and agency. Raises
    NotAColleague for everyone else, always with the same sentence, because where people work is private.
    """
    person = people.person_by_email(email)
    if person is None:
        try:
            details = Details(
                email=email,
                name=name,
                agency=agency,
                manager_name=manager_name,
                manager_email=manager_email,
            )
            return add_person(details, now=now)
        except AddressTaken:
            # Someone else added this person a moment ago.
            person = people.person_by_email(email)
    if person is None or not is_colleague(person, agency):
        raise NotAColleague(
            f"The place can only pass to someone at {agency.name}. If they work there, ask the training team."
        )
    if not person.name:
        person.name = one_line(name)
    return person


def count_naming(emails: Iterable[str], agency: Agency, *, by: Person, now: datetime) -> None:
    """Count the addresses outside `agency` that `by` names, so that nobody can find accounts by trying.

    Call this before writing anything. No limit for the training team, who can see everyone. Raises TooOften.
    """
    if Scope.ALL in scopes(by, Permission.BOOK_FOR_OTHERS):
        return
    others, known = not_of_agency(emails, agency)
    if others:
        count_named(by, known, now=now)
        # `count_named` ended this request's transaction.
        begin_write()


def booking_for(
    person: Person,
    event: Event,
    agency: Agency,
    *,
    now: datetime,
    manager_name: str = "",
    manager_email: str = "",
    follows: Booking | None = None,
) -> Booking:
    """A new booking that someone else makes for `person`, with the line manager they named.

    Leaves out the stored manager of a person without an agency, as the booker may work somewhere else.
    """
    booking = new_booking(person, event, agency, now=now, follows=follows)
    if manager_email or not is_of(person, agency):
        booking.manager_name, booking.manager_email = manager_name, manager_email
    return booking


def count_named(asking: Person, known: int, *, now: datetime) -> None:
    """Count addresses of other agencies that `asking` named. `known` of them have accounts. Raises TooOften.

    Uses its own transaction. Addresses without an account are refused in the same way, as otherwise a refusal
    would show who has one.
    """
    with transaction():
        # Locked, so that lists sent at the same moment are counted one by one.
        db.session.refresh(asking, with_for_update={"of": Person})
        queries.check_limits(NAME, email=asking.email, network="", now=now)
        db.session.add_all(
            SignInAttempt(kind=NAME, email=asking.email, network="", at=now) for _ in range(known)
        )
