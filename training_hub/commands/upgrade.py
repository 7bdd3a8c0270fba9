"""Set up the database, or bring its tables to the version that this program needs.

A migration that fails leaves the database as it was. Stop the server, make a backup, upgrade, start the server.
"""

import argparse

from training_hub.commands.console import answer
from training_hub.commands.opening import application, make_file, read_settings, version_of
from training_hub.database import transaction
from training_hub.questionnaires.actions.versions import store_default_questionnaires
from training_hub.schema import versions as schema
from training_hub.schema.migrating import migrate


def arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(_options: argparse.Namespace) -> None:
    """Bring the tables to the newest version, and store the default questionnaires that are missing."""
    settings = read_settings()
    before = version_of(settings)
    latest = schema.latest_version()
    if before != latest:
        make_file(settings)
        migrate(settings.database_url)
    with application(settings), transaction():
        store_default_questionnaires()
    if before == latest:
        answer(f"The database is at version {latest} already: nothing to do.")
        return
    answer(
        f"The database is set up, at version {latest}."
        if before is None
        else f"The database went from version {before} to {latest}."
    )
