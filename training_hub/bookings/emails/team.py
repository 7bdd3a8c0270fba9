"""What officers and agencies are told of a course date: too few people, a room half empty, places without a name."""

from datetime import datetime
from typing import Any

from training_hub.bookings import queries
from training_hub.bookings.emails.queueing import queue_about
from training_hub.bookings.models import Booking
from training_hub.bookings.rules import Terms
from training_hub.catalogue.models import Event
from training_hub.london import london_date
from training_hub.mail.models import Urgency
from training_hub.people.models import Agency, Person


def few_key(event_id: int, terms: Terms, officer_id: int) -> str:
    """The key of what an officer is told of a date with too few people, such as "few:7:2025-06-05:3": once a day that
    it is moved to."""
    return f"few:{event_id}:{terms.starts_on.isoformat()}:{officer_id}"


def alert_few(
    event: Event,
    officer: Person,
    terms: Terms,
    people: int,
    places: queries.Places,
    *,
    now: datetime,
    leaves_at: datetime,
) -> bool:
    """Queue the mail that tells an officer that too few people have a place; False where told before."""
    return _tell_officer(
        "few_booked",
        officer,
        event,
        terms,
        places,
        key=few_key(event.id, terms, officer.id),
        now=now,
        urgency=Urgency.REMINDER,
        leaves_at=leaves_at,
        people=people,
        least=terms.least(event.capacity),
    )


def alert_late(event: Event, officer: Person, terms: Terms, places: queries.Places, *, now: datetime) -> bool:
    """Queue the mail that tells an officer of a late cancellation that leaves a room half empty; False where they were
    told of one at this event today."""
    key = f"half-empty:{event.id}:{london_date(now).isoformat()}:{officer.id}"
    return _tell_officer("half_empty", officer, event, terms, places, key=key, now=now)


def _tell_officer(
    template: str,
    officer: Person,
    event: Event,
    terms: Terms,
    places: queries.Places,
    *,
    key: str,
    now: datetime,
    urgency: Urgency = Urgency.CHANGE,
    leaves_at: datetime | None = None,
    **facts: Any,
) -> bool:
    return queue_about(
        event,
        template,
        (officer.name, officer.email),
        terms,
        key=key,
        now=now,
        urgency=urgency,
        leaves_at=leaves_at,
        # There is nothing left to do about it once the course has started.
        expires_at=event.starts_at,
        places=places,
        is_open=now < terms.bookings_close_at,
        **facts,
    )


def tell_released(
    person: Person, event: Event, agency: Agency, number: int, *, last: int, now: datetime
) -> bool:
    """Queue the mail that tells an agency that the places it kept are free again; `last` names what was released."""
    key = f"reserved:{event.id}:{agency.id}:{person.id}:released:{last}"
    return _queue_reserved("reserved_released", person, event, agency, number, key=key, now=now)


def tell_reserved_again(person: Person, booking: Booking, agency: Agency, *, now: datetime) -> bool:
    """Queue the mail that tells an agency that a place it had named somebody for is without a name again; False where
    told before."""
    key = f"reserved:{booking.event_id}:{agency.id}:{person.id}:back:{booking.reference}"
    name = booking.person.name or booking.person.email
    return _queue_reserved("reserved_back", person, booking.event, agency, 1, key=key, now=now, who=name)


def tell_not_coming(booking: Booking, teller: Person, *, now: datetime) -> bool:
    """Queue the mail that tells whoever passed a place on that the colleague, whose `booking` it became, does not take
    it; False where told before."""
    event = booking.event
    return queue_about(
        event,
        "colleague_not_coming",
        (teller.name, teller.email),
        queries.terms_for(event),
        key=f"booking:{booking.reference}:not-taken",
        now=now,
        expires_at=event.starts_at,
    )


def remind_of_reserved(
    person: Person,
    event: Event,
    agency: Agency,
    number: int,
    *,
    now: datetime,
    leaves_at: datetime,
    expires_at: datetime,
) -> bool:
    """Queue the mail that says that places without a name are soon released; False where it was queued before."""
    key = f"reserved:{event.id}:{agency.id}:{person.id}:soon:{expires_at:%Y-%m-%d}"
    return _queue_reserved(
        "reserved_soon",
        person,
        event,
        agency,
        number,
        key=key,
        now=now,
        urgency=Urgency.REMINDER,
        leaves_at=leaves_at,
        # Once they are released there is nobody left to name.
        expires_at=expires_at,
    )


def _queue_reserved(
    template: str,
    person: Person,
    event: Event,
    agency: Agency,
    number: int,
    *,
    key: str,
    now: datetime,
    **how: Any,
) -> bool:
    to, terms = (person.name, person.email), queries.terms_for(event)
    return queue_about(event, template, to, terms, key=key, now=now, agency=agency, number=number, **how)
