"""The blueprint on which every module of this package hangs its views, and how often people name others."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from training_hub import clock
from training_hub.access import Link, Permission
from training_hub.bookings.actions import colleagues as colleagues_actions
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.queries.booking import booking_at, booking_by_id
from training_hub.limits.rules import TooOften
from training_hub.people.asker import asker
from training_hub.people.models import Agency
from training_hub.web.forms import Form, render_form_page

blueprint = Blueprint("bookings", "training_hub.bookings")


def count_naming(emails: Iterable[str], agency: Agency) -> None:
    """Count the addresses that the signed-in person names for places of `agency`; 429 where there are too many."""
    try:
        colleagues_actions.count_naming(emails, agency, by=asker(), now=clock.now())
    except TooOften as error:
        raise TooManyRequests(str(error), retry_after=int(error.wait.total_seconds()) + 1) from None


GONE = 410


def _linked(link: Link) -> Booking:
    return booking_by_id(link.row) or abort(404)


def _unanswered(template: str, form: Form, **facts: Any) -> ResponseReturnValue:
    """The page with its buttons; sent without one of them pressed, it is a form that was refused."""
    body, status = render_form_page(template, form, **facts)
    return body, 422 if request.method == "POST" else status


def _booking(reference: str, permission: Permission) -> Booking:
    return booking_at(reference, asker(), permission) or abort(404)
