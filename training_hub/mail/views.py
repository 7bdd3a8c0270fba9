"""The outbox: every email, its state, and a button to send it again."""

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.mail import outbox as outgoing
from training_hub.mail import queries, rules, sending
from training_hub.mail.models import Mail, MailState
from training_hub.web.addresses import page_number
from training_hub.web.pages import NAVIGATION, Entry

blueprint = Blueprint("mail", __name__)


def init_app(app: Flask) -> None:
    """Register the pages, and let Flask-Mail compose messages."""
    sending.init_app(app)
    app.register_blueprint(blueprint)
    NAVIGATION["mail.outbox"] = Entry("Outbox", Permission.READ_OUTBOX, place=80)


@blueprint.get("/outbox")
@requires(Permission.READ_OUTBOX)
def outbox() -> str:
    """List all emails, newest first, filtered by state, name and address."""
    state = next((state for state in MailState if state.value == request.args.get("state")), None)
    search = request.args.get("q", "").strip()[:254]
    mails = queries.page_of_mails(current_user, state=state, search=search, page=page_number())
    return render_template(
        "mail/outbox.html",
        mails=mails,
        state=state,
        search=search,
        counts=queries.counts_by_state(current_user),
        has_server=_has_server(),
    )


@blueprint.get("/outbox/<int:mail_id>")
@requires(Permission.READ_OUTBOX)
def mail(mail_id: int) -> str:
    """Show one email and its state. Hides the text if only the recipient may read it."""
    found = _mail_or_404(mail_id)
    return render_template(
        "mail/mail.html",
        mail=found,
        may_leave_again=rules.may_leave_again(found, now=clock.now()),
        has_words=rules.has_words(found),
        is_on_its_way=rules.is_on_its_way(found),
        has_server=_has_server(),
    )


@blueprint.post("/outbox/<int:mail_id>/send-again")
@requires(Permission.READ_OUTBOX)
def send_again(mail_id: int) -> Response:
    """Send an email again."""
    outgoing.send_again(_mail_or_404(mail_id), now=clock.now())
    return redirect(url_for("mail.mail", mail_id=mail_id), 303)


def _mail_or_404(mail_id: int) -> Mail:
    return queries.mail_for(current_user, mail_id) or abort(404)


def _has_server() -> bool:
    return current_app.config["SETTINGS"].mail is not None
