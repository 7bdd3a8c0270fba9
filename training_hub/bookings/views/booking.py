"""One booking: what it is, how it came to be, and giving it up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import abort, render_template, request

from training_hub import clock
from training_hub.access import Permission, Scope, requires, scopes
from training_hub.bookings.models.booking import AGENCY_SHARE, Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries import booking as booking_queries
from training_hub.bookings.queries import events as events_queries
from training_hub.bookings.queries import needs as needs_queries
from training_hub.bookings.queries import reminders as reminders_queries
from training_hub.bookings.queries import terms as terms_queries
from training_hub.bookings.queries import waiting_list as waiting_list_queries
from training_hub.bookings.rules.cancel import is_cancellable
from training_hub.bookings.rules.claims import is_standing, is_still_mine
from training_hub.bookings.rules.moved import is_asked, is_excused
from training_hub.bookings.rules.moves import UNDONE
from training_hub.bookings.rules.reminders import Reminder, to_come_on, why_missed
from training_hub.bookings.rules.terms import Terms
from training_hub.bookings.views.blueprint import asker, blueprint
from training_hub.people.models import Person


@blueprint.get("/bookings/<reference>")
@requires(Permission.SEE_BOOKINGS)
def booking(reference: str) -> str:
    """What was booked, what happens next, and its history."""
    asking, now = asker(), clock.now()
    found = _booking(reference, asking, Permission.SEE_BOOKINGS)
    event, own = found.event, found.person_id == asking.id
    terms = terms_queries.terms_for(event)
    waits = found.status is Status.WAITING
    changes = booking_queries.history_of(found, asking)
    return render_template(
        "bookings/booking.html",
        booking=found,
        event=event,
        own=own,
        # A training lead sees their own people alone, and not who else is at the date.
        sees_event=not own
        and events_queries.event_within(event.id, asking, Permission.SEE_BOOKINGS) is not None,
        now=now,
        done=_done(found),
        history=_history(changes, found, asking),
        was=changes[-1][0].was.value if changes and changes[-1][0].was else "",
        # Trainers see who comes, and not how to reach them or their manager.
        is_team=booking_queries.sees_reasons(asking),
        missed=_missed(found, terms) if booking_queries.sees_reasons(asking) else [],
        # Officers and trainers see needs where they act on them: with the event's bookings and on its register.
        needs=needs_queries.needs_of(found, asking) if own else None,
        can_say_needs=own and needs_queries.can_say_needs(found, now=now),
        position=waiting_list_queries.waiting_position(found) if waits and now < event.starts_at else None,
        can_cancel=is_cancellable(found.status, event, now=now)
        and (found.status not in {Status.REQUESTED, Status.OFFERED} or is_standing(found, now=now))
        and booking_queries.is_within(found, asking, Permission.CANCEL_BOOKINGS),
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
        and booking_queries.is_within(found, asking, Permission.CHANGE_BOOKINGS),
        changes=_changes(found, asking),
        **_instead(found, own=own, now=now),
    )


def _booking(reference: str, asking: Person, permission: Permission) -> Booking:
    found = booking_queries.booking_at(reference, asking, permission)
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
    after = booking_queries.successor(found)
    seen = {}
    for name, other in (("before", found.follows), ("after", after)):
        if other is not None and booking_queries.is_within(other, asking, Permission.SEE_BOOKINGS):
            seen[name] = other
    can_undo = (
        bool(UNDONE.get(found.status)) and not found.is_walk_in and asking.may(Permission.UNDO_BOOKINGS)
    )
    return {**seen, "can_undo": can_undo}


def _missed(found: Booking, terms: Terms) -> list[tuple[str, datetime, str]]:
    """What the person was not sent before the course date, when that was clear, and why."""
    missed = reminders_queries.missed_by(found)
    moved_at = reminders_queries.told_of_move_at(found) if missed else None
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
    taken = booking_queries.taken_instead(found)
    return {
        "has_rebooked": taken is not None,
        "can_rebook": taken is None and bool(events_queries.open_dates(found.event, now=now)),
    }


def _history(changes: Sequence[Any], found: Booking, asking: Person) -> list[tuple[datetime, str, str]]:
    # Trainers see that a line manager decided, and not who that is.
    manager = found.manager_name if booking_queries.sees_reasons(asking, found.person_id) else ""
    told = []
    for change, why, by_id, by_name in changes:
        sentence = f"{change.sentence} Reason: {why}" if why and why != AGENCY_SHARE else change.sentence
        who = by_name or ((manager or "the line manager") if change.is_managers else "")
        told.append((change.at, sentence, "you" if by_id == asking.id else who))
    return told
