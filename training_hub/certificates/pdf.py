"""The certificate as a PDF."""

from training_hub.catalogue.models import Event
from training_hub.certificates.models import Certificate
from training_hub.certificates.rules import valid_until
from training_hub.paper import certificate as paper
from training_hub.wording import short_date


def draw(certificate: Certificate, *, partnership: str, verify_url: str) -> bytes:
    """Draw one page with the number and the address to check it. Equal arguments give equal bytes."""
    booking = certificate.booking
    course, event = booking.event.course, booking.event
    until = valid_until(event.ends_at, course.validity_months)
    award = paper.Award(
        partnership=partnership,
        name=certificate.name,
        course=course.title,
        dates=days(event),
        hours=course.length,
        outcomes=course.outcome_list,
        number=certificate.number,
        issued=f"on {short_date(certificate.issued_at)}",
        valid_until=short_date(until) if until else "",
        verify_url=verify_url,
        made_at=certificate.issued_at,
    )
    return paper.certificate(award)


def days(event: Event) -> str:
    """The dates of an event: "6 May 2025" or "6 May 2025 to 7 May 2025"."""
    first, last = short_date(event.starts_at), short_date(event.ends_at)
    return first if first == last else f"{first} to {last}"
