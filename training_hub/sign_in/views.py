"""Sign in and out. People enter a work address, and then the code or the link that was sent to it."""

from flask import Blueprint, Flask, current_app, redirect, render_template, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from training_hub.access import public
from training_hub.clock import now
from training_hub.database import begin_write, reads_first
from training_hub.limits.rules import network_of
from training_hub.people.models import Person
from training_hub.people.rules import own_path
from training_hub.sign_in import actions, queries
from training_hub.sign_in.forms import CodeForm, SignInForm
from training_hub.sign_in.rules import DeadLink, WrongCode
from training_hub.web.forms import render_form_page

blueprint = Blueprint("sign_in", __name__)


Page = str | Response | tuple[str, int]

ASKED = "code_sent_to"


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Page:
    """Ask for a code."""
    form = SignInForm()
    if request.method == "GET":
        onward = own_path(request.args.get("next", ""))
        if current_user.is_authenticated:
            return redirect(onward or "/", 303)
        form.next.data = onward
    elif form.validate():
        actions.ask_for_code(form.email.data, network=_network(), now=now(), next_page=form.next.data or "")
        session[ASKED] = [form.email.data, own_path(form.next.data or "")]
        return redirect(url_for("sign_in.sign_in_code"), 303)
    return render_form_page("sign_in/sign_in.html", form)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
@reads_first
def sign_in_code() -> Page:
    """Enter the code."""
    form = CodeForm()
    asked, onward = session.get(ASKED, ("", ""))
    if request.method == "GET":
        if not asked:
            return redirect(url_for("sign_in.sign_in"), 303)
        form.email.data = asked
    elif form.validate():
        try:
            counted = actions.count_try(form.email.data, network=_network(), now=now())
            begin_write()
            return _let_in(
                *actions.sign_in_by_code(form.email.data, form.code.data, counted=counted, now=now())
            )
        except WrongCode as error:
            form.code.errors = [str(error)]
    has_mail = current_app.config["SETTINGS"].mail is not None
    return render_form_page("sign_in/sign_in_code.html", form, onward=onward, has_mail=has_mail)


@blueprint.route("/sign-in/link/<token>", methods=["GET", "POST"])
@public
def sign_in_link(token: str) -> Page:
    """Show a button that signs the person in. Opening the link is not enough, because mail filters open every link."""
    try:
        if request.method == "POST":
            return _let_in(*actions.sign_in_by_link(token, now=now()))
        code = queries.good_link(actions.link_hash(token), now=now())
    except (DeadLink, WrongCode) as error:
        return render_template("sign_in/dead_link.html", sentence=str(error)), 410
    return render_template("sign_in/sign_in_link.html", token=token, email=code.email)


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """End this sign-in, on this device."""
    logout_user()
    session.clear()
    return redirect(url_for("sign_in.signed_out"), 303)


@blueprint.get("/signed-out")
@public
def signed_out() -> Page:
    """The page that says that the person is signed out."""
    if current_user.is_authenticated:
        return redirect("/", 303)
    return render_template("sign_in/signed_out.html", everywhere=request.args.get("everywhere") == "yes")


def _let_in(person: Person, onward: str) -> Response:
    # The person who signs in must not get anything from an earlier session of this browser.
    session.clear()
    session.permanent = True
    login_user(person)
    if not person.is_registered:
        return redirect(url_for("people.profile", next=onward or None), 303)
    return redirect(onward or "/", 303)


def _network() -> str:
    return network_of(request.remote_addr)


def init_app(app: Flask) -> None:
    """Register the views, and load the signed-in person for each request."""
    login = LoginManager()
    # Strong protection would sign people out when their network address changes, as on a train.
    login.session_protection = None
    login.user_loader(queries.signed_in_person)
    login.init_app(app)
    app.register_blueprint(blueprint)
