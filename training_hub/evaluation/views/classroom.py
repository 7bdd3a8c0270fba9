"""Pages for answering in the classroom, on people's own phones or on a device that is handed round.

Anyone can read the code on the wall, so the pages must not reveal who is booked. Every typed address gets the same
pages, and an email to the address says whether the answers were kept. Opening a page writes nothing, so it cannot count
wrong guesses. Therefore only sending a page tells whether a code is right.
"""

import secrets
from collections.abc import Mapping
from functools import partial

from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from training_hub import clock
from training_hub.access import public
from training_hub.catalogue.models import Event
from training_hub.evaluation.actions import classroom as classroom_actions
from training_hub.evaluation.forms.classroom import AddressForm, CodeForm
from training_hub.evaluation.queries import classroom as classroom_queries
from training_hub.evaluation.queries.answers import part_of
from training_hub.evaluation.queries.invitations import invitation_of
from training_hub.evaluation.rules.answers import Given
from training_hub.evaluation.rules.classroom import NoPlaceHere, as_code, check_in_classroom
from training_hub.evaluation.rules.invitations import AlreadyAnswered
from training_hub.evaluation.screens import AnswerSession, InClassroom, answer_screen
from training_hub.evaluation.views.blueprint import blueprint
from training_hub.limits.actions import count, count_miss
from training_hub.limits.rules import ANSWER, network_of
from training_hub.web.forms import render_form_page

WRONG_CODE = "This code does not open a form. Check the screen: a form that was opened again has a new code"
TURN = "turn"
"""The name of a random number that each person gets in the cookie and on the pages of a device handed round."""


@blueprint.route("/room", methods=["GET", "POST"])
@public
def classroom_code() -> ResponseReturnValue:
    """Ask for the code that the trainer shows."""
    form = CodeForm()
    if request.method == "POST" and form.validate():
        code = as_code(form.code.data)
        if _event(code) is not None:
            return redirect(url_for("evaluation.classroom", code=code), 303)
        form.code.errors = [WRONG_CODE]
    return render_form_page("evaluation/classroom/code.html", form)


@blueprint.route("/room/<code>", methods=["GET", "POST"])
@public
def classroom(code: str) -> ResponseReturnValue:
    """Let people give their address on their own device, and answer."""
    if request.method == "GET":
        return _not_stored(_door(code, AddressForm()))
    event = _event(code)
    if event is None:
        return _shut()
    if request.form.get("as") == "me" and current_user.is_authenticated:
        return _not_stored(_answer_signed_in(code, event))
    form = AddressForm()
    if not form.validate():
        return _not_stored(_door(code, form))
    return _not_stored(_answer_by_address(code, event, form.email.data))


@blueprint.get("/room/<code>/thanks")
@public
def classroom_thanks(code: str) -> ResponseReturnValue:
    """Thank the person. Only signed-in people are told whether their answers were kept."""
    is_known = "me" in request.args and current_user.is_authenticated
    return _not_stored(render_template("evaluation/classroom/thanks.html", code=code, is_known=is_known))


@blueprint.route("/room/<code>/device", methods=["GET", "POST"])
@public
def classroom_device(code: str) -> ResponseReturnValue:
    """Let people give their address on a device that is handed round, and answer."""
    if current_user.is_authenticated:
        return _not_stored(render_template("evaluation/classroom/signed_in.html", code=code, bare=True))
    if request.method == "GET":
        session.setdefault(TURN, secrets.token_urlsafe(12))
        return _not_stored(_door(code, AddressForm(), is_handed_round=True))
    if not secrets.compare_digest(request.form.get(TURN, ""), session.get(TURN, "-")):
        # Someone went back to a page of the previous person, and sent it again.
        page = render_template("evaluation/classroom/over.html", code=code, bare=True)
        return _not_stored((page, 409))
    event = _event(code)
    if event is None:
        return _shut(bare=True)
    form = AddressForm()
    if not form.validate():
        return _not_stored(_door(code, form, is_handed_round=True))
    return _not_stored(_answer_by_address(code, event, form.email.data, is_handed_round=True))


