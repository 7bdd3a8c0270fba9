"""The page of one course date."""

from flask import abort, render_template
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, public
from training_hub.bookings.queries.availability import availability_at
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.availability import State, is_open
from training_hub.bookings.rules.eligibility import in_words
from training_hub.catalogue.models import EventStatus
from training_hub.catalogue.queries import event_with_sessions
from training_hub.pages.queries import programme
from training_hub.pages.views.blueprint import blueprint, own_agency

ELSEWHERE = frozenset({State.CALLED_OFF, State.OVER, State.STARTED, State.CLOSED, State.FULL, State.WAITING})
"""States in which the page shows other dates of the course."""
COUNTED = frozenset({State.FREE, State.FULL, State.WAITING})
"""States in which the page shows how many places are left."""
OTHER_DATES = 6


@blueprint.get("/dates/<int:event_id>")
@public
def date(event_id: int) -> str:
    """One course date, and the one action that its reader can take."""
    now = clock.now()
    event = event_with_sessions(event_id) or abort(404)
    signed_in = current_user.is_authenticated
    may_edit = signed_in and current_user.may(Permission.EDIT_CATALOGUE)
    own = programme.own_states(current_user.id, [event.id]).get(event.id) if signed_in else None
    is_shown = event.status is not EventStatus.DRAFT and (event.course.is_listed or own is not None)
    if not is_shown and not may_edit:
        abort(404)
    reference, status = own or ("", None)
    terms, agency_id = terms_for(event), own_agency()
    here = availability_at(event, terms, agency_id, now=now, own=status)
    return render_template(
        "pages/date.html",
        event=event,
        course=event.course,
        sessions=event.sessions,
        here=here,
        state=here.state.name,
        is_counted=here.state in COUNTED,
        reference=reference,
        terms=terms,
        cap=here.cap if here.state in COUNTED else None,
        books_for_others=signed_in
        and current_user.may(Permission.BOOK_FOR_OTHERS)
        and is_open(event, terms, now=now),
        open_to=in_words(terms.policies.sectors),
        is_late=terms.is_late(now=now),
        may_edit=may_edit,
        others=programme.dates_of(
            event.course_id, now=now, agency_id=agency_id, but=event.id, limit=OTHER_DATES
        )
        if here.state in ELSEWHERE
        else [],
    )
