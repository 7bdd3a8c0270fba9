"""Print how fast Training Hub is, for 2,000 and for 200,000 bookings.

python -m tests.benchmarks [--bookings 2000] [--only listing] [--repetitions 40]
"""

import argparse
import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.benchmarks.figures import HEAD, print_line
from tests.benchmarks.inside import Inside
from tests.benchmarks.machine import database, machine
from tests.benchmarks.outside import Outside
from tests.benchmarks.programme import build
from training_hub import create_app
from training_hub.clock import system_clock
from training_hub.config import Settings
from training_hub.database import db
from training_hub.schema.migrating import migrate

SIZES = (2_000, 200_000)
POSTGRES = os.environ.get("TRAINING_HUB_TEST_DATABASE_URL", "")


def main() -> int:
    """Measure each size in turn."""
    options = _options()
    print(machine(), flush=True)
    for bookings in options.bookings or SIZES:
        with tempfile.TemporaryDirectory(prefix="training-hub-benchmark-") as folder, _empty(folder) as url:
            settings = Settings(
                data=Path(folder),
                database_url=url,
                base_url="http://127.0.0.1:8000",
                secret_key="a key that only the benchmarks use, and long enough",
            )
            _measure(settings, bookings, options)
    return 0


def _measure(settings: Settings, bookings: int, options: argparse.Namespace) -> None:
    only, repetitions = options.only, options.repetitions
    app = create_app(settings)
    with app.app_context():
        started = perf_counter()
        programme = build(bookings, registers=repetitions, now=system_clock())
        seconds = perf_counter() - started
        print(
            f"\n{programme.bookings:,} bookings, {programme.bookings_in_year:,} of them in the year reported, "
            f"and what is to come, on {database()} (built in {seconds:.1f} s)\n{HEAD}",
            flush=True,
        )
    # Outside its context: every request has a session of its own, as on a server.
    for name, measure in Inside(app, programme, repetitions, processor=options.processor_time).lines():
        if only in name:
            print_line(replace(measure(), name=name))
    with closing(Outside(app, settings, programme, repetitions, _served_as(options))) as outside:
        for name, measure_many in outside.lines():
            if only in name:
                for line in measure_many():
                    print_line(line)
    with app.app_context():
        db.engine.dispose()


@contextmanager
def _empty(folder: str) -> Iterator[str]:
    """The address of a migrated database, which is gone afterwards."""
    if not POSTGRES:
        url = f"sqlite:///{folder}/benchmark.sqlite"
        migrate(url)
        yield url
        return
    name = f"training_hub_benchmark_{uuid.uuid4().hex[:12]}"
    url = make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    _on_postgres(f'CREATE DATABASE "{name}"')
    try:
        migrate(url)
        yield url
    finally:
        _on_postgres(f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_postgres(statement: str) -> None:
    engine = create_engine(make_url(POSTGRES), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _served_as(options: argparse.Namespace) -> list[str]:
    return [f"--processes={options.processes}"] if options.processes else []


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument(
        "--bookings", type=int, action="append", help="how many bookings lie behind (2,000 and 200,000)"
    )
    parser.add_argument("--only", default="", metavar="NAME", help="only what has this in its name")
    parser.add_argument(
        "--repetitions", type=int, default=40, help="how often each is measured, 1 to 100 (%(default)s)"
    )
    parser.add_argument(
        "--processes", type=int, help="how many processes answer requests (one for each core)"
    )
    parser.add_argument(
        "--processor-time",
        action="store_true",
        help="for server times: the processor's time, not the clock's, on a machine that is busy with other things",
    )
    options = parser.parse_args()
    if not 1 <= options.repetitions <= 100:
        parser.error("--repetitions must be from 1 to 100")
    if min(options.bookings or SIZES) < 200:
        parser.error("--bookings must be at least 200")
    return options


if __name__ == "__main__":
    sys.exit(main())
