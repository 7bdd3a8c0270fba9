"""One-time keys: a form that is sent twice gets the first answer again, and changes nothing the second time.

Every form that changes something carries a random key (`form_key`). The redirect that answers the form is stored under
that key in the transaction of the change, so that there are both or neither. The same form sent again, by a second
press or a retry, is answered from there. Refusals and pages are not stored: what was put right can be sent again. Sent
much later, from a page that the browser kept, it is refused: the person may mean it, as in pause, resume, pause, but
the same thing must not be added twice by itself. A fresh page has a new key.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, g, redirect, request, session
from sqlalchemy import bindparam, delete, select, text
from werkzeug.wrappers import Response

from training_hub import clock
from training_hub.access import secret_hash
from training_hub.database import Moment, db
from training_hub.errors import Refused
from training_hub.web.models import FormAnswer

ANSWERED_AGAIN = timedelta(minutes=3)
"""How soon after the first answer a second press or a retry comes. Later, the same form is refused."""
KEPT = timedelta(days=1)
NOT_SENT = frozenset({"csrf_token", "form_key"})
"""Fields that may differ when the same answers are sent again."""

# Different answers under the same key replace the first: someone went back and changed the form. The same answers
# change no row: another press was faster, and this statement waited for it.
_STORE = text(
    "INSERT INTO form_answer (key, sent, location, answered_at) VALUES (:key, :sent, :location, :now) "
    "ON CONFLICT (key) DO UPDATE "
    "SET sent = excluded.sent, location = excluded.location, answered_at = excluded.answered_at "
    "WHERE form_answer.sent <> excluded.sent"
).bindparams(bindparam("now", type_=Moment))


@dataclass(frozen=True)
class Press:
    """One sending of a form: the form's key, which only this browser can use, and a hash of what was sent."""

    key: str
    sent: str


def init_app(app: Flask) -> None:
    """Make `app` answer repeated forms. Call it after `access`, so that only people with access get the answer."""
    app.jinja_env.globals["form_key"] = form_key
    app.before_request(_answer_again)
    app.after_request(_store)


def form_key() -> str:
    """The key of all forms on this page. They can share it, because what is stored also contains a form's address."""
    if "form_key" not in g:
        g.form_key = secrets.token_urlsafe(12)
    return str(g.form_key)


def forget_form_answers(*, now: datetime) -> int:
    """Delete answers that are more than a day old, and return how many."""
    old = delete(FormAnswer).where(FormAnswer.answered_at < now - KEPT)
    return int(db.session.connection().execute(old).rowcount)


def _answer_again() -> Response | None:
    if request.method == "GET" or not request.form.get("form_key"):
        return None
    press = _press(request.form["form_key"])
    answer = _first_answer(press)
    if answer is None:
        g.press = press
        return None
    if clock.now() - answer.answered_at > ANSWERED_AGAIN:
        raise Refused(
            "This form was sent before, from a page that is now out of date. "
            "Open the page again to see what has changed since, and send the form from there."
        )
    return redirect(answer.location, 303)


def _store(response: Response) -> Response:
    press = g.pop("press", None)
    if press is None or response.status_code < 300 or response.status_code >= 500:
        return response
    if response.status_code < 400 and (session.modified or _is_stored(press, response)):
        # Not stored if the session changed, as by signing in: the redirect alone would not repeat that change.
        return response
    # The form was refused. If another press was a moment faster, its stored answer is the answer to both.
    db.session.rollback()
    answer = _first_answer(press)
    return response if answer is None else redirect(answer.location, 303)


def _press(key: str) -> Press:
    browser = str(session.get("_user_id", "")), str(session.get("csrf_token", ""))
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in NOT_SENT]
    return Press(
        secret_hash("form", key, request.full_path, *browser), secret_hash("sent", key, repr(fields))
    )


def _first_answer(press: Press) -> FormAnswer | None:
    return db.session.scalar(
        select(FormAnswer).where(FormAnswer.key == press.key, FormAnswer.sent == press.sent)
    )


def _is_stored(press: Press, response: Response) -> bool:
    facts = {"key": press.key, "sent": press.sent, "location": response.location, "now": clock.now()}
    return bool(db.session.connection().execute(_STORE, facts).rowcount)
