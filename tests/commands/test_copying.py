"""Backups: consistent while people write, restored whole or not at all."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from training_hub.schema.versions import latest_version


def people(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        return [row[0] for row in database.execute("SELECT email FROM person ORDER BY email")]


def test_restore_puts_a_backup_back_and_keeps_the_old_file(run: Run, migrated: Path, tmp_path: Path) -> None:
    live, copy = migrated / "training-hub.sqlite", tmp_path / "b.sqlite"
    run("add-person", "ann@example.org", "--name", "Ann")
    saved = run("backup", "b.sqlite")
    assert (saved.returncode, saved.stdout, saved.stderr) == (
        0,
        f"The backup is in b.sqlite: {copy.stat().st_size:,} bytes.\n",
        "",
    )
    run("add-person", "ben@example.org", "--name", "Ben")
    restored = run("restore", "b.sqlite")
    kept = migrated / "training-hub.sqlite.before-restore"
    assert (restored.returncode, restored.stdout, restored.stderr) == (
        0,
        f"The database from before is kept in {kept}.\nThe database is as it was in b.sqlite.\n",
        "",
    )
    assert (people(live), people(copy), people(kept)) == (
        ["ann@example.org"],
        ["ann@example.org"],
        ["ann@example.org", "ben@example.org"],
    )
    assert {file.stat().st_mode & 0o777 for file in (live, copy, kept)} == {0o600}


def test_a_backup_is_restored_where_there_was_nothing(run: Run, migrated: Path, tmp_path: Path) -> None:
    run("add-person", "ann@example.org", "--name", "Ann")
    run("backup", "b.sqlite")
    elsewhere = tmp_path / "elsewhere"
    restored = run("restore", "b.sqlite", TRAINING_HUB_DATA=str(elsewhere))
    assert (restored.returncode, people(elsewhere / "training-hub.sqlite")) == (0, ["ann@example.org"])
    assert run("upgrade", TRAINING_HUB_DATA=str(elsewhere)).stdout == (
        f"The database is at version {latest_version()} already: nothing to do.\n"
    )


def test_a_backup_during_writes_is_consistent(run: Run, migrated: Path, tmp_path: Path) -> None:
    live = migrated / "training-hub.sqlite"
    done = threading.Event()
    agency = "INSERT INTO agency (name, key, sector, is_active) VALUES (?, ?, 'other', 1)"

    def write_in_pairs() -> None:
        with closing(sqlite3.connect(live, timeout=30, isolation_level=None)) as database:
            number = 0
            while not done.is_set():
                number += 1
                database.execute("BEGIN IMMEDIATE")
                database.execute(agency, (f"A{number}", f"a{number}"))
                database.execute(agency, (f"B{number}", f"b{number}"))
                database.execute("COMMIT")

    writer = threading.Thread(target=write_in_pairs)
    writer.start()
    try:
        statuses = [run("backup", f"b{number}.sqlite").returncode for number in range(5)]
    finally:
        done.set()
        writer.join()
    odd = []
    for number in range(5):
        with closing(sqlite3.connect(tmp_path / f"b{number}.sqlite")) as database:
            odd.append(database.execute("SELECT count(*) % 2 FROM agency").fetchone()[0])
    assert (statuses, odd) == ([0] * 5, [0] * 5)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "There is no file b.sqlite."),
        (b"", "b.sqlite is not a backup of Training Hub, so nothing was restored."),
        (b"Dear diary, " * 1000, "b.sqlite is not a backup of Training Hub, so nothing was restored."),
    ],
)
def test_only_a_backup_is_restored(
    run: Run, migrated: Path, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    run("add-person", "ann@example.org", "--name", "Ann")
    if content is not None:
        (tmp_path / "b.sqlite").write_bytes(content)
    ran = run("restore", "b.sqlite")
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", sentence + "\n")
    assert people(migrated / "training-hub.sqlite") == ["ann@example.org"]


def test_a_newer_or_damaged_backup_is_refused(run: Run, migrated: Path, tmp_path: Path) -> None:
    run("backup", "newer.sqlite")
    with closing(sqlite3.connect(tmp_path / "newer.sqlite")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    run("backup", "damaged.sqlite")
    damaged = bytearray((tmp_path / "damaged.sqlite").read_bytes())
    damaged[4096 * 3 : 4096 * 12] = b"\xff" * (4096 * 9)
    (tmp_path / "damaged.sqlite").write_bytes(damaged)
    newer, broken = run("restore", "newer.sqlite"), run("restore", "damaged.sqlite")
    assert (newer.returncode, newer.stderr) == (
        1,
        "newer.sqlite was made by a newer version of Training Hub, so nothing was restored.\n",
    )
    assert (broken.returncode, broken.stdout, broken.stderr.endswith("so nothing was restored.\n")) == (
        1,
        "",
        True,
    )


def test_a_backup_replaces_an_older_one_and_nothing_else(run: Run, migrated: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ann", encoding="utf-8")
    live = str(migrated / "training-hub.sqlite")
    assert [run("backup", name).returncode for name in ("b.sqlite", "b.sqlite")] == [0, 0]
    assert [run("backup", name).stderr for name in ("letter.txt", live, "nowhere/b.sqlite")] == [
        "letter.txt exists and is not a backup of Training Hub: choose another file.\n",
        "The backup cannot be written over the database itself: choose another file.\n",
        f"There is no folder {tmp_path / 'nowhere'}.\n",
    ]
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "Dear Ann"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["b.sqlite", "data", "letter.txt"]


def test_on_postgresql_the_servers_own_tools_are_named(run: Run) -> None:
    elsewhere = {"TRAINING_HUB_DATABASE_URL": "postgresql://ann@db.example.org/hub"}
    assert [run(name, "b.sqlite", **elsewhere).stderr for name in ("backup", "restore")] == [
        "This database is on a PostgreSQL server. Use its own tool: "
        "pg_dump --format=custom --file=FILE DATABASE\n",
        "This database is on a PostgreSQL server. Use its own tool: "
        "pg_restore --clean --if-exists --single-transaction --dbname=DATABASE FILE\n",
    ]
