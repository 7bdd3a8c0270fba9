"""Answering in the room: with one's own phone, or with a device that is handed round.

Whoever bears the code, which stands on a wall, must not learn who is booked. So a page is the same for every address
that is typed, to the last; a mail to the address says whether answers were kept. And since a page that is only opened
writes nothing, and so cannot count guesses, only what is sent says whether a code is good.
"""

import secrets
from collections.abc import Callable, Mapping

from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from training_hub import clock
from training_hub.access import public
from training_hub.catalogue.models import Event
from training_hub.evaluation.actions import classroom as classroom_actions
from training_hub.evaluation.forms.classroom import RoomAddressForm, RoomCodeForm
from training_hub.evaluation.queries import classroom as classroom_queries
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.evaluation.rules.answers import Given
from training_hub.evaluation.rules.classroom import NoPlaceHere, as_code, check_in_room
from training_hub.evaluation.rules.invitations import AlreadyAnswered
from training_hub.evaluation.screens import Sitting, answer_screen
from training_hub.evaluation.views.blueprint import blueprint
from training_hub.limits.actions import count_in_room, count_miss
from training_hub.limits.rules import ANSWER, TooOften, network_of
from training_hub.web.forms import render_form_page

CONFLICT, NOT_FOUND = 409, 404
WRONG_CODE = (
    "This code opens no form. Check it on the screen: a room that was closed and opened again has a new one"
)
SITTING = "sitting"
"""The name, in the cookie and on the pages of a device that is handed round, of the number drawn for each person."""


@blueprint.route("/room", methods=["GET", "POST"])
@public
def room_code() -> ResponseReturnValue:
    """Type the code that the trainer shows."""
    form = RoomCodeForm()
    if request.method == "POST" and form.validate():
        code = as_code(form.code.data)
        if _event(code) is not None:
            return redirect(url_for("evaluation.room", code=code), 303)
        form.code.errors = [WRONG_CODE]
    return render_form_page("evaluation/classroom/code.html", form)


@blueprint.route("/room/<code>", methods=["GET", "POST"])
@public
def room(code: str) -> ResponseReturnValue:
    """Say who one is, on one's own device, and answer."""
    if request.method == "GET":
        return _kept_nowhere(_door(code, RoomAddressForm()))
    event = _event(code)
    if event is None:
        return _shut()
    if request.form.get("as") == "me" and current_user.is_authenticated:
        return _kept_nowhere(_answer_own(code, event))
    form = RoomAddressForm()
    if not form.validate():
        return _kept_nowhere(_door(code, form))
    return _kept_nowhere(_answer_by_address(code, event, form.email.data))


@blueprint.get("/room/<code>/thanks")
@public
def room_thanks(code: str) -> ResponseReturnValue:
    """Say what has become of the answers: to whoever is signed in, for certain."""
    is_known = "me" in request.args and current_user.is_authenticated
    return _kept_nowhere(render_template("evaluation/classroom/thanks.html", code=code, is_known=is_known))


@blueprint.route("/room/<code>/device", methods=["GET", "POST"])
@public
def room_device(code: str) -> ResponseReturnValue:
    """Say who one is, on a device that is handed round, and answer."""
    if current_user.is_authenticated:
        return _kept_nowhere(render_template("evaluation/classroom/signed_in.html", code=code, bare=True))
    if request.method == "GET":
        session.setdefault(SITTING, secrets.token_urlsafe(12))
        return _kept_nowhere(_door(code, RoomAddressForm(), is_handed_round=True))
    if not secrets.compare_digest(request.form.get(SITTING, ""), session.get(SITTING, "-")):
        # Somebody went back to a page of the person before, and sent it once more.
        return _kept_nowhere(
            (render_template("evaluation/classroom/over.html", code=code, bare=True), CONFLICT)
        )
    event = _event(code)
    if event is None:
        return _shut(bare=True)
    form = RoomAddressForm()
    if not form.validate():
        return _kept_nowhere(_door(code, form, is_handed_round=True))
    return _kept_nowhere(_answer_by_address(code, event, form.email.data, is_handed_round=True))


@blueprint.post("/room/<code>/device/next")
@public
def room_next(code: str) -> ResponseReturnValue:
    """Make the device ready for the next person: nobody is signed in on it, and no page of the last one works."""
    if current_user.is_authenticated:
        logout_user()
        session.clear()
    _forget_sitting()
    return redirect(url_for("evaluation.room_device", code=code), 303)


