"""The trainer's pages: opening the classroom, showing its code, and counting how many have answered."""

import segno
from flask import abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.attendance.queries import marks as marks_queries
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.evaluation.actions import classroom as classroom_actions
from training_hub.evaluation.models.classroom import Classroom
from training_hub.evaluation.queries import classroom as classroom_queries
from training_hub.evaluation.rules.classroom import closes_at, opens_at
from training_hub.evaluation.views.blueprint import blueprint
from training_hub.people.asker import asker

COUNTS_EVERY = 20
"""Seconds between two counts on the big screen, if the count updates by itself."""


@blueprint.get("/registers/<int:event_id>/room")
@requires(Permission.MARK_REGISTERS)
def classroom_desk(event_id: int) -> ResponseReturnValue:
    """Open and close the classroom, and count."""
    event, now = _event_or_404(event_id), clock.now()
    classroom = _open(event)
    return render_template(
        "evaluation/classroom/desk.html",
        event=event,
        session=marks_queries.current_session(event, now=now),
        classroom=classroom,
        count=classroom_queries.classroom_count(event.id),
        unknown=classroom.unknown_addresses if classroom else 0,
        opens_at=opens_at(event),
        is_early=now < opens_at(event),
        is_late=now >= closes_at(event),
        closes_at=closes_at(event),
        address=_address(),
        now=now,
    )


@blueprint.post("/registers/<int:event_id>/room")
@requires(Permission.MARK_REGISTERS)
def classroom_open(event_id: int) -> ResponseReturnValue:
    """Open the classroom."""
    classroom_actions.open_classroom(_event_or_404(event_id), by=asker(), now=clock.now())
    return redirect(url_for("evaluation.classroom_desk", event_id=event_id), 303)


@blueprint.post("/registers/<int:event_id>/room/close")
@requires(Permission.MARK_REGISTERS)
def classroom_close(event_id: int) -> ResponseReturnValue:
    """Close the classroom."""
    classroom_actions.close_classroom(_event_or_404(event_id), now=clock.now())
    return redirect(url_for("evaluation.classroom_desk", event_id=event_id), 303)


@blueprint.get("/registers/<int:event_id>/room/screen")
@requires(Permission.MARK_REGISTERS)
def classroom_screen(event_id: int) -> ResponseReturnValue:
    """Show the class where to go, the code, and how many have answered.

    The count updates by itself only on request, and a link stops it. Each reload would take people who use a screen
    reader or magnifier back to the start of the page (WCAG 2.2.1, 2.2.2).
    """
    event = _event_or_404(event_id)
    classroom = _open(event)
    if classroom is None:
        return redirect(url_for("evaluation.classroom_desk", event_id=event_id), 303)
    counts = request.args.get("counts") == "yes"
    response = make_response(
        render_template(
            "evaluation/classroom/screen.html",
            event=event,
            classroom=classroom,
            count=classroom_queries.classroom_count(event.id),
            address=_address(),
            picture=_picture(classroom.code),
            counts=counts,
            every=COUNTS_EVERY,
            bare=True,
        )
    )
    if counts:
        response.headers["Refresh"] = str(COUNTS_EVERY)
    return response


def _event_or_404(event_id: int) -> Event:
    event = marks_queries.event_with_register(event_id, current_user)
    if event is None or not event.course.is_evaluated:
        abort(404)
    return event


def _open(event: Event) -> Classroom | None:
    classroom = db.session.get(Classroom, event.id)
    return classroom if classroom is not None and clock.now() < classroom.closes_at else None


def _address() -> str:
    """The address that people type, without the part that every browser adds."""
    base: str = current_app.config["SETTINGS"].base_url
    return base.partition("://")[2] + "/room"


def _picture(code: str) -> Markup:
    """The address with the code, as a QR code: plain paths, without styles or ids."""
    address = f"{current_app.config['SETTINGS'].base_url}/room/{code}"
    made = segno.make(address, error="m", micro=False)
    return Markup(made.svg_inline(omitsize=True, svgclass=None, lineclass=None, light="#fff"))  # noqa: S704 - ours
