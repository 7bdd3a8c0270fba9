"""Write the programme's figures for a period, by course, with totals and rates.

Both days are included. The default is the current financial year. CSV, XLSX and PDF hold what the page shows.
"""

import argparse
from datetime import date
from pathlib import Path

from training_hub.access import Role
from training_hub.clock import system_clock
from training_hub.commands.console import answer_bytes, say
from training_hub.commands.opening import application
from training_hub.commands.writing import refuse_terminal, write_whole
from training_hub.london import financial_year, london_date
from training_hub.reporting.models import Filters
from training_hub.reporting.programme import programme_report
from training_hub.reporting.queries.programme import programme
from training_hub.tables.files import written

FORMATS = ("json", "csv", "xlsx", "pdf")


class Operator:
    """The person at the server's console, who may read what a hub officer may read."""

    id, agency_id, roles = 0, None, frozenset({Role.HUB_OFFICER})


def day(text: str) -> date:
    """The day in `text`. Raises the error that argparse expects."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day such as 2020-03-31") from None


def arguments(parser: argparse.ArgumentParser) -> None:
    """The period, the kind of file, and where to write it."""
    parser.add_argument(
        "--from", dest="first", metavar="DAY", type=day, help="the first day, such as 2019-04-01"
    )
    parser.add_argument("--to", dest="last", metavar="DAY", type=day, help="the last day, such as 2020-03-31")
    parser.add_argument("--format", choices=FORMATS, default="json", help="kind of file (%(default)s)")
    parser.add_argument("--output", metavar="FILE", type=Path, help="write to this file instead of stdout")


def run(options: argparse.Namespace) -> None:
    """Write the report."""
    if options.output is None and options.format in ("xlsx", "pdf"):
        refuse_terminal(options.format)
    now = system_clock()
    default = financial_year(options.first or options.last or london_date(now))
    with application() as app:
        settings = app.config["SETTINGS"]
        filters = Filters(first=options.first or default[0], last=options.last or default[1])
        figures = programme(Operator(), filters, now=now)
    report = programme_report(
        figures,
        partnership=settings.partnership_name,
        address=f"{settings.base_url}/reports/programme?from={figures.first}&to={figures.last}",
    )
    with written(report, options.format) as file:
        content = file.read()
    if options.output is None:
        answer_bytes(content)
    else:
        write_whole(options.output, content)
        say(f"Written to {options.output}: {len(content):,} bytes.")
