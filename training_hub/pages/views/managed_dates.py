"""Course dates as officers add, edit and publish them."""

from math import ceil
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.actions import moved as actions
from training_hub.bookings.actions.interest import offer_to_interested
from training_hub.bookings.queries.availability import places
from training_hub.bookings.queries.interest import demand
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.places import Places
from training_hub.catalogue import actions as catalogue
from training_hub.catalogue import queries
from training_hub.catalogue.models import Course, Event, EventStatus, Venue
from training_hub.catalogue.rules import (
    DEFAULT_CAPACITY,
    NoPlace,
    Taken,
    Times,
    WrongCapacity,
    WrongSessions,
    check_editable,
    event_version,
    moment_of,
    times_of,
)
from training_hub.database import db
from training_hub.errors import Refused, Stale
from training_hub.london import london
from training_hub.pages.forms.managed_dates import EventForm
from training_hub.pages.queries.managed_dates import EVENTS_ON_A_PAGE, Show, managed
from training_hub.pages.views.blueprint import blueprint
from training_hub.web.addresses import number_in, page_number
from training_hub.web.forms import render_form_page
from training_hub.wording import plural

P = Permission


@blueprint.get("/manage/dates")
@requires(P.EDIT_CATALOGUE)
def managed_dates() -> str:
    """Every course date, including drafts and past ones."""
    given = request.args.get("show", "")
    show = Show(given) if given in [member.value for member in Show] else Show.COMING
    course, page = request.args.get("course", ""), page_number()
    rows, total = managed(show, course=course, now=clock.now(), page=page)
    return render_template(
        "pages/managed_dates.html",
        rows=rows,
        total=total,
        show=show.value,
        course=course,
        courses=queries.course_addresses(),
        page=page,
        pages=ceil(total / EVENTS_ON_A_PAGE),
    )


@blueprint.get("/manage/dates/<int:event_id>")
@requires(P.EDIT_CATALOGUE)
def managed_date(event_id: int) -> str:
    """One course date as officers see it, with everything that they can do."""
    found, now = _event(event_id), clock.now()
    return render_template(
        "pages/managed_date.html",
        event=found,
        places=places(found),
        has_started=now >= found.starts_at,
        is_over=now >= found.ends_at,
        can_call_off=found.is_published and now < found.starts_at and current_user.may(P.CALL_OFF_EVENTS),
        saved="saved" in request.args,
        told=number_in(request.args.get("told")) or 0,
        interested=number_in(request.args.get("interested")) or 0,
        wanted=demand(current_user, found.course_id).get(found.course_id)
        if found.status is EventStatus.DRAFT
        else None,
        given=number_in(request.args.get("given")) or 0,
    )


@blueprint.route("/manage/dates/add", methods=["GET", "POST"])
@requires(P.EDIT_CATALOGUE)
def add_event() -> Response | tuple[str, int]:
    """Add a course date, as a draft."""
    course = queries.course_at(request.args.get("course", ""))
    form = EventForm(data={"capacity": DEFAULT_CAPACITY, "how": "room", "course_id": course and course.id})
    _offer(form, ())
    if form.validate_on_submit():
        try:
            course = db.session.get_one(Course, form.course_id.data)
            added = catalogue.add_event(course, _facts(form, None), now=clock.now())
            # Stored now, because the next page's address contains the event's id.
            db.session.flush()
        except Refused as refusal:
            _show(form, refusal)
        else:
            return redirect(url_for("pages.managed_date", event_id=added.id), 303)
    form.leave_room()
    return render_form_page(
        "pages/managed_date_form.html", form, event=None, has_courses=bool(form.course_id.choices)
    )


@blueprint.route("/manage/dates/<int:event_id>/edit", methods=["GET", "POST"])
@requires(P.EDIT_CATALOGUE)
def edit_event(event_id: int) -> Response | tuple[str, int]:
    """Change a course date. If its time or place changes, everyone booked is told."""
    found, now = _event(event_id), clock.now()
    check_editable(found)
    form = EventForm(data=_answers(found))
    del form.course_id
    if found.is_published and now >= found.starts_at:
        del form.sessions
    _offer(form, [trainer.person for trainer in found.trainers])
    if form.validate_on_submit():
        try:
            told = actions.edit_event(found, _facts(form, found), seen=form.version.data, now=now)
        except Stale as stale:
            form.say_stale(stale, event_version(found))
        except Refused as refusal:
            _show(form, refusal)
        else:
            page = url_for(
                "pages.managed_date",
                event_id=event_id,
                saved="",
                told=told.moved or None,
                given=told.given or None,
            )
            return redirect(page, 303)
    if "sessions" in form:
        form.leave_room()
    booked = places(found)
    if found.is_published:
        form.capacity.description = _room(found, booked)
    return render_form_page(
        "pages/managed_date_form.html", form, event=found, booked=booked, has_courses=True
    )


