"""Importing and reporting from the command line."""

import json
from pathlib import Path

from tests.commands.conftest import Run
from tests.importing.table import as_csv, row


def test_imported_bookings_are_in_the_report(run: Run, process: Run, migrated: Path, tmp_path: Path) -> None:
    file = as_csv(
        tmp_path / "bookings.csv", [row(evaluation="returned"), row("Ben Ito", outcome="cancelled late")]
    )
    dry = run("import", str(file), "--dry-run")
    assert (dry.returncode, dry.stdout) == (
        0,
        "2 new bookings; 0 already there. Would add 1 course, 1 event, 1 agency, 2 people. "
        "Nothing was stored: this was a dry run.\n",
    )
    first, second = run("import", str(file)), run("import", str(file))
    assert (first.returncode, first.stdout, first.stderr) == (
        0,
        "2 new bookings; 0 already there. Added 1 course, 1 event, 1 agency, 2 people.\n",
        "Reading bookings.csv …\nChecking 2 rows …\nStoring 2 bookings …\n",
    )
    assert (second.returncode, second.stdout) == (0, "0 new bookings; 2 already there.\n")
    report = process("report", "--from", "2019-04-01", "--to", "2020-03-31", "--format", "json")
    totals = json.loads(report.stdout)["totals"]
    assert (report.returncode, report.stderr) == (0, "")
    assert {
        key: totals[key] for key in ("booked", "completed", "cancelled_late", "evaluations_returned")
    } == {
        "booked": 2,
        "completed": 1,
        "cancelled_late": 1,
        "evaluations_returned": 1,
    }


def test_bad_rows_are_all_named_on_stderr_and_nothing_is_stored(
    run: Run, migrated: Path, tmp_path: Path
) -> None:
    rows = [row(f"Person {number}", capacity="many") for number in range(150)]
    ran = run("import", str(as_csv(tmp_path / "bookings.csv", rows)))
    assert (ran.returncode, ran.stdout) == (1, "")
    said = ran.stderr.splitlines()
    assert said[:3] == [
        "Reading bookings.csv …",
        "Checking 150 rows …",
        "line 2, capacity: “many” is not a whole number",
    ]
    assert said[-2:] == [
        "line 151, capacity: “many” is not a whole number",
        "Nothing was imported: 150 of 150 rows are wrong.",
    ]
    assert len(said) == 153


def test_a_report_is_written_to_a_file_whole(run: Run, migrated: Path, tmp_path: Path) -> None:
    beginnings = {"json": b"{", "csv": b"\xef\xbb\xbf", "xlsx": b"PK", "pdf": b"%PDF"}
    written = {}
    for kind in beginnings:
        file = tmp_path / f"report.{kind}"
        ran = run(
            "report", "--from", "2019-04-01", "--to", "2020-03-31", "--format", kind, "--output", str(file)
        )
        assert (ran.returncode, ran.stdout) == (0, "")
        written[kind] = file.read_bytes()[: len(beginnings[kind])]
    assert written == beginnings
    assert sorted(file.name for file in tmp_path.glob("*.part")) == []
