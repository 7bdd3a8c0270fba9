"""A person's own details, and signing out everywhere."""

from flask import redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from training_hub.access import Permission, requires
from training_hub.clock import now
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.people import actions, queries
from training_hub.people.forms import ProfileForm, answers_of
from training_hub.people.models import Agency
from training_hub.people.rules import own_path
from training_hub.people.views.blueprint import blueprint, details_of
from training_hub.web.forms import render_form_page

Page = str | Response | tuple[str, int]


@blueprint.route("/profile", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
def profile() -> Page:
    """A person's own details. They are asked for at the first sign-in, and can be changed at any time."""
    onward = own_path(request.args.get("next", ""))
    is_first = not current_user.is_registered
    choices = queries.agency_choices(keeping=current_user.agency_id)
    form = ProfileForm(current_user, choices, data=answers_of(current_user))
    if request.method == "POST" and form.validate():
        agency = _agency(form)
        if agency is not None:
            details = details_of(form, email=current_user.email, agency=agency)
            actions.register(current_user, details, now=now())
            return redirect(onward or ("/" if is_first else url_for("people.profile", saved="yes")), 303)
    saved = request.method == "GET" and request.args.get("saved") == "yes"
    return render_form_page("people/profile.html", form, is_first=is_first, onward=onward, saved=saved)


def _agency(form: ProfileForm) -> Agency | None:
    if form.agency.data:
        return db.session.get_one(Agency, int(form.agency.data))
    try:
        return actions.agency_named(form.new_agency.data)
    except Refused as error:
        form.new_agency.errors = [str(error)]
        return None


@blueprint.route("/profile/sign-ins", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
def end_sign_ins() -> Page:
    """Ask, and then sign this person out on every device."""
    if request.method == "GET":
        return render_template("people/end_sign_ins.html")
    actions.end_sign_ins(current_user)
    logout_user()
    session.clear()
    return redirect(url_for("sign_in.signed_out", everywhere="yes"), 303)
