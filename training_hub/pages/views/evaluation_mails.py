"""The mails about evaluations: stopping them by their own link, and the ledger of what each person was sent."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Link, Permission, by_link, requires
from training_hub.database import db
from training_hub.evaluation import actions, queries
from training_hub.evaluation.models import Confidentiality, Invitation, Stage
from training_hub.evaluation.queries import Sent
from training_hub.evaluation.rules import manager_of
from training_hub.london import london_date
from training_hub.pages.views.blueprint import blueprint
from training_hub.people.models import Person

UNPROCESSABLE = 422
STAGES = {
    Stage.BEFORE: "Before the course",
    Stage.END: "End of the course",
    Stage.SIX_WEEKS: "Six weeks after",
    Stage.THREE_MONTHS: "Three months after",
    Stage.MANAGER: "Asked of the line manager",
}


@blueprint.route("/evaluation-mails/<token>", methods=["GET", "POST"])
@by_link("evaluation-mails")
def evaluation_mails(link: Link) -> ResponseReturnValue:
    """Stop the mails about evaluations, or have them again: only a POST does, since mail filters open every link."""
    person = db.session.get(Person, link.row) or abort(404)
    here, answer = url_for("pages.evaluation_mails", token=link.token), request.form.get("answer", "")
    if answer == "stop":
        actions.opt_out(person, now=clock.now())
        return redirect(here, 303)
    if answer == "start":
        actions.opt_in(person)
        return redirect(here, 303)
    facts = {"person": person, "here": here, "since": queries.opted_out_at(person.id)}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render_template("evaluation/mails.html", **facts), status


@blueprint.route("/evaluation-mails/manager/<token>", methods=["GET", "POST"])
@by_link("manager-mails")
def manager_mails(link: Link) -> ResponseReturnValue:
    """Stop the mails that ask a line manager about their people, of whom they have been asked by now."""
    invitation = queries.invitation(link.row)
    if invitation is None or invitation.stage is not Stage.MANAGER:
        abort(404)
    address = queries.manager_numbered(invitation, link.version) or abort(404)
    here = url_for("pages.manager_mails", token=link.token)
    if request.form.get("answer") == "stop":
        actions.stop_asking_manager(address)
        return redirect(f"{here}?done=", 303)
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render_template("evaluation/manager_mails.html", here=here, done="done" in request.args), status


@blueprint.get("/manage/people/<int:person_id>/evaluations")
@requires(Permission.READ_OUTBOX)
def person_evaluations(person_id: int) -> str:
    """What somebody was sent about each of their evaluations, and what followed."""
    person = (db.session.get(Person, person_id) if person_id < 2**31 else None) or abort(404)
    asked = queries.evaluations_of(person.id)
    sent = queries.sent_about(asked)
    return render_template(
        "evaluation/person.html",
        person=person,
        since=queries.opted_out_at(person.id),
        asked=[
            {
                "stage": STAGES[row.stage],
                "row": row,
                "booking": row.booking,
                "manager": next(filter(None, manager_of(row.booking)), ""),
                "is_anonymous": row.questionnaire.confidentiality is Confidentiality.ANONYMOUS,
                "mails": _followed(row, sent.get(row.id, ())),
            }
            for row in asked
        ],
    )


def _followed(row: Invitation, mails: Any) -> list[tuple[Sent, bool]]:
    """Each mail, and whether the answers came after it and before the next. Told by the day, as of an anonymous form no
    more is known."""
    returned = london_date(row.returned_at) if row.returned_at else None
    before = [number for number, mail in enumerate(mails) if returned and london_date(mail.at) <= returned]
    return [(mail, bool(before) and number == before[-1]) for number, mail in enumerate(mails)]
