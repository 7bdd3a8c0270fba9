"""The pages of one evaluation: from the link in the email, through the form, to the certificate."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training_hub import clock
from training_hub.access import Link, by_link, link_token
from training_hub.bookings.models.status import Status
from training_hub.certificates.actions import issue
from training_hub.certificates.queries import certificate_of
from training_hub.certificates.rules import validity_of
from training_hub.evaluation.actions.answers import answer, keep_part
from training_hub.evaluation.models.invitations import BY_EMAIL, Channel, Invitation
from training_hub.evaluation.queries import classroom as classroom_queries
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.evaluation.queries import managers as managers_queries
from training_hub.evaluation.queries.answers import part_of
from training_hub.evaluation.queries.invitations import is_certificate_waiting
from training_hub.evaluation.rules.answers import Given
from training_hub.evaluation.rules.invitations import (
    AlreadyAnswered,
    LinkExpired,
    LinkReplaced,
    NoLongerDue,
    Visitor,
    check_answerable,
    is_chased,
)
from training_hub.evaluation.rules.stages import manager_of
from training_hub.evaluation.screens import AnswerSession, answer_screen
from training_hub.pages.views.blueprint import blueprint
from training_hub.questionnaires.models import Stage

GONE = 410
CONFLICT = 409
CAME_BY = {
    **{str(number): channel for number, channel in enumerate(BY_EMAIL)},
    "certificate": Channel.CERTIFICATE,
    "signed-in": Channel.SIGNED_IN,
}
"""The channel for each value of `by` in the address: the number of the email, or a page."""


@blueprint.route("/evaluate/<token>", methods=["GET", "POST"])
@by_link("evaluate")
def evaluate(link: Link) -> ResponseReturnValue:
    """Show the evaluation and store its answers. Only a POST changes anything, because mail filters open links."""
    invitation, now = invitations_queries.invitation(link.row) or abort(404), clock.now()
    by = request.args.get("by", "")
    session = AnswerSession(
        invitation=invitation,
        address=url_for("pages.evaluate", token=link.token, by=by if by in CAME_BY else None),
        done=url_for("pages.evaluated", token=link.token),
        send=partial(_take, invitation, by=CAME_BY.get(by), now=now),
        keep=partial(keep_part, invitation, now=now),
        kept=part_of(invitation.id),
        is_certificate_waiting=_is_certificate_waiting(invitation),
    )
    try:
        _check(invitation, link, now=now)
        return answer_screen(session)
    except AlreadyAnswered:
        is_sent = request.method == "POST"
        return _thanks(invitation, has_just_answered=False), CONFLICT if is_sent else 200
    except (LinkReplaced, LinkExpired, NoLongerDue) as refusal:
        facts = {"invitation": invitation, "refusal": refusal, "kind": type(refusal).__name__}
        return render_template("pages/evaluate_shut.html", **facts), GONE


@blueprint.get("/evaluate/<token>/thanks")
@by_link("evaluate")
def evaluated(link: Link) -> ResponseReturnValue:
    """Say that the answers have arrived, and show the certificate."""
    invitation = invitations_queries.invitation(link.row) or abort(404)
    try:
        _check(invitation, link, now=clock.now())
    except AlreadyAnswered:
        return _thanks(invitation, has_just_answered=True)
    except LinkReplaced:
        abort(404)
    except (LinkExpired, NoLongerDue):
        # The evaluation's page says why the answers are missing.
        pass
    return redirect(url_for("pages.evaluate", token=link.token), 303)


def _take(invitation: Invitation, given: Mapping[str, Given], *, by: Channel | None, now: datetime) -> None:
    """Store the answers, and issue the certificate that waited for them."""
    answer(invitation, given, now=now, by=by)
    # If the register is not marked yet, the worker issues the certificate later.
    if invitation.stage is Stage.END and invitation.booking.status is Status.COMPLETED:
        issue(invitation.booking, now=now)


def _is_certificate_waiting(invitation: Invitation) -> bool:
    """Whether the certificate waits for the evaluation. False if an officer has released it."""
    booking = invitation.booking
    return is_certificate_waiting(booking.event) and certificate_of(booking.id) is None


def _check(invitation: Invitation, link: Link, *, now: datetime) -> None:
    is_of_manager = invitation.stage is Stage.MANAGER
    visitor = Visitor(
        version=link.version,
        is_owner=_is_owner(invitation),
        is_former_manager=is_of_manager and managers_queries.is_asked_of_former(invitation.id),
    )
    is_open = classroom_queries.is_classroom_open(invitation.booking, now=now)
    check_answerable(invitation, visitor, now=now, is_classroom_open=is_open)


def _is_owner(invitation: Invitation) -> bool:
    """Whether the reader is the invitee: the booked person, or at the manager stage their line manager."""
    if not current_user.is_authenticated:
        return False
    booking = invitation.booking
    if invitation.stage is Stage.MANAGER:
        return bool(current_user.email == manager_of(booking)[1])
    return bool(current_user.id == booking.person_id)


def _thanks(invitation: Invitation, *, has_just_answered: bool) -> str:
    certificate = certificate_of(invitation.booking_id) if invitation.stage is Stage.END else None
    return render_template(
        "pages/evaluate_thanks.html",
        invitation=invitation,
        booking=invitation.booking,
        course=invitation.booking.event.course,
        has_just_answered=has_just_answered,
        is_mailed=is_chased(invitation.booking.event),
        certificate=certificate,
        validity=validity_of(invitation.booking, now=clock.now()),
        certificate_token=link_token("certificate", certificate.id) if certificate else "",
    )
