"""Print a link that signs one person in: for the first administrator, and for support when an email does not arrive.

The link works once, for ten minutes, and replaces any code or link that was sent to the person.
"""

import argparse

from sqlalchemy import select

from training_hub.clock import system_clock
from training_hub.commands.console import answer
from training_hub.commands.opening import application
from training_hub.database import db, transaction
from training_hub.errors import Refused
from training_hub.people.models import Person
from training_hub.people.rules import work_address
from training_hub.sign_in.actions import make_sign_in_link


def arguments(parser: argparse.ArgumentParser) -> None:
    """The person."""
    parser.add_argument("email", metavar="EMAIL", help="the person’s address")


def run(options: argparse.Namespace) -> None:
    """Make the link and print it."""
    email = work_address(options.email)
    with application() as app:
        with transaction():
            person = db.session.scalars(select(Person).where(Person.email == email)).one_or_none()
            if person is None:
                raise Refused(
                    f"Nobody is known by {email}. Add them with: training-hub add-person {email} --name NAME"
                )
            path = make_sign_in_link(person, now=system_clock())
        answer(f"{app.config['SETTINGS'].base_url}{path}")
