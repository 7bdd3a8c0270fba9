"""Issue, release and import certificates."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import insert, select

from training_hub.bookings.models.booking import Booking
from training_hub.certificates import emails, queries
from training_hub.certificates.models import Certificate
from training_hub.certificates.rules import check_completed, check_evaluated, new_number
from training_hub.database import db, each_in_turn
from training_hub.errors import Refused
from training_hub.evaluation.actions.invitations import stop_reminding
from training_hub.evaluation.queries.invitations import is_certificate_waiting
from training_hub.evaluation.rules.invitations import EVER, JUST_OVER, is_chased
from training_hub.people.models import Person

MOST_AT_ONCE = 1000
"""The most certificates that one run issues. The run a minute later issues the rest."""


def issue(booking: Booking, *, now: datetime) -> Certificate:
    """Issue the certificate of a completed booking, or return the existing one.

    The person gets an email, unless the course had ended before it was entered. Raises NotCompleted or NotEvaluated.
    """
    # Locked until the transaction ends, so two requests at once make one certificate.
    db.session.refresh(booking, with_for_update={"of": Booking})
    check_completed(booking, now=now)
    existing = queries.certificate_of(booking.id)
    if existing is not None:
        return existing
    check_evaluated(
        is_needed=is_certificate_waiting(booking.event), is_returned=queries.is_evaluation_returned(booking)
    )
    return _make(booking, now=now)


def release(booking: Booking, *, by: Person, now: datetime, reason: str) -> Certificate:
    """Issue a certificate without the evaluation, and keep the reason.

    The evaluation stays due, without reminders. Raises NotCompleted if the course was not completed, and Refused
    without a reason or if there is already a certificate.
    """
    if not reason.strip():
        raise Refused("Say why the certificate is given without the evaluation.")
    db.session.refresh(booking, with_for_update={"of": Booking})
    check_completed(booking, now=now)
    if queries.certificate_of(booking.id) is not None:
        raise Refused("This booking already has a certificate.")
    if booking.event.course.is_evaluated:
        # Reminders say that the certificate waits for the evaluation.
        stop_reminding(booking, now=now)
    return _make(booking, now=now, released_by_id=by.id, released_why=reason.strip()[:500])


def _make(
    booking: Booking, *, now: datetime, released_by_id: int | None = None, released_why: str = ""
) -> Certificate:
    certificate = Certificate(
        booking=booking,
        name=booking.person.name,
        number=new_number(),
        issued_at=now,
        released_by_id=released_by_id,
        released_why=released_why,
    )
    db.session.add(certificate)
    # The link in the email needs the certificate's id.
    db.session.flush()
    if is_chased(booking.event):
        emails.tell(certificate, booking, now=now)
    return certificate


def issue_due(*, now: datetime) -> int:
    """Issue the certificates that are due for events of the last weeks. Returns how many.

    The worker runs this each minute, and `issue_late` each day for older events.
    """
    return _issue_all(ended_after=now - JUST_OVER, now=now)


def issue_late(*, now: datetime) -> int:
    """Issue the certificates that are due for events of any age. Returns how many."""
    return _issue_all(ended_after=EVER, now=now)


def _issue_all(*, ended_after: datetime, now: datetime) -> int:
    found = queries.owed(ended_after=ended_after, now=now, limit=MOST_AT_ONCE)
    return each_in_turn(found, partial(_issue_owed, now=now))


def _issue_owed(booking_id: int, *, now: datetime) -> int:
    # If another transaction has locked the booking, it issues the certificate.
    booking = db.session.scalar(
        select(Booking).where(Booking.id == booking_id).with_for_update(of=Booking, skip_locked=True)
    )
    # Check again, now that the booking is locked.
    if booking is None or not queries.is_owed(booking_id, now=now):
        return 0
    _make(booking, now=now)
    return 1


def bring_in(booking_ids: Sequence[int], *, at: datetime) -> None:
    """Store a certificate for each of these bookings, issued at `at`, in bulk. Sends no email."""
    if booking_ids:
        known = select(Booking.id, Person.name).join(Person, Booking.person_id == Person.id)
        named = db.session.execute(known.where(Booking.id.in_(booking_ids)))
        names = {row[0]: row[1] for row in named}
        db.session.execute(
            insert(Certificate.__table__),  # type: ignore[arg-type]
            [
                {
                    "booking_id": booking_id,
                    "name": names[booking_id],
                    "number": new_number(),
                    "issued_at": at,
                    "released_by_id": None,
                    "released_why": "",
                }
                for booking_id in booking_ids
            ],
        )
