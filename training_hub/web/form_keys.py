"""One-time keys: a form that is sent twice gets the first answer again, and changes nothing the second time.

Every form that changes something carries a random key (`form_key`). The redirect that answers the form is stored under
that key in the transaction of the change, so that there are both or neither. The same form sent again, by a second
press or a retry, is answered from there. Refusals and pages are not stored: what was put right can be sent again.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, g, redirect, request, session
from sqlalchemy import Date, bindparam, delete, select, text
from werkzeug.wrappers import Response

from training_hub import clock
from training_hub.access import secret_hash
from training_hub.database import db
from training_hub.london import london_date
from training_hub.web.models import FormAnswer

KEPT = timedelta(days=1)
NOT_SENT = frozenset({"csrf_token", "form_key"})
"""Fields that may differ when the same answers are sent again."""

# Another answer under the same key replaces the first: someone went back, and sent something else from that page. The
# same one leaves no row to count: another press was a moment faster, and this statement waited for it.
_STORE = text(
    "INSERT INTO form_answer (key, sent, location, answered_on) VALUES (:key, :sent, :location, :today) "
    "ON CONFLICT (key) DO UPDATE SET sent = excluded.sent, location = excluded.location "
    "WHERE form_answer.sent <> excluded.sent"
).bindparams(bindparam("today", type_=Date))


@dataclass(frozen=True)
class Press:
    """One sending of a form: its key, which only this browser can use, and what was sent."""

    key: str
    sent: str


def init_app(app: Flask) -> None:
    """Answer repeated forms of `app`. Only after access has been checked: the answer is for someone who may have it."""
    app.jinja_env.globals["form_key"] = form_key
    app.before_request(_answer_again)
    app.after_request(_store)


def form_key() -> str:
    """The key of the forms on this page. All share it, because the address of each is part of the stored key."""
    if "form_key" not in g:
        g.form_key = secrets.token_urlsafe(12)
    return str(g.form_key)


def forget_form_answers(*, now: datetime) -> int:
    """Delete answers from before yesterday, and return how many. A later press is not a second press."""
    old = delete(FormAnswer).where(FormAnswer.answered_on < london_date(now) - KEPT)
    return int(db.session.connection().execute(old).rowcount)


def _answer_again() -> Response | None:
    if request.method == "GET" or not request.form.get("form_key"):
        return None
    press = _press(request.form["form_key"])
    answer = _first_answer(press)
    if answer is None:
        g.press = press
    return answer


def _store(response: Response) -> Response:
    press = g.pop("press", None)
    if press is None or response.status_code < 300 or response.status_code >= 500:
        return response
    if response.status_code < 400 and (session.modified or _is_stored(press, response)):
        # A change of the session, such as signing in, is more than a redirect. A second press gets a new answer.
        return response
    # Refused, or too late: another press may have been a moment faster, and then its answer is the answer to both.
    db.session.rollback()
    return _first_answer(press) or response


def _press(key: str) -> Press:
    browser = str(session.get("_user_id", "")), str(session.get("csrf_token", ""))
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in NOT_SENT]
    return Press(
        secret_hash("form", key, request.full_path, *browser), secret_hash("sent", key, repr(fields))
    )


def _first_answer(press: Press) -> Response | None:
    found = select(FormAnswer.location).where(FormAnswer.key == press.key, FormAnswer.sent == press.sent)
    location = db.session.scalar(found)
    return None if location is None else redirect(location, 303)


def _is_stored(press: Press, response: Response) -> bool:
    today = london_date(clock.now())
    facts = {"key": press.key, "sent": press.sent, "location": response.location, "today": today}
    return bool(db.session.connection().execute(_STORE, facts).rowcount)
