"""The page of one person's outcome, with the form for an officer's decision."""

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.attendance import actions
from training_hub.attendance.forms import FOLLOW_MARKS, LABELS, OutcomeForm
from training_hub.attendance.models import OutcomeOverride
from training_hub.attendance.queries import marks as marks_queries
from training_hub.attendance.rules import DECIDABLE, CameWithoutBooking
from training_hub.attendance.views.blueprint import blueprint, event_or_404
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.status import FLAGS, OUTCOME_OF, Status
from training_hub.bookings.queries import booking as booking_queries
from training_hub.bookings.rules.wording import sentence_of
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.people.asker import asker

PLACE = "/registers/<int:event_id>/outcome/<reference>"


@blueprint.get(PLACE)
@requires(Permission.MARK_REGISTERS)
def outcome(event_id: int, reference: str) -> str:
    """The marks and the outcome of one place, and the history of both."""
    event = event_or_404(event_id)
    booking = _booking_or_404(event, reference)
    return _page(event, booking, OutcomeForm(data={"shown": booking.status.value}))


@blueprint.post(PLACE)
@requires(Permission.OVERRIDE_OUTCOMES)
def override(event_id: int, reference: str) -> ResponseReturnValue:
    """Decide the outcome of one place, or let it follow the marks again."""
    event, form = event_or_404(event_id), OutcomeForm()
    booking = _booking_or_404(event, reference)
    statuses = {status.value: status for status in Status}
    if not form.validate():
        return _page(event, booking, form), 422
    shown = statuses.get(form.shown.data or "", booking.status)
    decided = None if form.outcome.data == FOLLOW_MARKS else statuses[form.outcome.data]
    try:
        actions.decide_outcome(booking, decided, shown=shown, by=asker(), now=clock.now(), why=form.why.data)
    except CameWithoutBooking as error:
        form.outcome.errors = [str(error)]
        return _page(event, booking, form), 422
    return redirect(url_for("attendance.outcome", event_id=event.id, reference=reference), 303)


def _booking_or_404(event: Event, reference: str) -> Booking:
    return marks_queries.booking_on(event.id, reference) or abort(404)


def _page(event: Event, booking: Booking, form: OutcomeForm) -> str:
    marks = marks_queries.marks_of([booking.id])
    # If both changed at the same moment, the mark is listed before the outcome.
    entries = [
        (change.at, _mark_sentence(event, change), _who(change.by, change.why))
        for change in marks_queries.mark_changes(booking)
    ]
    entries += [
        (change.at, _outcome_sentence(change), _who(name, why))
        for change, why, _by, name in booking_queries.history_of(booking, asker())
    ]
    decided = db.session.get(OutcomeOverride, booking.id)
    return render_template(
        "attendance/outcome.html",
        event=event,
        booking=booking,
        form=form,
        marks=[(session, marks.get((booking.id, session.id))) for session in event.sessions],
        hints=_hints(is_decided=decided is not None),
        labels=LABELS,
        by_marks=marks_queries.outcome_by_marks(booking),
        decided=decided,
        history=sorted(entries, key=lambda entry: entry[0]),
        session=marks_queries.current_session(event, now=clock.now()),
        may_override=asker().may(Permission.OVERRIDE_OUTCOMES)
        and booking.flags.has_place
        and clock.now() >= event.starts_at,
    )


def _hints(*, is_decided: bool) -> dict[str, str]:
    """What each outcome means, under its button."""
    hints = {status.value: OUTCOME_OF[status].definition for status in DECIDABLE}
    return {**hints, FOLLOW_MARKS: "Take back the hub’s decision."} if is_decided else hints


def _mark_sentence(event: Event, change: Any) -> str:
    at = f" at session {change.number}" if len(event.sessions) > 1 else ""
    became = LABELS[change.became.value].lower()
    if change.was is None:
        return f"Marked “{became}”{at}."
    return f"The mark{at} was changed from “{LABELS[change.was.value].lower()}” to “{became}”."


def _outcome_sentence(change: BookingChange) -> str:
    if FLAGS[change.became].is_outcome:
        return f"The outcome became “{change.became.value}”."
    if change.was is not None and FLAGS[change.was].is_outcome:
        return "The outcome was taken back: nothing is recorded."
    return sentence_of(change)


def _who(name: str | None, why: str) -> str:
    return " – ".join(part for part in (name or "", why) if part)
