"""How a command speaks: exit statuses, stdout and stderr, one sentence for each thing that is wrong."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from training_hub.commands.main import COMMANDS, main
from training_hub.schema.versions import latest_version


def test_help_is_a_result_and_names_every_command(process: Run) -> None:
    ran = process("--help")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [name for name in COMMANDS if f"\n    {name}" not in ran.stdout] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_what_it_does_and_takes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    said = capsys.readouterr()
    assert (ended.value.code, said.err) == (0, "")
    # Usage, then at least a sentence about its purpose, then the options.
    assert len(said.out.split("\n\n")) >= 3


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("frobnicate",),
        ("--verbose", "serve"),
        ("serve", "--port", "http"),
        ("serve", "--port", "70000"),
        ("demo", "--fre"),
        ("import",),
        ("backup",),
        ("report", "--from", "April"),
        ("report", "--format", "doc"),
        ("add-person", "ann@example.org"),
        ("add-person", "ann@example.org", "--name", "Ann", "--role", "queen"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_nothing_on_stdout(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = main(words)
    except SystemExit as ended:
        status = int(ended.code or 0)
    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert said.err.startswith("usage: training-hub")


def test_all_wrong_settings_are_named_at_once(run: Run) -> None:
    ran = run(
        "serve",
        TRAINING_HUB_BASE_URL="training",
        TRAINING_HUB_MAIL_PORT="post",
        TRAINING_HUB_CONTACT_EMAIL="nobody",
        TRAINING_HUB_SECRET_KEY="short",
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (
        1,
        "",
        "These settings cannot be used: TRAINING_HUB_CONTACT_EMAIL is not an email address; "
        "TRAINING_HUB_BASE_URL must be an address such as https://training.example.org; "
        "TRAINING_HUB_MAIL_PORT must be a whole number from 1 to 65535; "
        "TRAINING_HUB_SECRET_KEY must be at least 32 characters long.\n",
    )


@pytest.mark.parametrize(
    "words",
    [
        ("serve",),
        ("worker", "--once"),
        ("report",),
        ("sign-in-link", "ann@example.org"),
        ("add-person", "ann@example.org", "--name", "Ann"),
        ("backup", "b.sqlite"),
    ],
)
def test_a_database_not_set_up_is_reported_and_not_made(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    ran = run(*words)
    assert (ran.returncode, ran.stdout, ran.stderr) == (
        1,
        "",
        "The database has not been set up yet. Run: training-hub upgrade\n",
    )
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["secret-key"]


def test_upgrade_sets_up_once_and_keeps_the_data_to_its_owner(run: Run, tmp_path: Path) -> None:
    assert (run("upgrade").stdout, run("upgrade").stdout) == (
        f"The database is set up, at version {latest_version()}.\n",
        f"The database is at version {latest_version()} already: nothing to do.\n",
    )
    modes = {file.name: file.stat().st_mode & 0o777 for file in (tmp_path / "data").iterdir()}
    assert modes == {"secret-key": 0o600, "training-hub.sqlite": 0o600}


@pytest.mark.parametrize("words", [("serve",), ("upgrade",), ("demo", "--no-serve"), ("report",)])
def test_a_database_of_a_newer_version_is_left_alone(
    run: Run, migrated: Path, words: tuple[str, ...]
) -> None:
    with closing(sqlite3.connect(migrated / "training-hub.sqlite")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    ran = run(*words)
    assert (ran.returncode, ran.stdout, ran.stderr) == (
        1,
        "",
        "This database was made by a newer version of Training Hub. Install that version, "
        "or restore a backup that is as old as this one.\n",
    )


@pytest.mark.parametrize("words", [("serve",), ("upgrade",), ("demo", "--no-serve")])
def test_a_foreign_database_is_left_alone(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "training-hub.sqlite"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE recipes (name TEXT)")
    before = file.read_bytes()
    ran = run(*words)
    assert (ran.returncode, ran.stdout, ran.stderr) == (
        1,
        "",
        "This database holds tables that Training Hub did not make, so it is left alone.\n",
    )
    assert file.read_bytes() == before


def test_a_file_that_is_no_database_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "training-hub.sqlite").write_text("Dear diary, " * 100, encoding="utf-8")
    ran = run("serve")
    assert (ran.returncode, ran.stdout, ran.stderr) == (
        1,
        "",
        "The database cannot be opened: file is not a database.\n",
    )


def test_an_unexpected_error_is_one_sentence_and_kept_in_a_file(process: Run, migrated: Path) -> None:
    with closing(sqlite3.connect(migrated / "training-hub.sqlite")) as database, database:
        database.execute("DROP TABLE booking")
    ran = process("report", "--from", "2019-04-01", "--to", "2020-03-31")
    log = migrated / "training-hub-errors.log"
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)
    assert ran.stderr.endswith(f"the details are in {log}.\n")
    assert (log.read_text(encoding="utf-8").split("\n")[0], log.stat().st_mode & 0o777) == (
        "Traceback (most recent call last):",
        0o600,
    )


def test_a_person_is_added_and_can_sign_in(run: Run, migrated: Path) -> None:
    added = run("add-person", "Ann.Lee@Example.ORG", "--name", "Ann Lee", "--role", "administrator")
    assert (added.returncode, added.stdout, added.stderr) == (
        0,
        "Ann Lee can now sign in as ann.lee@example.org: administrator, practitioner.\n",
        "",
    )
    again = run("add-person", "ann.lee@example.org", "--name", "Ann Lee")
    assert (again.returncode, again.stdout, again.stderr) == (
        1,
        "",
        "Ann Lee already has this email address.\n",
    )
    link = run("sign-in-link", "ann.lee@example.org", TRAINING_HUB_BASE_URL="https://training.example.org")
    assert (link.returncode, link.stderr) == (0, "")
    assert link.stdout.startswith("https://training.example.org/sign-in/link/")
    nobody = run("sign-in-link", "ben@example.org")
    assert (nobody.returncode, nobody.stdout, nobody.stderr) == (
        1,
        "",
        "Nobody is known by ben@example.org. "
        "Add them with: training-hub add-person ben@example.org --name NAME\n",
    )


def test_a_known_person_keeps_their_roles_and_gets_new_ones(run: Run, migrated: Path) -> None:
    run("add-person", "ann@example.org", "--name", "Ann Ellis", "--role", "trainer")
    again = run("add-person", "ann@example.org", "--name", "Ann Ellis")
    more = run("add-person", "Ann@example.org", "--name", "Ann Ellis", "--role", "hub officer")
    assert [(ran.returncode, ran.stdout, ran.stderr) for ran in (again, more)] == [
        (1, "", "Ann Ellis already has this email address.\n"),
        (0, "Ann Ellis can now sign in as ann@example.org: hub officer, practitioner, trainer.\n", ""),
    ]
