"""A report as a file of any kind."""

import tempfile
from collections.abc import Callable
from typing import IO, cast

from training_hub.tables import csv, json, pdf, xlsx
from training_hub.tables.table import Report

TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TABLE_TYPES = ("csv", "xlsx")
"""The kinds of file that can hold any number of rows."""
WRITERS: dict[str, Callable[[Report, IO[bytes]], None]] = {
    "csv": csv.write,
    "json": json.write,
    "pdf": pdf.write,
    "xlsx": xlsx.write,
}


def written(report: Report, kind: str) -> IO[bytes]:
    """The file, open at its beginning. It is deleted when it is closed.

    The file is complete before any of it is sent, because a file cut short would look like a shorter list.
    """
    file = cast(IO[bytes], tempfile.TemporaryFile())  # noqa: SIM115 - the caller closes it
    WRITERS[kind](report, file)
    file.seek(0)
    return file
