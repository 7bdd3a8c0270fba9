"""The email that says that a certificate is ready."""

from datetime import datetime

from flask import current_app

from training_hub.access import link_token
from training_hub.bookings.models.booking import Booking
from training_hub.certificates.models import Certificate
from training_hub.evaluation.queries.invitations import is_certificate_waiting
from training_hub.mail.outbox import Envelope, queue


def tell(certificate: Certificate, booking: Booking, *, now: datetime) -> None:
    """Queue the email to the person, with a link that opens the certificate without signing in."""
    # Not url_for: the worker queues this email too, and has no request to take the address from.
    base_url, token = current_app.config["SETTINGS"].base_url, link_token("certificate", certificate.id)
    facts = {
        "course": booking.event.course,
        "event": booking.event,
        "certificate": certificate,
        "released": certificate.released_by_id is not None,
        "has_answered": is_certificate_waiting(booking.event),
        "href": f"{base_url}/certificate/{token}.pdf",
    }
    envelope = Envelope(f"certificate:{booking.reference}:ready", (booking.person.name, booking.person.email))
    queue("certificate_ready", facts, envelope, now=now)
