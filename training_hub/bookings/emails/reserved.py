"""Emails to training leads about their agency's reserved places."""

from datetime import datetime

from training_hub.bookings.emails.queueing import queue_about
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.reserved import released_at
from training_hub.catalogue.models import Event
from training_hub.london import next_working_moment
from training_hub.mail.models import Urgency
from training_hub.mail.outbox import Envelope
from training_hub.people.models import Agency, Person


def reserved_key(event: Event, agency: Agency, person: Person) -> str:
    """The prefix of the keys of all emails to this person about these reserved places, such as "reserved:7:2:31"."""
    return f"reserved:{event.id}:{agency.id}:{person.id}"


def tell_released(
    person: Person, event: Event, agency: Agency, number: int, *, last: int, now: datetime
) -> bool:
    """Queue the email that says that anyone can now book the reserved places. Returns False if it was queued before.

    `last` is the id of the last place released.
    """
    envelope = Envelope(f"{reserved_key(event, agency, person)}:released:{last}", (person.name, person.email))
    return queue_about("reserved_released", event, envelope, now=now, agency=agency, number=number)


def remind_of_reserved(person: Person, event: Event, agency: Agency, number: int, *, now: datetime) -> bool:
    """Queue the reminder that places without a name are released soon. Returns False if it was queued before."""
    terms = terms_for(event)
    # The reminder is of no use once the places are released.
    expires_at = released_at(terms)
    envelope = Envelope(
        f"{reserved_key(event, agency, person)}:soon:{expires_at:%Y-%m-%d}",
        (person.name, person.email),
        urgency=Urgency.REMINDER,
        leaves_at=next_working_moment(now),
        expires_at=expires_at,
    )
    return queue_about("reserved_soon", event, envelope, now=now, terms=terms, agency=agency, number=number)
