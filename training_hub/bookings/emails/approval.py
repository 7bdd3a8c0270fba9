"""Emails to line managers about requests for a place."""

from datetime import datetime

from training_hub.bookings.emails.queueing import _name_of, link_to, queue_for
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.rules.approval import approval_reminder_key, approval_version
from training_hub.london import next_working_moment
from training_hub.mail import outbox
from training_hub.mail.models import Urgency


def ask_manager(booking: Booking, *, now: datetime, again: bool = False) -> bool:
    """Queue the mail that asks the line manager to approve a request, or reminds them; False where queued before."""
    # One address is asked once; whoever is named in its place is asked too.
    asked, reminded = _approval_keys(booking)
    # Whoever is named again after all may never have got the first mail: it was dropped if it had not left.
    outbox.allow_again(asked)
    first = booking.history[0].by
    return queue_for(
        "approval_reminder" if again else "approval_asked",
        booking,
        key=reminded if again else asked,
        now=now,
        to=(booking.manager_name, booking.manager_email),
        link=link_to("approve", "approve", booking, approval_version(booking)),
        carries_key=True,
        # A lead, or a colleague, may have asked in the person's name.
        arranged_by=_name_of(first) if first is not None and first.id != booking.person_id else "",
        urgency=Urgency.REMINDER if again else Urgency.CHANGE,
        leaves_at=next_working_moment(now) if again else None,
        expires_at=booking.decide_by,
    )


def ask_no_longer(booking: Booking) -> None:
    """Take back what has not left yet to a line manager in whose place another is asked, or who has nothing to decide
    any more."""
    asked, reminded = _approval_keys(booking)
    outbox.take_back(reminded)
    outbox.drop(asked, reminded)


def _approval_keys(booking: Booking) -> tuple[str, str]:
    version = approval_version(booking)
    return f"booking:{booking.reference}:approval:{version}", approval_reminder_key(
        booking.reference, version
    )
