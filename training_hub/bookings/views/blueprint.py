"""The blueprint on which every module of this package hangs its views, and who is asking."""

from typing import cast

from flask import Blueprint
from flask_login import current_user

from training_hub.people.models import Person

blueprint = Blueprint("bookings", "training_hub.bookings")


def asker() -> Person:
    """The person who is signed in, as a row that others can be tied to: `current_user` only stands for it."""
    return cast(Person, current_user._get_current_object())
