"""The page of one course date."""

from flask import abort, render_template
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, public
from training_hub.bookings.queries.availability import room_for
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.availability import Offer, is_open, offer_of
from training_hub.bookings.rules.eligibility import in_words
from training_hub.catalogue.models import EventStatus
from training_hub.catalogue.queries import event_with_sessions
from training_hub.pages.queries import programme
from training_hub.pages.views.blueprint import blueprint, own_agency

ELSEWHERE = frozenset({Offer.CALLED_OFF, Offer.OVER, Offer.STARTED, Offer.CLOSED, Offer.FULL, Offer.WAITING})
"""Where the other dates of the course are what a person needs next."""
BOOKABLE = frozenset({Offer.FREE, Offer.FULL, Offer.WAITING})
OTHER_DATES = 6


@blueprint.get("/dates/<int:event_id>")
@public
def date(event_id: int) -> str:
    """Everything that is needed to decide about one course date, and the one thing to do about it."""
    now = clock.now()
    event = event_with_sessions(event_id) or abort(404)
    signed_in = current_user.is_authenticated
    may_edit = signed_in and current_user.may(Permission.EDIT_CATALOGUE)
    own = programme.own_states(current_user.id, [event.id]).get(event.id) if signed_in else None
    is_shown = event.status is not EventStatus.DRAFT and (event.course.is_listed or own is not None)
    if not is_shown and not may_edit:
        abort(404)
    terms, agency_id = terms_for(event), own_agency()
    room = room_for(event, terms, agency_id, now=now)
    offer = offer_of(event, terms, room, own[1] if own else None, now=now)
    return render_template(
        "pages/date.html",
        event=event,
        course=event.course,
        sessions=event.sessions,
        places=room.places,
        room=room,
        offer=offer.name,
        reference=own[0] if own else "",
        terms=terms,
        # While it is limited, and somebody can still book.
        cap=terms.cap(now=now) if offer in BOOKABLE else None,
        books_for_others=signed_in
        and current_user.may(Permission.BOOK_FOR_OTHERS)
        and is_open(event, terms, now=now),
        open_to=in_words(terms.policies.sectors),
        is_late=terms.is_late(now=now),
        may_edit=may_edit,
        others=programme.dates_of(
            event.course_id, now=now, agency_id=agency_id, but=event.id, limit=OTHER_DATES
        )
        if offer in ELSEWHERE
        else [],
    )
