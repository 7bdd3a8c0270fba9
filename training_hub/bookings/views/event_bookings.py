"""The page of everyone who is or was booked on one event."""

from flask import abort, render_template, request

from training_hub import clock
from training_hub.access import Permission, Scope, requires, scopes
from training_hub.bookings.queries import availability as availability_queries
from training_hub.bookings.queries.booking import sees_reasons
from training_hub.bookings.queries.event_bookings import bookings_at, mix_at
from training_hub.bookings.queries.events import event_within
from training_hub.bookings.queries.needs import needs_at
from training_hub.bookings.queries.reminders import missed_at
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.queries.waiting_list import list_in_hand
from training_hub.bookings.rules.availability import is_open
from training_hub.bookings.rules.wording import reason_of
from training_hub.bookings.views.blueprint import blueprint
from training_hub.people.asker import asker

SCARCE = 4
"""Places are scarce if at most one in this many is available."""


@blueprint.get("/manage/dates/<int:event_id>/bookings")
@requires(Permission.SEE_BOOKINGS)
def event_bookings(event_id: int) -> str:
    """Show who has a place, who waits and in which order, who no longer does either, and what people need."""
    asking, now = asker(), clock.now()
    event = event_within(event_id, asking, Permission.SEE_BOOKINGS) or abort(404)
    terms, places = terms_for(event), availability_queries.places(event)
    cap = terms.cap(now=now)
    # Only the training team sees how agencies share a date, and only if places are scarce or limited.
    is_scarce = bool(cap or places.reserved or places.waiting) or places.free * SCARCE <= places.capacity
    sees_mix = Scope.ALL in scopes(asking, Permission.SEE_BOOKINGS) and now < event.ends_at
    mix = mix_at(event) if sees_mix else []
    return render_template(
        "bookings/event_bookings.html",
        mix=mix if is_scarce else [],
        cap=cap,
        event=event,
        listed=bookings_at(event.id, asking),
        needs=needs_at(event.id, asking),
        missed=missed_at(event.id) if sees_reasons(asking) else {},
        now=now,
        is_open=is_open(event, terms, now=now),
        terms=terms,
        places=places,
        waiting_list=list_in_hand(event, terms, places, asking, now=now),
        picked=request.args.get("picked", ""),
        list_done=request.args.get("list", ""),
        sees_reasons=sees_reasons(asking),
        may_edit=asking.may(Permission.EDIT_CATALOGUE),
        can_call_off=asking.may(Permission.CALL_OFF_EVENTS) and event.is_published and now < event.starts_at,
        reason_of=reason_of,
        done=request.args.get("done", "") if event.is_called_off else "",
    )
