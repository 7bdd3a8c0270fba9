"""The page of one booking."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import render_template, request

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.booking import history_of, sees_reasons
from training_hub.bookings.queries.booking_page import booking_page
from training_hub.bookings.rules.moved import is_asked
from training_hub.bookings.rules.wording import sentence_of
from training_hub.bookings.views.blueprint import blueprint, find_booking
from training_hub.people.asker import asker
from training_hub.people.models import Person


@blueprint.get("/bookings/<reference>")
@requires(Permission.SEE_BOOKINGS)
def booking(reference: str) -> str:
    """What was booked, what happens next, and its history."""
    asking = asker()
    found = find_booking(reference, Permission.SEE_BOOKINGS)
    changes = history_of(found, asking)
    return render_template(
        "bookings/booking.html",
        **booking_page(found, asking, now=clock.now()),
        done=_done(found),
        history=_history(changes, found, asking),
        was=changes[-1][0].was.value if changes and changes[-1][0].was else "",
    )


def _done(found: Booking) -> str:
    """What the person has just done, if it is still true when someone opens the address again later."""
    done = request.args.get("done", "")
    true_of = {
        "booked": found.status is Status.CONFIRMED,
        "waiting": found.status is Status.WAITING,
        "full": found.status is Status.WAITING,
        "cancelled": found.status in {Status.CANCELLED, Status.CANCELLED_LATE, Status.WITHDRAWN},
        "requested": found.status is Status.REQUESTED,
        "coming": found.status is Status.CONFIRMED and not is_asked(found),
        "passed": found.status is Status.SUBSTITUTED,
    }
    return done if true_of.get(done, False) else ""


def _history(changes: Sequence[Any], found: Booking, asking: Person) -> list[tuple[datetime, str, str]]:
    # Trainers see that a line manager decided, but not the manager's name.
    manager = found.manager_name if sees_reasons(asking, found.person_id) else ""
    told = []
    for change, why, by_id, by_name in changes:
        sentence = f"{sentence_of(change)} Reason: {why}" if why else sentence_of(change)
        who = by_name or ((manager or "the line manager") if change.is_managers else "")
        told.append((change.at, sentence, "you" if by_id == asking.id else who))
    return told
