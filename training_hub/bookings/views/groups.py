"""Book several of an agency's people at once: type the list, check it, book it."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.actions.colleagues import count_naming
from training_hub.bookings.actions.groups import NotAsTold, book_group, plan_group
from training_hub.bookings.forms import GroupForm
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.agency import booked_here
from training_hub.bookings.queries.availability import places
from training_hub.bookings.queries.events import bookable_event
from training_hub.bookings.queries.reserved import reserved_places
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.availability import NotOpen, check_open
from training_hub.bookings.rules.eligibility import in_words
from training_hub.bookings.rules.group_list import MOST_LINES, BadList, Entry, read_list
from training_hub.bookings.rules.groups import LEFT_OUT, Line, LineResult, promised
from training_hub.bookings.views.agency import acting_for, chooses_agency
from training_hub.bookings.views.blueprint import blueprint
from training_hub.bookings.views.not_bookable import not_bookable
from training_hub.catalogue.models import Event
from training_hub.people import queries as people
from training_hub.people.asker import asker
from training_hub.people.models import Agency, Person
from training_hub.web.addresses import number_in
from training_hub.web.forms import render_form_page
from training_hub.wording import listed

CHANGED = 409
DESPITE_CLASH = frozenset({LineResult.CLASH, LineResult.PLACE, LineResult.TURN})


@blueprint.route("/dates/<int:event_id>/group", methods=["GET", "POST"])
@requires(Permission.BOOK_FOR_OTHERS)
def group(event_id: int) -> ResponseReturnValue:
    """Take a list of people, show what happens to each, and book them."""
    now, asking, form = clock.now(), asker(), GroupForm()
    event = bookable_event(event_id, asking.id) or abort(404)
    step = request.form.get("step", "") if request.method == "POST" else "ask"
    _offer_agencies(form, asking)
    try:
        check_open(event, terms_for(event), now=now)
        if step in {"check", "confirm"} and form.validate():
            agency = acting_for(form.agency_id.data, asking)
            entries = read_list(form.people.data)
            # Without a name, a new address and one of another agency get the same answer.
            named = [entry.email for entry in entries if entry.name and not entry.fault]
            count_naming(named, agency, by=asking, now=now)
            if step == "confirm" and form.how.data:
                return _book(form, event, agency, entries, asking)
            if step == "confirm":
                form.how.errors = ["Choose what to do if not everyone can have a place"]
            lines = plan_group(event, agency, entries, terms_for(event), now=now)
            return _show_check(form, event, agency, lines)
    except NotOpen as no:
        return not_bookable(no, event, asking.agency_id, now=now)
    except BadList as no:
        form.people.errors = [str(no)]
    return _ask(form, event, asking)


def _offer_agencies(form: GroupForm, asking: Person) -> None:
    """Let officers choose the agency. Training leads book for their own."""
    if chooses_agency(asking):
        form.agency_id.choices = {str(key): name for key, name in people.agency_choices().items()}
        if request.method == "GET":
            form.agency_id.data = number_in(request.args.get("agency"))
    else:
        form.agency_id.choices = {}
        form.agency_id.validate_choice = False
        if request.method == "GET":
            form.agency_id.data = acting_for(None, asking).id


def _ask(form: GroupForm, event: Event, asking: Person) -> ResponseReturnValue:
    agency = None if chooses_agency(asking) else acting_for(None, asking)
    terms = terms_for(event)
    return render_form_page(
        "bookings/group.html",
        form,
        event=event,
        agency=agency,
        places=places(event),
        reserved=len(reserved_places(event, agency)) if agency is not None else 0,
        cap=terms.cap(now=clock.now()),
        terms=terms,
        most=MOST_LINES,
    )


def _book(
    form: GroupForm, event: Event, agency: Agency, entries: Sequence[Entry], asking: Person
) -> ResponseReturnValue:
    try:
        done = book_group(
            event,
            agency,
            entries,
            by=asking,
            now=clock.now(),
            all_or_nothing=form.how.data == "all",
            despite_clash=bool(form.despite_clash.data),
            promise=[int(number) for number in (form.promise.data or "").split(".") if number],
        )
    except NotAsTold as no:
        return _show_check(form, event, agency, no.lines, sentence=str(no))
    return redirect(_page_of(event, agency, done), 303)


def _show_check(
    form: GroupForm, event: Event, agency: Agency, lines: Sequence[Line], *, sentence: str = ""
) -> ResponseReturnValue:
    form.promise.data = ".".join(map(str, promised(lines)))
    # Required on the check page only, because the page before does not ask this question.
    form.how.flags.optional = False
    body, status = render_form_page(
        "bookings/group_check.html",
        form,
        event=event,
        agency=agency,
        lines=lines,
        sentence=sentence,
        is_team=chooses_agency(asker()),
        all_fit=all(line.fits for line in lines),
        unfit=_numbers([line for line in lines if not line.fits]),
        counts=Counter("left" if line.is_left_out else line.result.value for line in lines),
        needed=event.course.prerequisites if any(line.result is LineResult.BARRED for line in lines) else [],
        open_to=in_words(terms_for(event).policies.sectors),
        clashes=any(line.known.clashes and line.result in DESPITE_CLASH for line in lines),
    )
    return body, CHANGED if sentence else status


def _numbers(lines: Sequence[Line]) -> str:
    """The line numbers of people in the list, such as "line 3" or "lines 3, 5 and 6"."""
    numbers = listed([str(line.entry.number) for line in lines])
    return f"{'line' if len(lines) == 1 else 'lines'} {numbers}" if lines else ""


def _page_of(event: Event, agency: Agency, done: Sequence[tuple[Line, Booking | None]]) -> str:
    """The result page's address, with references and line numbers, because an address must not name anyone."""
    return url_for(
        "bookings.group_done",
        event_id=event.id,
        agency=agency.id,
        booked=".".join(booking.reference for _line, booking in done if booking is not None),
        left=".".join(f"{line.entry.number}-{line.result.value}" for line, _ in done if line.is_left_out),
    )


