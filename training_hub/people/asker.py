"""The person who is signed in."""

from typing import cast

from flask_login import current_user

from training_hub.people.models import Person


def asker() -> Person:
    """The person who is signed in, as a row that others can refer to: `current_user` is only a proxy for it."""
    return cast(Person, current_user._get_current_object())
