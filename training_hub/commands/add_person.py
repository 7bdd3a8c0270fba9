"""Add a person who can then sign in with this address, with any roles beside practitioner, which everyone is.

Whoever is entered without an agency is asked for it when they first sign in.
"""

import argparse

from training_hub.access import Role
from training_hub.clock import system_clock
from training_hub.commands.console import answer
from training_hub.commands.opening import application
from training_hub.database import transaction
from training_hub.people.actions import add_person, agency_named

ROLES = {role.value.replace(" ", "-"): role for role in Role if role is not Role.PRACTITIONER}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Who, and as what."""
    parser.add_argument("email", metavar="EMAIL", help="the person’s work address")
    parser.add_argument("--name", required=True, help="first and last name")
    parser.add_argument(
        "--role",
        action="append",
        default=[],
        choices=sorted(ROLES),
        help="a role; may be given several times",
    )
    parser.add_argument("--agency", default="", help="the agency they work for; added if it is new")
    parser.add_argument("--job-role", default="", help="what they do there")


def run(options: argparse.Namespace) -> None:
    """Add them."""
    with application(), transaction():
        person = add_person(
            options.email,
            options.name,
            [ROLES[name] for name in options.role],
            now=system_clock(),
            agency=agency_named(options.agency) if options.agency else None,
            job_role=options.job_role,
        )
        roles = ", ".join(sorted(role.value for role in person.roles))
        email, name = person.email, person.name
    answer(f"{name} can now sign in as {email}: {roles}.")