@blueprint.get("/room/<code>/device/thanks")
@public
def room_device_thanks(code: str) -> ResponseReturnValue:
    """Thank whoever has answered, and wait for the next person."""
    return _kept_nowhere(
        render_template(
            "evaluation/classroom/thanks.html", code=code, is_known=False, is_handed_round=True, bare=True
        )
    )


def _event(code: str) -> Event | None:
    """The event whose room this code opens. A wrong one is counted, and a network that sends many is shut out."""
    now = clock.now()
    found = classroom_queries.event_in_room(as_code(code), now=now)
    if found is None:
        _limited(lambda: count_miss(network=network_of(request.remote_addr), now=now))
    return found


def _door(code: str, form: RoomAddressForm, *, is_handed_round: bool = False) -> tuple[str, int]:
    return render_form_page(
        "evaluation/classroom/door.html",
        form,
        code=code,
        is_handed_round=is_handed_round,
        sitting=session.get(SITTING, "") if is_handed_round else "",
        bare=is_handed_round,
    )


def _shut(*, bare: bool = False) -> ResponseReturnValue:
    return render_template("evaluation/classroom/shut.html", bare=bare), NOT_FOUND


def _answer_own(code: str, event: Event) -> ResponseReturnValue:
    """Let whoever is signed in answer: they may know what their own place is."""
    email, now = current_user.email, clock.now()

    def send(given: Mapping[str, Given]) -> None:
        classroom_actions.answer_in_room(event, email, given, now=now)

    def keep(given: Mapping[str, Given]) -> None:
        classroom_actions.keep_part_in_room(event, email, given, now=now)

    is_new = "screen" not in request.form
    booking = classroom_queries.place_in_room(event.id, email)
    asked = invitations_queries.invitation_of(booking.id) if booking else None
    sitting = Sitting(
        invitation=classroom_actions.shown_form(event),
        here=lambda _screen: url_for("evaluation.room", code=code),
        done=url_for("evaluation.room_thanks", code=code, me="yes"),
        keep=keep,
        kept_with=asked.id if asked else None,
        is_new=is_new,
        known_as=current_user.name or email,
        carries={"as": "me"},
        send=send,
    )
    try:
        if is_new:
            check_in_room(booking, asked)
        return answer_screen(sitting, now=now)
    except (AlreadyAnswered, NoPlaceHere) as refusal:
        page = render_template(
            "evaluation/classroom/refused.html", code=code, is_back=isinstance(refusal, AlreadyAnswered)
        )
        return page, CONFLICT


def _answer_by_address(
    code: str, event: Event, email: str, *, is_handed_round: bool = False
) -> ResponseReturnValue:
    """Let whoever typed this address answer, booked or not, and say nothing of which."""
    now = clock.now()

    def send(given: Mapping[str, Given]) -> None:
        _limited(lambda: count_in_room(ANSWER, network=network_of(request.remote_addr), now=now))
        classroom_actions.answer_by_address(event, email, given, now=now)
        if is_handed_round:
            _forget_sitting()

    door, done = ("room_device", "room_device_thanks") if is_handed_round else ("room", "room_thanks")
    sitting = Sitting(
        invitation=classroom_actions.shown_form(event),
        here=lambda _screen: url_for(f"evaluation.{door}", code=code),
        done=url_for(f"evaluation.{done}", code=code),
        keeps=False,
        is_new="screen" not in request.form,
        known_as=email,
        is_handed_round=is_handed_round,
        leave=url_for("evaluation.room_next" if is_handed_round else "evaluation.room", code=code),
        carries={"email": email, **({SITTING: session[SITTING]} if is_handed_round else {})},
        send=send,
    )
    return answer_screen(sitting, now=now)


def _forget_sitting() -> None:
    session[SITTING] = secrets.token_urlsafe(12)


def _limited(count: Callable[[], None]) -> None:
    try:
        count()
    except TooOften as error:
        raise TooManyRequests(str(error), retry_after=int(error.wait.total_seconds()) + 1) from None


def _kept_nowhere(page: ResponseReturnValue) -> Response:
    """The page, which no browser stores: on whichever device, the next person must not find it."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
