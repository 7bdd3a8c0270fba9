"""Pages of certificates: a person's own, an officer's view, and the public check of a number."""

from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from training_hub import clock
from training_hub.access import Link, Permission, by_link, link_token, public, requires
from training_hub.bookings.models.booking import Booking
from training_hub.certificates import actions, pdf, queries
from training_hub.certificates.forms import ReleaseForm, VerifyForm
from training_hub.certificates.models import Certificate
from training_hub.certificates.rules import (
    NotCompleted,
    NotEvaluated,
    as_number,
    check_completed,
    check_evaluated,
    validity_of,
)
from training_hub.errors import Refused
from training_hub.evaluation.actions.invitations import open_form
from training_hub.evaluation.queries.invitations import is_certificate_waiting
from training_hub.evaluation.rules.invitations import is_chased
from training_hub.web.forms import render_form_page
from training_hub.web.pages import download

blueprint = Blueprint("certificates", __name__)


def init_app(app: Flask) -> None:
    """Register the views with `app`."""
    app.register_blueprint(blueprint)


@blueprint.get("/certificates/<reference>")
@requires(Permission.SEE_CERTIFICATES)
def certificate(reference: str) -> tuple[str, int]:
    """Show the certificate for one booking, or what is still missing for it."""
    return _page(_booking(reference), ReleaseForm())


@blueprint.post("/certificates/<reference>/issue")
@requires(Permission.SEE_CERTIFICATES)
def issue(reference: str) -> Answer:
    """Issue a missing certificate, for example for a course held before this service began."""
    actions.issue(_booking(reference), now=clock.now())
    return redirect(url_for("certificates.certificate", reference=reference), 303)


@blueprint.post("/certificates/<reference>/evaluate")
@requires(Permission.SEE_CERTIFICATES)
def evaluate(reference: str) -> Answer:
    """Open the evaluation form for the reader's own booking."""
    booking = _booking(reference)
    if booking.person_id != current_user.id:
        abort(403, "Only the person who was on the course can answer its form.")
    invitation = open_form(booking, now=clock.now())
    token = link_token("evaluate", invitation.id, invitation.link_version)
    return redirect(url_for("pages.evaluate", token=token, by="certificate"), 303)


@blueprint.post("/certificates/<reference>/release")
@requires(Permission.RELEASE_CERTIFICATES)
def release(reference: str) -> tuple[str, int] | Answer:
    """Release the certificate without the evaluation, for a reason."""
    booking = _booking(reference, Permission.RELEASE_CERTIFICATES)
    form = ReleaseForm()
    if form.validate_on_submit():
        actions.release(booking, by=current_user, now=clock.now(), reason=form.reason.data)
        return redirect(url_for("certificates.certificate", reference=reference), 303)
    return _page(booking, form)


@blueprint.get("/certificates/<reference>.pdf", endpoint="pdf")
@requires(Permission.SEE_CERTIFICATES)
def file(reference: str) -> Response:
    """Send the certificate as a PDF file."""
    return _file(queries.certificate_of(_booking(reference).id))


@blueprint.get("/certificate/<token>.pdf", endpoint="by_link")
@by_link("certificate")
def linked_file(link: Link) -> Response:
    """Send the certificate as a PDF file to the person who was emailed this link."""
    return _file(queries.certificate(link.row))


@blueprint.get("/verify")
@public
def verify() -> tuple[str, int] | Answer:
    """Let anyone check a certificate number."""
    form = VerifyForm(request.args if "number" in request.args else None)
    if "number" in request.args and form.validate():
        number = as_number(form.number.data)
        if number:
            return redirect(url_for("certificates.verified", number=number), 303)
        form.number.errors = ["A certificate number has 12 letters and numbers"]
    return render_form_page("certificates/verify.html", form)


@blueprint.get("/verify/<number>")
@public
def verified(number: str) -> tuple[str, int]:
    """Say whether the certificate with this number is genuine and in date, and what it is for."""
    found = queries.certificate_numbered(number)
    if found is None:
        form = VerifyForm(data={"number": as_number(number)})
        return render_template("certificates/unknown.html", form=form, number=number[:40]), 404
    return render_template("certificates/verified.html", certificate=found, **_facts(found.booking)), 200


def _booking(reference: str, permission: Permission = Permission.SEE_CERTIFICATES) -> Booking:
    return queries.booking_for(current_user, reference, permission) or abort(404)


def _page(booking: Booking, form: ReleaseForm) -> tuple[str, int]:
    needs_evaluation = is_certificate_waiting(booking.event)
    is_returned = queries.is_evaluation_returned(booking)
    missing: Refused | None = None
    try:
        check_completed(booking, now=clock.now())
        check_evaluated(is_needed=needs_evaluation, is_returned=is_returned)
    except Refused as refusal:
        missing = refusal
    owes = booking.event.course.is_evaluated and not is_returned and not isinstance(missing, NotCompleted)
    return render_form_page(
        "certificates/certificate.html",
        form,
        certificate=queries.certificate_of(booking.id),
        missing=missing,
        may_release=current_user.may(Permission.RELEASE_CERTIFICATES) and isinstance(missing, NotEvaluated),
        is_own=booking.person_id == current_user.id,
        is_over=booking.event.ends_at <= clock.now(),
        is_mailed=is_chased(booking.event),
        needs_evaluation=needs_evaluation,
        is_waiting=isinstance(missing, NotEvaluated),
        is_owed_evaluation=owes,
        **_facts(booking),
    )


def _facts(booking: Booking) -> dict[str, Any]:
    course = booking.event.course
    return {
        "booking": booking,
        "course": course,
        "days": pdf.days(booking.event),
        "validity": validity_of(booking, now=clock.now()),
    }


def _file(found: Certificate | None) -> Response:
    if found is None:
        abort(404)
    if not validity_of(found.booking, now=clock.now()).is_genuine:
        abort(
            404,
            "The register no longer shows this course as completed, so its certificate is no longer valid.",
        )
    settings = current_app.config["SETTINGS"]
    sheet = pdf.draw(
        found,
        partnership=settings.partnership_name,
        verify_url=f"{settings.base_url}/verify/{found.number}",
    )
    return download(
        sheet, f"Certificate {found.booking.event.course.title} {found.number}.pdf", "application/pdf"
    )
