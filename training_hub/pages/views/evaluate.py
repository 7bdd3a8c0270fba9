"""The evaluation form, from the link in the mail to the certificate that it earns."""

from flask import abort, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from training_hub import clock
from training_hub.access import Link, by_link, link_token
from training_hub.certificates.actions import issue
from training_hub.certificates.queries import certificate_of
from training_hub.evaluation import actions, queries
from training_hub.evaluation.models import Invitation
from training_hub.evaluation.rules import (
    AlreadyAnswered,
    LinkExpired,
    LinkReplaced,
    NoLongerDue,
    check_answerable,
    is_chased,
)
from training_hub.pages.forms.evaluate import answers, evaluation_form, sections
from training_hub.pages.views.blueprint import blueprint
from training_hub.web.forms import render_form_page

GONE = 410
CONFLICT = 409


@blueprint.route("/evaluate/<token>", methods=["GET", "POST"])
@by_link("evaluate")
def evaluate(link: Link) -> str | tuple[str, int] | Response:
    """Ask for the evaluation, and take the answers: only a POST does, since mail filters open every link."""
    invitation = queries.invitation(link.row) or abort(404)
    questions = queries.questions(invitation.questionnaire_id)
    form = evaluation_form(questions)
    now = clock.now()
    try:
        check_answerable(invitation, now=now, version=link.version, is_owner=_is_owner(invitation))
        if form.validate_on_submit():
            actions.answer(invitation, answers(form, questions), now=now)
            issue(invitation.booking, now=now)
            return redirect(url_for("pages.evaluated", token=link.token), 303)
    except AlreadyAnswered:
        return _thanks(invitation, has_just_answered=False), CONFLICT if form.is_submitted() else 200
    except (LinkReplaced, LinkExpired, NoLongerDue) as refusal:
        facts = {"invitation": invitation, "refusal": refusal, "kind": type(refusal).__name__}
        return render_template("evaluation/shut.html", **facts), GONE
    return render_form_page(
        "evaluation/form.html",
        form,
        invitation=invitation,
        sections=sections(form, questions),
        token=link.token,
        # An officer may have released it already.
        has_certificate=certificate_of(invitation.booking_id) is not None,
    )


@blueprint.get("/evaluate/<token>/thanks")
@by_link("evaluate")
def evaluated(link: Link) -> str | tuple[str, int] | Response:
    """Say that the answers have arrived, and hand over the certificate."""
    invitation = queries.invitation(link.row) or abort(404)
    try:
        check_answerable(invitation, now=clock.now(), version=link.version, is_owner=_is_owner(invitation))
    except AlreadyAnswered:
        return _thanks(invitation, has_just_answered=True)
    except LinkReplaced:
        abort(404)
    except (LinkExpired, NoLongerDue):
        # The form's own page says which, and what to do.
        pass
    return redirect(url_for("pages.evaluate", token=link.token), 303)


def _is_owner(invitation: Invitation) -> bool:
    return bool(current_user.is_authenticated and current_user.id == invitation.booking.person_id)


def _thanks(invitation: Invitation, *, has_just_answered: bool) -> str:
    certificate = certificate_of(invitation.booking_id)
    return render_template(
        "evaluation/thanks.html",
        invitation=invitation,
        booking=invitation.booking,
        course=invitation.booking.event.course,
        has_just_answered=has_just_answered,
        is_mailed=is_chased(invitation.booking.event),
        certificate=certificate,
        certificate_token=link_token("certificate", certificate.id) if certificate else "",
    )
