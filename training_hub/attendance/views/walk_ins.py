"""People who came without a booking: added to a register, and taken off again."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.attendance import actions
from training_hub.attendance.forms import ReasonForm, WalkInForm
from training_hub.attendance.queries import marks as marks_queries
from training_hub.attendance.rules import check_started
from training_hub.attendance.views.blueprint import blueprint, event_or_404, session_or_404
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import EventSession
from training_hub.people import queries as people
from training_hub.people.asker import asker
from training_hub.web.addresses import number_in
from training_hub.web.forms import render_form_page


@blueprint.route("/registers/<int:event_id>/walk-in", methods=["GET", "POST"])
@requires(Permission.MARK_REGISTERS)
def walk_in(event_id: int) -> ResponseReturnValue:
    """Ask for the address. Then ask to confirm a known person, or for the name and agency of a new one."""
    event, now = event_or_404(event_id), clock.now()
    number = number_in(request.args.get("session"))
    session = session_or_404(event, number) if number else marks_queries.current_session(event, now=now)
    check_started(session, now=now)
    agencies = people.agency_choices()
    form = WalkInForm(agencies)
    facts = {"event": event, "session": session}
    if request.method == "GET" or not form.validate():
        return render_form_page("attendance/walk_in.html", form, **facts)
    person = people.person_by_email(form.email.data)
    if person is not None and marks_queries.on_register(person.id, event.id) is not None:
        return _add(session, form, agencies)
    known = person if person is not None and person.name and person.agency is not None else None
    if request.form.get("step", "address") == "address":
        template = "attendance/walk_in_new.html" if known is None else "attendance/walk_in_known.html"
        return render_template(template, form=form, person=known, **facts)
    if known is None and not form.validate_who():
        return render_form_page("attendance/walk_in_new.html", form, **facts)
    return _add(session, form, agencies)


def _add(session: EventSession, form: WalkInForm, agencies: dict[int, str]) -> ResponseReturnValue:
    chosen = agencies[int(form.agency.data)] if form.agency.data else form.new_agency.data
    booking, is_new = actions.add_walk_in(
        session, form.email.data, name=form.name.data or "", agency=chosen or "", by=asker(), now=clock.now()
    )
    register = url_for(
        "attendance.register",
        event_id=session.event_id,
        number=session.number,
        added=booking.reference,
        new=1 if is_new else None,
    )
    return redirect(register, 303)


@blueprint.route("/registers/<int:event_id>/walk-in/<reference>", methods=["GET", "POST"])
@requires(Permission.MARK_REGISTERS)
def take_off(event_id: int, reference: str) -> ResponseReturnValue:
    """Take someone who was added by mistake off the register."""
    event = event_or_404(event_id)
    booking = marks_queries.booking_on(event.id, reference)
    if booking is None or not booking.is_walk_in or booking.status is Status.WITHDRAWN:
        abort(404)
    session = marks_queries.current_session(event, now=clock.now())
    register = url_for("attendance.register", event_id=event.id, number=session.number)
    form = ReasonForm()
    if form.validate_on_submit():
        actions.take_off(booking, by=asker(), now=clock.now(), why=form.why.data)
        return redirect(register, 303)
    return render_form_page("attendance/take_off.html", form, event=event, booking=booking, register=register)
