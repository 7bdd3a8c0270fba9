"""The blueprint on which every module of this package hangs its views, who is asking, and how often."""

from collections.abc import Iterable
from typing import cast

from flask import Blueprint
from flask_login import current_user
from werkzeug.exceptions import TooManyRequests

from training_hub import clock
from training_hub.bookings import actions
from training_hub.people.models import Agency, Person
from training_hub.people.rules import TooOften

blueprint = Blueprint("bookings", "training_hub.bookings")


def asker() -> Person:
    """The person who is signed in, as a row that others can be tied to: `current_user` only stands for it."""
    return cast(Person, current_user._get_current_object())


def count_naming(emails: Iterable[str], agency: Agency) -> None:
    """Count the addresses that whoever asks names for places of `agency`; 429 where there have been too many."""
    try:
        actions.count_naming(emails, agency, by=asker(), now=clock.now())
    except TooOften as error:
        raise TooManyRequests(str(error), retry_after=int(error.wait.total_seconds()) + 1) from None
