"""Pages that list registers, mark one, and print its sign-in sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.attendance import actions
from training_hub.attendance.forms import LABELS, RegisterForm
from training_hub.attendance.models import Mark
from training_hub.attendance.queries import lists as lists_queries
from training_hub.attendance.queries import marks as marks_queries
from training_hub.attendance.rules import CameWithoutBooking, MarkedMeanwhile, ReasonNeeded, has_started
from training_hub.attendance.views.blueprint import blueprint, event_or_404, session_or_404
from training_hub.bookings.queries import needs as needs_queries
from training_hub.catalogue.models import Event, EventSession
from training_hub.paper import document as document_paper
from training_hub.paper import pieces as pieces_paper
from training_hub.paper import tables as tables_paper
from training_hub.people.asker import asker
from training_hub.web.addresses import page_number
from training_hub.web.pages import download
from training_hub.wording import short_moment, span

LISTS = {"coming": lists_queries.registers_coming, "past": lists_queries.registers_past}


@blueprint.get("/registers")
@requires(Permission.MARK_REGISTERS)
def registers() -> str:
    """List today's registers, then unmarked ones, then recent ones. Coming and past registers have separate lists."""
    asking, now, page = asker(), clock.now(), page_number()
    show = request.args.get("show", "")
    if show in LISTS:
        listed = LISTS[show](asking, now=now, page=page)
        return render_template("attendance/registers_list.html", listed=listed, show=show, now=now)
    return render_template(
        "attendance/registers.html",
        today=lists_queries.registers_today(asking, now=now),
        unmarked=lists_queries.registers_unmarked(asking, now=now, page=page),
        recent=lists_queries.registers_recent(asking, now=now),
        now=now,
    )


@dataclass(frozen=True)
class Line:
    """One person on the page: the mark shown and, if the page could not be saved, the mark chosen."""

    row: Any
    shown: Mark | None
    chosen: Mark | None
    is_meanwhile: bool = False


@blueprint.route("/registers/<int:event_id>/<int(max=99):number>", methods=["GET", "POST"])
@requires(Permission.MARK_REGISTERS)
def register(event_id: int, number: int) -> ResponseReturnValue:
    """Everyone's mark at one session, saved with one button."""
    event = event_or_404(event_id)
    session = session_or_404(event, number)
    form = RegisterForm()
    if request.method == "GET":
        return _page(event, session, form), 200
    if not form.validate():
        return _page(event, session, form), 422
    try:
        actions.mark(session, form.choices, by=asker(), now=clock.now(), why=form.why.data or "")
    except MarkedMeanwhile as meanwhile:
        for row in marks_queries.register_rows(session.event_id, session.id):
            if row.id in meanwhile.marks:
                form.refuse(row.id, _meanwhile_sentence(row))
        return _page(event, session, form, meanwhile.marks), 409
    except ReasonNeeded as error:
        form.why.errors = [str(error)]
        return _page(event, session, form), 422
    except CameWithoutBooking as error:
        form.refuse(error.booking_id, str(error))
        return _page(event, session, form), 422
    if request.form.get("then") == "add":
        return redirect(url_for("attendance.walk_in", event_id=event_id, session=number), 303)
    return redirect(url_for("attendance.register", event_id=event_id, number=number), 303)


def _meanwhile_sentence(row: Any) -> str:
    who = f"{row.marked_by or 'Someone'} has marked {row.name} “{LABELS[row.mark.value].lower()}”"
    return f"{who} since you opened this page. Check your choice, and save again to change theirs."


def _page(event: Event, session: EventSession, form: RegisterForm, meanwhile: Iterable[int] = ()) -> str:
    now = clock.now()
    rows = marks_queries.register_rows(event.id, session.id)
    sent = {choice.booking_id: choice for choice in form.choices}
    lines = []
    for row in rows:
        choice = sent.get(row.id)
        if choice is None or choice.chosen is choice.shown:
            lines.append(Line(row, row.mark, row.mark))
        else:
            other = row.id in meanwhile
            # Keep the mark that the page showed, until the reader has seen the one that someone else saved.
            lines.append(Line(row, row.mark if other else choice.shown, choice.chosen, other))
    marked = [row for row in rows if row.mark is not None]
    needs = needs_queries.needs_at(event.id, asker())
    return render_template(
        "attendance/register.html",
        event=event,
        session=session,
        form=form,
        lines=lines,
        labels=LABELS,
        people=len(rows),
        marked=len(marked),
        last=max(marked, key=lambda row: row.marked_at, default=None),
        needs=[(row.name, needs[row.id]) for row in rows if row.id in needs],
        has_started=has_started(session, now=now),
        added=next((row for row in rows if row.reference == request.args.get("added")), None),
        is_new="new" in request.args,
        may_override=asker().may(Permission.OVERRIDE_OUTCOMES),
        now=now,
    )


@blueprint.get("/registers/<int:event_id>/sheet.pdf")
@requires(Permission.MARK_REGISTERS)
def sheet(event_id: int) -> ResponseReturnValue:
    """The sign-in sheet, with names, agencies and a box for each session, but without needs."""
    event, now = event_or_404(event_id), clock.now()
    rows = marks_queries.register_rows(event.id, event.sessions[0].id)
    settings = current_app.config["SETTINGS"]
    facts = [("Where", event.place), ("Trainers", ", ".join(each.person.name for each in event.trainers))]
    several = len(event.sessions) > 1
    for session in event.sessions:
        label = f"Session {session.number}" if several else "When"
        facts.append((label, span(session.starts_at, session.ends_at)))
    boxes = [f"Signature, session {each.number}" if several else "Signature" for each in event.sessions]
    content = document_paper.document(
        "Sign-in sheet",
        partnership=settings.partnership_name,
        subject=event.course.title,
        story=[
            pieces_paper.fields([(label, text) for label, text in facts if text]),
            tables_paper.signing_table(
                ["Name", "Agency"], [(row.name, row.agency) for row in rows], boxes, blank_rows=5
            ),
        ],
        as_at=short_moment(now),
        landscape=len(boxes) > 2,
        twin=settings.base_url + url_for("attendance.register", event_id=event.id, number=1),
        made_at=now,
    )
    return make_response(download(content, f"Sign-in sheet {event.reference}.pdf", "application/pdf"))
