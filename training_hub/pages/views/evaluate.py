"""The evaluation form, from the link in the mail to the certificate that it earns."""

from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training_hub import clock
from training_hub.access import Link, by_link, link_token
from training_hub.certificates.queries import certificate_of
from training_hub.evaluation import queries
from training_hub.evaluation.models import Channel, Invitation, Stage
from training_hub.evaluation.rules import (
    AlreadyAnswered,
    LinkExpired,
    LinkReplaced,
    NoLongerDue,
    check_answerable,
    is_chased,
    manager_of,
)
from training_hub.pages.views.answering import Sitting, answer_screen
from training_hub.pages.views.blueprint import blueprint

GONE = 410
CONFLICT = 409
CAME_BY = {
    "0": Channel.INVITATION,
    "1": Channel.REMINDER_1,
    "2": Channel.REMINDER_2,
    "3": Channel.REMINDER_3,
    "4": Channel.REMINDER_4,
    "certificate": Channel.CERTIFICATE,
    "signed-in": Channel.SIGNED_IN,
}
"""What an address that leads to a form says of the way by which someone came: the number of the mail, or a page."""


@blueprint.route("/evaluate/<token>", methods=["GET", "POST"])
@by_link("evaluate")
def evaluate(link: Link) -> ResponseReturnValue:
    """Ask for the evaluation, and take the answers: only a POST does, since mail filters open every link."""
    invitation, now = queries.invitation(link.row) or abort(404), clock.now()
    by = request.args.get("by", "")
    came = {"by": by} if by in CAME_BY else {}
    sitting = Sitting(
        invitation=invitation,
        here=lambda screen: url_for("pages.evaluate", token=link.token, screen=str(screen), **came),  # type: ignore[arg-type]
        done=url_for("pages.evaluated", token=link.token),
        by=CAME_BY.get(by),
    )
    try:
        _check(invitation, link, now=now)
        return answer_screen(sitting, now=now)
    except AlreadyAnswered:
        is_sent = request.method == "POST"
        return _thanks(invitation, has_just_answered=False), CONFLICT if is_sent else 200
    except (LinkReplaced, LinkExpired, NoLongerDue) as refusal:
        facts = {"invitation": invitation, "refusal": refusal, "kind": type(refusal).__name__}
        return render_template("evaluation/shut.html", **facts), GONE


@blueprint.get("/evaluate/<token>/thanks")
@by_link("evaluate")
def evaluated(link: Link) -> ResponseReturnValue:
    """Say that the answers have arrived, and hand over the certificate."""
    invitation = queries.invitation(link.row) or abort(404)
    try:
        _check(invitation, link, now=clock.now())
    except AlreadyAnswered:
        return _thanks(invitation, has_just_answered=True)
    except LinkReplaced:
        abort(404)
    except (LinkExpired, NoLongerDue):
        # The form's own page says which, and what to do.
        pass
    return redirect(url_for("pages.evaluate", token=link.token), 303)


def _check(invitation: Invitation, link: Link, *, now: datetime) -> None:
    check_answerable(
        invitation,
        now=now,
        version=link.version,
        is_owner=_is_owner(invitation),
        is_room_open=queries.is_room_open(invitation.booking, now=now),
        is_with_another=invitation.stage is Stage.MANAGER and queries.is_asked_of_another(invitation.id),
    )


def _is_owner(invitation: Invitation) -> bool:
    """Whether whoever is signed in is asked: the person, or of what a line manager sees, whoever has that address."""
    if not current_user.is_authenticated:
        return False
    booking = invitation.booking
    if invitation.stage is Stage.MANAGER:
        return bool(current_user.email == manager_of(booking)[1])
    return bool(current_user.id == booking.person_id)


def _thanks(invitation: Invitation, *, has_just_answered: bool) -> str:
    certificate = certificate_of(invitation.booking_id) if invitation.stage is Stage.END else None
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
