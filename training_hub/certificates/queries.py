"""Read certificates, and find the bookings due one."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import contains_eager

from training_hub.access import Actor, Permission
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.booking import bookings_for
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.certificates.models import Certificate
from training_hub.certificates.rules import Standing, as_number, validity
from training_hub.database import db, fetch_all
from training_hub.evaluation.queries.invitations import certificate_waits, invitation_of, is_returned


def booking_for(actor: Actor, reference: str, permission: Permission) -> Booking | None:
    """The booking with this reference, if `actor` holds `permission` over it."""
    return db.session.scalar(bookings_for(actor, permission).where(Booking.reference == reference.upper()))


def certificate_of(booking_id: int) -> Certificate | None:
    """The certificate of a booking, while the register shows the course as completed."""
    return db.session.scalar(
        select(Certificate)
        .join(Booking, Certificate.booking_id == Booking.id)
        .where(Booking.id == booking_id, Booking.status == Status.COMPLETED)
    )


def certificate(certificate_id: int) -> Certificate | None:
    """One certificate, with its booking, person, course date and course."""
    return _one(Certificate.id == certificate_id)


def certificate_numbered(typed: str) -> Certificate | None:
    """The certificate with this number, ignoring case and dashes."""
    return _one(Certificate.number == as_number(typed))


def _one(condition: ColumnElement[bool]) -> Certificate | None:
    return db.session.scalar(
        select(Certificate)
        .join(Certificate.booking)
        .options(contains_eager(Certificate.booking).lazyload(Booking.agency))
        .where(condition)
    )


def is_evaluation_returned(booking: Booking) -> bool:
    """Whether the end-of-course evaluation of `booking` was returned."""
    invitation = invitation_of(booking.id)
    return invitation is not None and invitation.returned_at is not None


def owed(*, ended_after: datetime, now: datetime, limit: int) -> list[int]:
    """The ids of bookings due a certificate, of events that ended after `ended_after`, earliest first.

    Leaves out events entered after they ended. People who attended those must ask for a certificate.
    """
    recent = _owed(now).where(Event.ends_at > ended_after)
    return fetch_all(recent.order_by(Event.ends_at, Booking.id).limit(limit))


def is_owed(booking_id: int, *, now: datetime) -> bool:
    """Whether a booking is due a certificate and has none."""
    return db.session.scalar(_owed(now).where(Booking.id == booking_id)) is not None


def _owed(now: datetime) -> Select[int]:
    issued = exists().where(Certificate.booking_id == Booking.id)
    return (
        select(Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .where(
            Event.status == EventStatus.PUBLISHED,
            Event.ends_at <= now,
            Event.ends_at > Event.entered_at,
            Booking.status == Status.COMPLETED,
            or_(~certificate_waits(), is_returned()),
            ~issued,
        )
    )


def in_date_and_expired(person_id: int, *, now: datetime) -> tuple[int, int]:
    """How many of a person's certificates are valid, and how many are out of date."""
    rows = db.session.execute(
        select(Booking.status, Event.ends_at, Course.validity_months)
        .join(Certificate, Certificate.booking_id == Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .where(Booking.person_id == person_id)
    )
    standings = [validity(*row, now=now).standing for row in rows]
    return standings.count(Standing.VALID), standings.count(Standing.EXPIRED)
