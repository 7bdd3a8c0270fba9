"""Finding the colleague whom somebody names for a place, or entering them as one."""

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
from training_hub.people.actions import add_person
from training_hub.people.models import Agency, Person
from training_hub.people.rules import AddressTaken, one_line


class NotAColleague(Refused):
    """The place cannot go to this person."""


def colleague(
    name: str, email: str, agency: Agency, *, now: datetime, manager_name: str = "", manager_email: str = ""
) -> Person:
    """Whoever has this address, if they are of `agency` or of none yet; somebody new is entered as one of its people.

    The manager is recorded of somebody new alone: of others, it is theirs to say; and so is the agency of who has none,
    who may not be known to whoever names them. Raises NotAColleague, with one
    sentence for everybody who is not: who works where is nobody else's business.
    """
    person = people.person_by_email(email)
    if person is None:
        try:
            return add_person(
                email, name, agency=agency, now=now, manager_name=manager_name, manager_email=manager_email
            )
        except AddressTaken:
            # Somebody was a moment faster, for whichever agency.
            person = people.person_by_email(email)
    if person is None or not is_colleague(person, agency):
        raise NotAColleague(
            f"The place can only pass to someone at {agency.name}. Ask the training team if they work there."
        )
    if not person.name:
        person.name = one_line(name)
    return person


def count_naming(emails: Iterable[str], agency: Agency, *, by: Person, now: datetime) -> None:
    """Count the addresses that `by` names for places of `agency` and that are not of its people, before anybody is told
    what becomes of them: whether somebody has an account elsewhere is not to be found out by trying.

    To be called before anything is written. The training team, who see everybody, are not limited. Raises TooOften.
    """
    if Scope.ALL in scopes(by, Permission.BOOK_FOR_OTHERS):
        return
    others, known = not_of_agency(emails, agency)
    if others:
        count_named(by, known, now=now)
        # That ended the transaction of this request.
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
    """A new booking of `person` for `agency`, made by somebody else, with the line manager whom they named.

    Whom somebody without an agency gave as their manager is not told to one that they may not belong to.
    """
    booking = new_booking(person, event, agency, now=now, follows=follows)
    if manager_email or not is_of(person, agency):
        booking.manager_name, booking.manager_email = manager_name, manager_email
    return booking


def count_named(asking: Person, known: int, *, now: datetime) -> None:
    """Count that `asking` has named addresses for a place that are not of their agency's people, so many of which are
    `known`; in a transaction of its own, before anybody is told what becomes of them.

    Refused alike is whoever names only such as nobody has: or the refusal itself would tell the one from the other.
    Raises TooOften.
    """
    with transaction():
        # Held: of lists sent at once each is counted before the next is looked at.
        db.session.refresh(asking, with_for_update={"of": Person})
        queries.check_limits(NAME, email=asking.email, network="", now=now)
        db.session.add_all(
            SignInAttempt(kind=NAME, email=asking.email, network="", at=now) for _ in range(known)
        )