@blueprint.post("/room/<code>/device/next")
@public
def classroom_next(code: str) -> ResponseReturnValue:
    """Make the device ready for the next person: sign out, and make the last person's pages invalid."""
    if current_user.is_authenticated:
        logout_user()
        session.clear()
    _end_turn()
    return redirect(url_for("evaluation.classroom_device", code=code), 303)


@blueprint.get("/room/<code>/device/thanks")
@public
def classroom_device_thanks(code: str) -> ResponseReturnValue:
    """Thank the person who answered, and wait for the next."""
    facts = {"is_known": False, "is_handed_round": True, "bare": True}
    return _not_stored(render_template("evaluation/classroom/thanks.html", code=code, **facts))


def _event(code: str) -> Event | None:
    """The event whose form this code opens. Counts wrong codes, and shuts out a network that sends many."""
    now = clock.now()
    found = classroom_queries.event_in_classroom(as_code(code), now=now)
    if found is None:
        count_miss(network=network_of(request.remote_addr), now=now)
    return found


def _door(code: str, form: AddressForm, *, is_handed_round: bool = False) -> tuple[str, int]:
    return render_form_page(
        "evaluation/classroom/door.html",
        form,
        code=code,
        is_handed_round=is_handed_round,
        turn=session.get(TURN, "") if is_handed_round else "",
        bare=is_handed_round,
    )


def _shut(*, bare: bool = False) -> ResponseReturnValue:
    return render_template("evaluation/classroom/shut.html", bare=bare), 404


def _answer_signed_in(code: str, event: Event) -> ResponseReturnValue:
    """Let a signed-in person answer, and tell them if they have no place."""
    email, now = current_user.email, clock.now()
    booking = classroom_queries.place_in_classroom(event.id, email)
    asked = invitation_of(booking.id) if booking else None
    is_new = "screen" not in request.form
    answers = AnswerSession(
        invitation=classroom_actions.shown_form(event),
        address=url_for("evaluation.classroom", code=code),
        done=url_for("evaluation.classroom_thanks", code=code, me="yes"),
        send=partial(classroom_actions.answer_in_classroom, event, email, now=now),
        keep=partial(classroom_actions.keep_part_in_classroom, event, email, now=now),
        kept=part_of(asked.id) if asked else {},
        classroom=InClassroom(known_as=current_user.name or email, carries={"as": "me"}, is_new=is_new),
    )
    try:
        if is_new:
            check_in_classroom(booking, asked)
        return answer_screen(answers)
    except (AlreadyAnswered, NoPlaceHere) as refusal:
        facts = {"code": code, "is_back": isinstance(refusal, AlreadyAnswered)}
        return render_template("evaluation/classroom/refused.html", **facts), 409


def _answer_by_address(
    code: str, event: Event, email: str, *, is_handed_round: bool = False
) -> ResponseReturnValue:
    """Let the person who typed this address answer, without revealing whether the address is booked."""
    now = clock.now()

    def send(given: Mapping[str, Given]) -> None:
        count(ANSWER, network=network_of(request.remote_addr), now=now)
        classroom_actions.answer_by_address(event, email, given, now=now)
        if is_handed_round:
            _end_turn()

    here = "evaluation.classroom_device" if is_handed_round else "evaluation.classroom"
    leave = "evaluation.classroom_next" if is_handed_round else "evaluation.classroom"
    answers = AnswerSession(
        invitation=classroom_actions.shown_form(event),
        address=url_for(here, code=code),
        done=url_for(f"{here}_thanks", code=code),
        send=send,
        classroom=InClassroom(
            known_as=email,
            carries={"email": email, **({TURN: session[TURN]} if is_handed_round else {})},
            is_new="screen" not in request.form,
            leave=url_for(leave, code=code),
            is_handed_round=is_handed_round,
        ),
    )
    return answer_screen(answers)


def _end_turn() -> None:
    session[TURN] = secrets.token_urlsafe(12)


def _not_stored(page: ResponseReturnValue) -> Response:
    """The page, marked so that browsers do not store it and the next person cannot go back to it."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
