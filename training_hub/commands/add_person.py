"""Add a person who can sign in with this address, and give them roles. Everyone is a practitioner.

The first sign-in asks for the agency if none is given here. A person who is stored already keeps their
roles, and gets these as well.
"""

import argparse

from training_hub.access import Role
from training_hub.clock import system_clock
from training_hub.commands.console import answer
from training_hub.commands.opening import application
from training_hub.database import transaction
from training_hub.people.actions import Details, add_person, agency_named, change_roles
from training_hub.people.queries import person_by_email

ROLES = {role.value.replace(" ", "-"): role for role in Role if role is not Role.PRACTITIONER}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The person and their roles."""
    parser.add_argument("email", metavar="EMAIL", help="the person’s work address")
    parser.add_argument("--name", required=True, help="first and last name")
    parser.add_argument(
        "--role",
        action="append",
        default=[],
        type=lambda words: words.replace(" ", "-"),
        choices=sorted(ROLES),
        help="a role; may be given several times",
    )
    parser.add_argument("--agency", default="", help="the agency they work for; added if it is new")
    parser.add_argument("--job-role", default="", help="what they do there")


def run(options: argparse.Namespace) -> None:
    """Add the person, or give the stored person the roles."""
    roles, now = {ROLES[name] for name in options.role}, system_clock()
    with application(), transaction():
        person = person_by_email(options.email) if roles else None
        if person is not None:
            change_roles(person, person.roles | roles, by=None, now=now)
        else:
            agency = agency_named(options.agency) if options.agency else None
            details = Details(
                email=options.email, name=options.name, agency=agency, job_role=options.job_role
            )
            person = add_person(details, roles, now=now)
        held = ", ".join(sorted(role.value for role in person.roles))
        email, name = person.email, person.name or options.name
    answer(f"{name} can now sign in as {email}: {held}.")
