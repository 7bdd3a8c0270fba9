"""Write the programme's figures for a period: by course, with totals, rates and what each is of.

Both days are included; without them it is the present financial year. CSV, XLSX and PDF hold what the page shows.
"""

import argparse
from datetime import date
from pathlib import Path

from training_hub.clock import system_clock
from training_hub.commands.console import answer_bytes, say
from training_hub.commands.opening import application
from training_hub.commands.writing import refuse_terminal, write_whole
from training_hub.config import Settings
from training_hub.london import financial_year, london_date
from training_hub.reporting.files import as_csv, as_json, as_xlsx
from training_hub.reporting.models import Report
from training_hub.reporting.pdf import as_pdf
from training_hub.reporting.queries.programme import programme

FORMATS = ("json", "csv", "xlsx", "pdf")


def day(text: str) -> date:
    """A day, as argparse wants it read."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day such as 2020-03-31") from None


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which period, in which form, and where to."""
    parser.add_argument(
        "--from", dest="first", metavar="DAY", type=day, help="the first day, such as 2019-04-01"
    )
    parser.add_argument("--to", dest="last", metavar="DAY", type=day, help="the last day, such as 2020-03-31")
    parser.add_argument(
        "--format", choices=FORMATS, default="json", help="the form to write it in (%(default)s)"
    )
    parser.add_argument(
        "--output", metavar="FILE", type=Path, help="a file to write it to, instead of stdout"
    )


def run(options: argparse.Namespace) -> None:
    """Report."""
    if options.output is None and options.format in ("xlsx", "pdf"):
        refuse_terminal(options.format)
    now = system_clock()
    default = financial_year(options.first or options.last or london_date(now))
    with application() as app:
        report = programme(options.first or default[0], options.last or default[1], now=now)
        content = _written(report, options.format, app.config["SETTINGS"])
    if options.output is None:
        answer_bytes(content)
    else:
        write_whole(options.output, content)
        say(f"Written to {options.output}: {len(content):,} bytes.")


def _written(report: Report, kind: str, settings: Settings) -> bytes:
    if kind == "pdf":
        twin = f"{settings.base_url}/reports/programme?from={report.first}&to={report.last}"
        return as_pdf(report, partnership=settings.partnership_name, twin=twin)
    return {"json": as_json, "csv": as_csv, "xlsx": as_xlsx}[kind](report)
