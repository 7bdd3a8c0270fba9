"""One booking: what it is, how it came to be, and giving it up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, Scope, requires, scopes
from training_hub.bookings import actions, calendar, queries
from training_hub.bookings.forms import GiveUpForm, LeaveListForm, OnBehalfForm
from training_hub.bookings.models import AGENCY_SHARE, Booking, Status
from training_hub.bookings.rules import (
    UNDONE,
    AlreadyOver,
    Reminder,
    Terms,
    cancelled_status,
    is_asked,
    is_cancellable,
    is_excused,
    is_standing,
    is_still_mine,
    to_come_on,
    why_missed,
)
from training_hub.bookings.views.blueprint import asker, blueprint
from training_hub.people.models import Person
from training_hub.web.forms import render_form_page
from training_hub.web.pages import download


@blueprint.get("/bookings/<reference>")
@requires(Permission.SEE_BOOKINGS)
def booking(reference: str) -> str:
    """What was booked, what happens next, and its history."""
    asking, now = asker(), clock.now()
    found = _booking(reference, asking, Permission.SEE_BOOKINGS)
    event, own = found.event, found.person_id == asking.id
    terms = queries.terms_for(event)
    waits = found.status is Status.WAITING
    changes = queries.history_of(found, asking)
    return render_template(
        "bookings/booking.html",
        booking=found,
        event=event,
        own=own,
        # A training lead sees their own people alone, and not who else is at the date.
        sees_event=not own and queries.event_within(event.id, asking, Permission.SEE_BOOKINGS) is not None,
        now=now,
        done=_done(found),
        history=_history(changes, found, asking),
        was=changes[-1][0].was.value if changes and changes[-1][0].was else "",
        # Trainers see who comes, and not how to reach them or their manager.
        is_team=queries.sees_reasons(asking),
        missed=_missed(found, terms) if queries.sees_reasons(asking) else [],
        # Officers and trainers see needs where they act on them: with the event's bookings and on its register.
        needs=queries.needs_of(found, asking) if own else None,
        can_say_needs=own and queries.can_say_needs(found, now=now),
        position=queries.waiting_position(found) if waits and now < event.starts_at else None,
        can_cancel=is_cancellable(found.status, event, now=now)
        and (found.status not in {Status.REQUESTED, Status.OFFERED} or is_standing(found, now=now))
        and queries.is_within(found, asking, Permission.CANCEL_BOOKINGS),
        to_come={kind.value: to_come_on(kind, terms, now=now) for kind in Reminder},
        late_admission=terms.late_admission(event.sessions[0].ends_at),
        terms=terms,
        is_late=terms.is_late(now=now),
        stands=is_standing(found, now=now),
        can_take_for=not own and Scope.ALL in scopes(asking, Permission.CHANGE_BOOKINGS),
        can_decide=not own and asking.may(Permission.DECIDE_REQUESTS),
        is_excused=is_excused(found) and now < event.starts_at,
        is_asked=is_asked(found) and now < event.starts_at,
        can_change=is_still_mine(found, event, now=now)
        and queries.is_within(found, asking, Permission.CHANGE_BOOKINGS),
        changes=_changes(found, asking),
        **_instead(found, own=own, now=now),
    )


@blueprint.get("/bookings/<reference>.ics")
@requires(Permission.SEE_BOOKINGS)
def calendar_file(reference: str) -> Response:
    """The sessions of a booked place, to put into a calendar."""
    found = _booking(reference, asker(), Permission.SEE_BOOKINGS)
    if found.status is not Status.CONFIRMED:
        abort(404)
    return download(calendar.file(found, now=clock.now()), f"{reference}.ics", "text/calendar")


@blueprint.route("/bookings/<reference>/cancel", methods=["GET", "POST"])
@requires(Permission.CANCEL_BOOKINGS)
def cancel(reference: str) -> ResponseReturnValue:
    """Say what cancelling means, ask why, and cancel."""
    asking, now = asker(), clock.now()
    found = _booking(reference, asking, Permission.CANCEL_BOOKINGS)
    page = url_for("bookings.booking", reference=reference)
    own, waits = found.person_id == asking.id, found.status is not Status.CONFIRMED
    terms = queries.terms_for(found.event)
    try:
        becomes = cancelled_status(found.status, found.event, terms, now=now, is_excused=is_excused(found))
        form = (LeaveListForm if waits else GiveUpForm)() if own else OnBehalfForm()
        form.reason.label.text = _why(found.status, form.reason.label.text, own=own)
        if form.validate_on_submit() and form.told.data == becomes.value:
            shown = found.status
            actions.cancel(found, by=asking, now=now, reason=form.reason.data or "", expected=shown)
            return redirect(f"{page}?done=cancelled", 303)
    except AlreadyOver:
        # Pressed twice, or in another window: it is done, and the booking's page says so.
        return redirect(page, 303)
    changed = request.method == "POST" and not form.errors
    form.told.data = becomes.value
    facts = {"booking": found, "event": found.event, "own": own, "changed": changed, "terms": terms}
    facts["is_asked"] = is_asked(found)
    body, status = render_form_page("bookings/cancel.html", form, is_late=terms.is_late(now=now), **facts)
    return body, 409 if changed else status


def _why(status: Status, usual: str, *, own: bool) -> str:
    """What is asked of whoever ends a request or an offer, which are neither cancelled nor left."""
    asked = {
        (Status.REQUESTED, True): "Why do you take the request back?",
        (Status.OFFERED, True): "Why do you refuse the place?",
        (Status.REQUESTED, False): "Why is the request taken back?",
        (Status.OFFERED, False): "Why is the offer taken back?",
    }
    return asked.get((status, own), usual)


def _booking(reference: str, asking: Person, permission: Permission) -> Booking:
    found = queries.booking_at(reference, asking, permission)
    if found is None:
        abort(404)
    return found


def _done(found: Booking) -> str:
    """What has just been done, if it still is so: an address kept from then must not tell an old story."""
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


def _changes(found: Booking, asking: Person) -> dict[str, Any]:
    """Where it came from and where it went, as far as whoever asks may see, and whether that can be undone."""
    after = queries.successor(found)
    seen = {}
    for name, other in (("before", found.follows), ("after", after)):
        if other is not None and queries.is_within(other, asking, Permission.SEE_BOOKINGS):
            seen[name] = other
    can_undo = (
        bool(UNDONE.get(found.status)) and not found.is_walk_in and asking.may(Permission.UNDO_BOOKINGS)
    )
    return {**seen, "can_undo": can_undo}


def _missed(found: Booking, terms: Terms) -> list[tuple[str, datetime, str]]:
    """What the person was not sent before the course date, when that was clear, and why."""
    missed = queries.missed_by(found)
    moved_at = queries.told_of_move_at(found) if missed else None
    return [
        (
            kind.value,
            at,
            why_missed(kind, terms, missed_at=at, confirmed_at=found.confirmed_at, moved_at=moved_at),
        )
        for kind, at in missed
    ]


def _instead(found: Booking, *, own: bool, now: datetime) -> dict[str, bool]:
    """Whether the person of a date that was called off has another, and whether there is one to choose."""
    if not own or found.status is not Status.EVENT_CANCELLED:
        return {}
    taken = queries.taken_instead(found)
    return {
        "has_rebooked": taken is not None,
        "can_rebook": taken is None and bool(queries.open_dates(found.event, now=now)),
    }


def _history(changes: Sequence[Any], found: Booking, asking: Person) -> list[tuple[datetime, str, str]]:
    # Trainers see that a line manager decided, and not who that is.
    manager = found.manager_name if queries.sees_reasons(asking, found.person_id) else ""
    told = []
    for change, why, by_id, by_name in changes:
        sentence = f"{change.sentence} Reason: {why}" if why and why != AGENCY_SHARE else change.sentence
        who = by_name or ((manager or "the line manager") if change.is_managers else "")
        told.append((change.at, sentence, "you" if by_id == asking.id else who))
    return told
