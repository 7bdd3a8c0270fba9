"""Build a programme of invented people to look around in, and serve it on this machine.

The figures of 2019-20 are those that a partnership printed; people, agencies and answers are invented, and
every address ends in example.org. The demo is built once, into an empty database, and served again the next
time. It never changes a database that it did not build. The command prints a link for each role. Each link
works once, within twelve hours.
"""

import argparse
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from training_hub import create_app
from training_hub.access import Role
from training_hub.clock import system_clock
from training_hub.commands.console import answer, log_to_stderr, say
from training_hub.commands.opening import make_file, read_settings, version_of
from training_hub.commands.serve import listening_arguments, say_where_mails_go, with_base_url
from training_hub.config import Settings
from training_hub.database import db, transaction
from training_hub.demo import queries
from training_hub.demo.actions import build, clear
from training_hub.demo.cast import SIGNING_IN, CastMember
from training_hub.demo.rules import check_may_build, is_stale
from training_hub.people.models import Person
from training_hub.questionnaires.actions.versions import store_default_questionnaires
from training_hub.schema import versions as schema
from training_hub.schema.migrating import migrate
from training_hub.serving import address_of, bind, serve
from training_hub.sign_in.actions import make_sign_in_link
from training_hub.worker import Worker, sender

LINKS_LAST = timedelta(hours=12)
FIRST_PAGES = {
    Role.PRACTITIONER: "/bookings",
    Role.AGENCY_LEAD: "/agency",
    Role.TRAINER: "/registers",
    Role.HUB_OFFICER: "/reports/programme?from=2019-04-01&to=2020-03-31",
    Role.HUB_MEMBER: "/reports/programme?from=2019-04-01&to=2020-03-31",
    Role.ADMINISTRATOR: "/manage/people",
}
"""The page that each role's link opens."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The address to listen at, and whether to build the demo again."""
    listening_arguments(parser)
    parser.add_argument(
        "--fresh", action="store_true", help="empty the demo that is there and build it around today"
    )
    parser.add_argument("--no-serve", action="store_true", help="build it, print the links, and exit")


def run(options: argparse.Namespace) -> None:
    """Build and serve."""
    settings = read_settings()
    # Done first, so that a port in use is reported before the demo is built.
    sockets = [] if options.no_serve else bind(options.host, options.port)
    if sockets:
        settings = with_base_url(settings, address_of(sockets, options.host))
    app = prepared(settings, fresh=options.fresh)
    answer(f"Training Hub’s demo is at {settings.base_url}")
    with app.app_context():
        for role, person in SIGNING_IN.items():
            answer(f"{role.value:<20} {_link(app, role, person)}")
    say_where_mails_go(settings)
    if sockets:
        log_to_stderr()
        say("Stop it with Ctrl-C.")
        serve(app, sockets, Worker(app, sender(app)))


def prepared(settings: Settings, *, fresh: bool) -> Flask:
    """The application, with the demo built. Raises NotADemo if the database holds anything else."""
    version, now = version_of(settings), system_clock()
    if version is None:
        make_file(settings)
        migrate(settings.database_url)
    app = create_app(settings)
    with app.app_context():
        if version not in (None, schema.latest_version()):
            _bring_up_to_date(settings)
        built_at = queries.built_at()
        check_may_build(is_demo=built_at is not None, is_empty=built_at is None and queries.is_empty())
        db.session.rollback()
        if built_at is None or fresh:
            say("Building the demo …")
            with transaction():
                # Checked again, now that no other process can write, so that two processes do not both build a demo.
                if queries.built_at() is not None:
                    clear()
                build(now=now)
        elif is_stale(built_at, now=now):
            say(
                "This demo was built around an earlier day. To lay its dates around today: training-hub demo --fresh"
            )
    return app


def _bring_up_to_date(settings: Settings) -> None:
    # A demo is migrated without asking, and its mark can be read at any schema version.
    if queries.has_mark():
        migrate(settings.database_url)
        with transaction():
            store_default_questionnaires()
    else:
        check_may_build(is_demo=False, is_empty=False)


def _link(app: Flask, role: Role, member: CastMember) -> str:
    with transaction():
        person = db.session.scalars(select(Person).where(Person.email == member.email)).one()
        path = make_sign_in_link(person, now=system_clock(), lasts=LINKS_LAST, next_page=FIRST_PAGES[role])
    return f"{app.config['SETTINGS'].base_url}{path}"