@blueprint.post("/manage/dates/<int:event_id>/publish")
@requires(P.EDIT_CATALOGUE)
def publish_event(event_id: int) -> Response:
    """Publish a draft. People who wanted to hear about the course are told."""
    found = _event(event_id)
    catalogue.publish(found)
    # Stored now, because offering places reads the event again, and would lose the change.
    db.session.flush()
    told = offer_to_interested(found, now=clock.now())
    return redirect(url_for("pages.managed_date", event_id=event_id, interested=told or None), 303)


@blueprint.route("/manage/dates/<int:event_id>/delete", methods=["GET", "POST"])
@requires(P.EDIT_CATALOGUE)
def delete_event(event_id: int) -> Response | str:
    """Ask, and then delete a draft."""
    found = _event(event_id)
    if found.status is not EventStatus.DRAFT:
        raise Refused("Only a draft can be deleted. Call off a published course date instead.")
    if request.method == "GET":
        return render_template("pages/managed_date_delete.html", event=found)
    catalogue.delete_draft(found)
    return redirect(url_for("pages.managed_dates", show=Show.DRAFTS.value), 303)


def _event(event_id: int) -> Event:
    return queries.event_in_full(event_id) or abort(404)


def _room(event: Event, booked: Places) -> str:
    """Explain how few places the date can have, and who gets added places."""
    taken = f"{plural(booked.held, 'place is', 'places are')} taken, so there cannot be fewer than that."
    if not booked.waiting:
        return taken
    goes = (
        "The waiting list is paused, so nobody is given the added places yet."
        if event.is_list_paused
        else terms_for(event).list_words
    )
    return f"{taken} {plural(booked.waiting, 'person is', 'people are')} waiting. {goes}"


def _offer(form: EventForm, trainers: Any) -> None:
    known = [(row[0], row[1], row[2]) for row in queries.trainer_choices()]
    # The date's present trainers can be chosen even if they no longer hold the role.
    known += [
        (person.id, person.name, person.agency.name if person.agency else "")
        for person in trainers
        if person.id not in {row[0] for row in known}
    ]
    form.offer(courses=queries.course_choices(), venues=queries.venues(), trainers=known)


def _answers(event: Event) -> dict[str, Any]:
    """The form's data for an existing event."""
    return {
        "sessions": [
            {
                "day": london(session.starts_at).date(),
                "starts": london(session.starts_at).time(),
                "ends": london(session.ends_at).time(),
            }
            for session in event.sessions
        ],
        "how": "online" if event.is_online else "room",
        "venue_id": event.venue_id,
        "online_link": event.online_link,
        "capacity": event.capacity,
        "trainers": [trainer.person_id for trainer in event.trainers],
        "notes": event.notes,
        "reference": event.reference,
        "version": event_version(event),
    }


def _facts(form: EventForm, event: Event | None) -> catalogue.EventFacts:
    """The answers as `EventFacts`. Raises WrongSessions for an hour that the clocks skip."""
    is_online = form.how.data == "online"
    return catalogue.EventFacts(
        sessions=[Times(moment_of(day, starts), moment_of(day, ends)) for day, starts, ends in form.times()]
        if "sessions" in form or event is None
        else times_of(event),
        capacity=form.capacity.data or 0,
        is_online=is_online,
        venue=None if is_online else _venue(form),
        online_link=(form.online_link.data or "") if is_online else "",
        trainers=queries.people_by_id(form.trainers.data or []),
        notes=form.notes.data or "",
        reference=form.reference.data or "",
    )


def _venue(form: EventForm) -> Venue | None:
    name = form.new_venue.data
    if name:
        return queries.venue_named(name) or catalogue.add_venue(name, address=form.new_address.data or "")
    return db.session.get(Venue, form.venue_id.data) if form.venue_id.data else None


def _show(form: EventForm, refusal: Refused) -> None:
    """Show a refusal next to the field that it concerns."""
    sentence = str(refusal)
    if isinstance(refusal, WrongSessions) and "sessions" in form:
        form.refuse_sessions(sentence, refusal.number)
    elif isinstance(refusal, WrongCapacity):
        form.capacity.errors = [sentence]
    elif isinstance(refusal, NoPlace):
        (form.online_link if form.how.data == "online" else form.venue_id).errors = [sentence]
    elif isinstance(refusal, Taken):
        form.reference.errors = [sentence]
    else:
        form.form_errors.append(sentence)
