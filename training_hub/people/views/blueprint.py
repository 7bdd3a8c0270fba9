"""The blueprint to which every module of this package adds its views."""

from flask import Blueprint

from training_hub.people.actions import Details
from training_hub.people.forms import PersonForm, ProfileForm
from training_hub.people.models import Agency

blueprint = Blueprint("people", __name__)


def details_of(form: PersonForm | ProfileForm, *, email: str, agency: Agency | None) -> Details:
    """What the form says about a person."""
    return Details(
        email=email,
        name=form.name.data,
        agency=agency,
        job_role=form.job_role.data,
        manager_name=form.manager_name.data,
        manager_email=form.manager_email.data or "",
    )
