"""The person who is signed in."""

from typing import cast

from flask_login import current_user

from training_hub.people.models import Person


def asker() -> Person:
    """The signed-in person, as a database row. `current_user` is only a proxy, to which other rows cannot refer."""
    return cast(Person, current_user._get_current_object())