@blueprint.get("/dates/<int:event_id>/group/done")
@requires(Permission.BOOK_FOR_OTHERS)
def group_done(event_id: int) -> str:
    """Show which people in the list have a place, which wait, and which were left out."""
    asking = asker()
    event = bookable_event(event_id, asking.id) or abort(404)
    agency = acting_for(number_in(request.args.get("agency")), asking)
    references = request.args.get("booked", "").split(".")[:MOST_LINES]
    rows = booked_here(references, event, agency, asking) or abort(404)
    left = re.findall(r"(?<!\d)(\d{1,4})-([a-z-]+)", request.args.get("left", "")[:1000])
    return render_template(
        "bookings/group_done.html",
        event=event,
        agency=agency,
        rows=rows,
        heading=_heading(rows),
        asked=any(row.status is Status.REQUESTED for row in rows),
        left=[(number, _WHY_LEFT_OUT[result]) for number, result in left if result in _WHY_LEFT_OUT],
        reserved=len(reserved_places(event, agency)),
    )


_WHY_LEFT_OUT = {result.value: why for result, why in LEFT_OUT.items()}


def _heading(rows: Sequence[Any]) -> str:
    """The result, such as "2 people have a place, 1 is on the waiting list"."""
    parts: list[str] = []
    for statuses, one, many in (
        ({Status.CONFIRMED}, "has a place", "have a place"),
        ({Status.REQUESTED}, "is waiting for approval", "are waiting for approval"),
        ({Status.WAITING, Status.OFFERED}, "is on the waiting list", "are on the waiting list"),
    ):
        number = sum(row.status in statuses for row in rows)
        if number:
            noun = "" if parts else " person" if number == 1 else " people"
            parts.append(f"{number}{noun} {one if number == 1 else many}")
    return ", ".join(parts) or "Nobody on this list has a place any more"
