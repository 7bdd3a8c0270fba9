"""Store the bookings in FILE, which is CSV in UTF-8 or XLSX (its first sheet). All rows are stored, or none.

A row is one person at one event. The columns, in any order:
  course      its title; a new one is added
  event       your own reference for the course date, the same for all its rows
  starts_on   2019-04-25 or 25/04/2019
  capacity    how many places it has
  agency      the person's agency at that time
  name        first and last name
  email       work address
  outcome     one of the outcomes below, or empty for not recorded
  walk_in     yes for someone who came without a booking, or empty
  evaluation  returned, or empty

Events take place from 09:30 to 16:30. No email is sent. Importing a file again changes nothing.
"""

import argparse
import sys
from pathlib import Path

from training_hub.clock import system_clock
from training_hub.commands.console import answer, say
from training_hub.commands.opening import application
from training_hub.importing.actions import import_lines
from training_hub.importing.cells import STATUSES
from training_hub.importing.files import read
from training_hub.importing.models import Imported
from training_hub.importing.rules import BadRows

MOST_ON_SCREEN = 100
"""The most problems that are shown on a screen. A file gets all of them."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and whether to store it."""
    parser.epilog = f"outcomes: {', '.join(words for words in STATUSES if words)}"
    parser.add_argument("file", metavar="FILE", type=Path, help="the CSV or XLSX file")
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="check everything and say what would be stored, but store nothing",
    )


def run(options: argparse.Namespace) -> None:
    """Import the file."""
    say(f"Reading {options.file.name} …")
    lines = read(options.file)
    with application() as app:
        try:
            imported = import_lines(
                lines,
                now=system_clock(),
                dry_run=options.dry_run,
                board_name=app.config["SETTINGS"].partnership_name,
                tell=say,
            )
        except BadRows as bad:
            _name(bad)
            raise
    answer(_summary(imported, dry_run=options.dry_run))


def _name(bad: BadRows) -> None:
    shown = bad.faults[:MOST_ON_SCREEN] if sys.stderr.isatty() else bad.faults
    for fault in shown:
        say(str(fault))
    if len(shown) < len(bad.faults):
        say(f"… and {len(bad.faults) - len(shown):,} more. Add “2> faults.txt” to get all of them in a file.")


def _summary(imported: Imported, *, dry_run: bool) -> str:
    added = [
        f"{number:,} {one if number == 1 else many}"
        for number, one, many in (
            (imported.courses, "course", "courses"),
            (imported.events, "event", "events"),
            (imported.agencies, "agency", "agencies"),
            (imported.people, "person", "people"),
        )
        if number
    ]
    bookings = f"{imported.new:,} new {'booking' if imported.new == 1 else 'bookings'}"
    sentence = f"{bookings}; {imported.known:,} already there."
    if added:
        sentence += f" {'Would add' if dry_run else 'Added'} {', '.join(added)}."
    return sentence + (" Nothing was stored: this was a dry run." if dry_run else "")
