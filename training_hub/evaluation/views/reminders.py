"""Stopping the emails about evaluations, by the link in them."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Link, by_link
from training_hub.database import db
from training_hub.evaluation.actions import reminders as reminders_actions
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.evaluation.queries import mail_log as mail_log_queries
from training_hub.evaluation.queries import managers as managers_queries
from training_hub.evaluation.views.blueprint import blueprint
from training_hub.people.models import Person
from training_hub.questionnaires.models import Stage


@blueprint.route("/evaluation-mails/<token>", methods=["GET", "POST"])
@by_link("evaluation-mails")
def evaluation_mails(link: Link) -> ResponseReturnValue:
    """Stop the emails about evaluations, or start them again. Needs a POST, because mail filters open every link."""
    person = db.session.get(Person, link.row) or abort(404)
    here, answer = url_for("evaluation.evaluation_mails", token=link.token), request.form.get("answer", "")
    if answer == "stop":
        reminders_actions.opt_out(person, now=clock.now())
        return redirect(here, 303)
    if answer == "start":
        reminders_actions.opt_in(person)
        return redirect(here, 303)
    facts = {"person": person, "here": here, "since": mail_log_queries.opted_out_at(person.id)}
    status = 422 if request.method == "POST" else 200
    return render_template("evaluation/mails.html", **facts), status


@blueprint.route("/evaluation-mails/manager/<token>", methods=["GET", "POST"])
@by_link("manager-mails")
def manager_mails(link: Link) -> ResponseReturnValue:
    """Stop the emails that ask a line manager for the forms they have been asked for so far."""
    invitation = invitations_queries.invitation(link.row)
    if invitation is None or invitation.stage is not Stage.MANAGER:
        abort(404)
    address = managers_queries.manager_numbered(invitation, link.version) or abort(404)
    here = url_for("evaluation.manager_mails", token=link.token)
    if request.form.get("answer") == "stop":
        reminders_actions.stop_asking_manager(address)
        return redirect(f"{here}?done=", 303)
    status = 422 if request.method == "POST" else 200
    return render_template("evaluation/manager_mails.html", here=here, done="done" in request.args), status
