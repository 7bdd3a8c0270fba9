"""Emails to line managers about requests for a place."""

from datetime import datetime

from training_hub.bookings.emails.queueing import link_to, name_of, queue_for
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.rules.approval import approval_version
from training_hub.london import next_working_moment
from training_hub.mail import outbox
from training_hub.mail.models import Urgency
from training_hub.mail.outbox import Envelope


def ask_manager(booking: Booking, *, now: datetime, again: bool = False) -> bool:
    """Queue the email that asks or reminds the manager to approve a request. Returns False if it was queued before."""
    # Each address is asked once. If the person names another manager, that manager is asked too.
    asked, reminded = _approval_keys(booking)
    # A manager who is named again is asked again, because the first email may have been dropped unsent.
    outbox.allow_again(asked)
    envelope = Envelope(
        key=reminded if again else asked,
        to=(booking.manager_name, booking.manager_email),
        urgency=Urgency.REMINDER if again else Urgency.CHANGE,
        leaves_at=next_working_moment(now) if again else None,
        expires_at=booking.decide_by,
    )
    first = booking.history[0].by
    return queue_for(
        "approval_reminder" if again else "approval_asked",
        booking,
        envelope,
        now=now,
        href=link_to("approve", "approve", booking, approval_version(booking.manager_email)),
        # A training lead or a colleague may have made the request for the person.
        arranged_by=name_of(first) if first is not None and first.id != booking.person_id else "",
    )


def ask_no_longer(booking: Booking) -> None:
    """Drop unsent emails to a line manager who no longer has to decide."""
    asked, reminded = _approval_keys(booking)
    outbox.take_back(reminded)
    outbox.drop(asked, reminded)


def _approval_keys(booking: Booking) -> tuple[str, str]:
    about, version = f"booking:{booking.reference}", approval_version(booking.manager_email)
    return f"{about}:approval:{version}", f"{about}:approval-reminder:{version}"
