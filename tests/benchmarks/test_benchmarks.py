"""The benchmarks still run on these pages. Only a quiet machine shows how fast they are."""

import re
import subprocess
import sys
from pathlib import Path

NAMES = [
    "listing",
    "listing, signed in",
    "a date's page",
    "a date's page, signed in",
    "a form to answer",
    "answering a screen of it",
    "my bookings, of years",
    "the first page of an officer",
    "looking for what is due, each minute",
    "confirming a booking",
    "confirming a booking, 500 people waiting",
    "cancelling a place, 500 people waiting",
    "saving a register of 25",
    "a year's report of 200 bookings",
    "its PDF",
    "its CSV",
    "its XLSX",
    "its JSON",
    "200 rows as CSV",
    "200 rows as XLSX",
    "listing, 1 client",
    "listing, 8 clients",
    "listing, signed in, 1 client",
    "listing, signed in, 8 clients",
    "a date's page, 1 client",
    "a date's page, 8 clients",
    "a date's page, signed in, 1 client",
    "a date's page, signed in, 8 clients",
    "the whole booking, requests",
    "the whole booking, received",
    "the whole booking, time waited for answers",
    "the listing with an empty cache, requests",
    "the listing with an empty cache, received",
    "a form to answer with an empty cache, requests",
    "a form to answer with an empty cache, received",
    "50 clients press confirm at once, 20 places",
    "50 clients book at once from the date's page on",
    "start-up to the first page",
    "memory of a process, just started",
    "memory of a process, after load",
    "memory of a process, after a PDF and a workbook",
    "memory of all processes, after a PDF and a workbook",
]
"""What is to be measured, and what explains it."""


def test_every_benchmark_prints_a_figure() -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "--bookings", "200", "--repetitions", "1"]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=240, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [found.groups() for found in re.finditer(r"^(.{58}) +([\d,.]+)( |$)", done.stdout, re.MULTILINE)]
    assert [name.strip() for name, _figure, _unit in lines] == NAMES
    assert "20 confirmed, 30 waiting, 0 errors" in done.stdout


def test_simulated_year_counts_returns_by_channel() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.year", "--dates", "1"]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=240, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    found = re.findall(r"^(.+): (\d+) of (\d+) returned, .*\n((?: {4}.+\n)*)", done.stdout, re.MULTILINE)
    names = ["mail only", "mail and reminders", "mail and the classroom", "mail and the gate", "all of them"]
    assert [name for name, *_ in found] == names
    assert len({due for _, _, due, _ in found}) == 1
    ways = [sum(int(number) for number in re.findall(r"(\d+)  [\d.]+%", each)) for *_, each in found]
    assert ways == [int(returned) for _, returned, *_ in found]
