"""The migrations: up, down and up again, with rows of every released version, to the same tables as the models.

tests/released/NNNN.sql holds rows that people had stored with version NNNN. Add a file when a version is released.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, MetaData, create_engine, func, inspect, select, update
from sqlalchemy.orm import Session

from tests.conftest import POSTGRES, postgres_database
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.equivalences import Equivalence
from training_hub.bookings.models.interest import Interest
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event, EventSession
from training_hub.certificates.models import Certificate
from training_hub.database import Base, db
from training_hub.evaluation.models.answers import Answer, Response
from training_hub.evaluation.models.classroom import Classroom
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import ReminderSent
from training_hub.improvement.models import CourseAction
from training_hub.mail.models import Mail, MailState
from training_hub.people.models import Person
from training_hub.questionnaires.models import Questionnaire
from training_hub.schema.migrating import alembic_config, migrate
from training_hub.schema.versions import known_versions, latest_version, version

pytestmark = pytest.mark.postgres

RELEASED = Path(__file__).parent / "released"
VERSIONS = ["0001", "0002", "0003", "0004", "0005"]
ROWS: dict[type[Base], list[int]] = {
    Person: [3, 3, 3, 3, 3],
    Event: [2, 3, 3, 3, 3],
    EventSession: [2, 3, 3, 3, 3],
    Booking: [2, 3, 3, 3, 3],
    BookingChange: [4, 5, 5, 5, 5],
    ReservedPlace: [0, 1, 1, 1, 1],
    Interest: [0, 1, 1, 1, 1],
    Equivalence: [0, 1, 1, 2, 2],
    Questionnaire: [1, 1, 2, 2, 2],
    Invitation: [1, 1, 2, 2, 2],
    ReminderSent: [0, 0, 2, 2, 2],
    Response: [1, 1, 2, 2, 2],
    Answer: [2, 2, 3, 3, 3],
    CourseAction: [0, 0, 1, 1, 1],
    Certificate: [1, 1, 1, 1, 1],
    Mail: [1, 1, 1, 1, 1],
}
"""The number of rows after the upgrade, for an installation last used with each version."""


def tables(url: str) -> list[str]:
    engine = create_engine(url)
    names = sorted(inspect(engine).get_table_names())
    engine.dispose()
    return names


@pytest.fixture
def own_database(tmp_path: Path) -> Iterator[str]:
    """An empty database for this test, which drops the tables."""
    if POSTGRES:
        with postgres_database() as url:
            yield url
        return
    yield f"sqlite:///{tmp_path / 'own.sqlite'}"


def test_every_migration_goes_up_down_and_up_again(own_database: str) -> None:
    migrate(own_database)
    everything = tables(own_database)
    migrate(own_database, "base")
    assert tables(own_database) == ["alembic_version"]
    migrate(own_database)
    assert tables(own_database) == everything


def used_until(url: str, version: str) -> None:
    """Upgrade a database to this version, one version at a time, and store rows at each."""
    engine = create_engine(url)
    for each in VERSIONS[: VERSIONS.index(version) + 1]:
        migrate(url, "+1")
        run_file(engine, each)
    engine.dispose()


def run_file(engine: Engine, name: str) -> None:
    """Run the statements of one of the files in `RELEASED`."""
    with engine.begin() as connection:
        if POSTGRES:
            connection.exec_driver_sql("SET LOCAL timezone = 'UTC'")
        for statement in (RELEASED / f"{name}.sql").read_text().splitlines():
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("version", VERSIONS)
def test_rows_of_a_released_version_survive_the_upgrade(own_database: str, version: str) -> None:
    used_until(own_database, version)
    migrate(own_database)
    engine = create_engine(own_database)
    with Session(engine) as session:
        found = {model: session.scalar(select(func.count()).select_from(model)) for model in ROWS}
        assert found == {model: numbers[VERSIONS.index(version)] for model, numbers in ROWS.items()}
        read_back(session, version)
    engine.dispose()


def read_back(session: Session, version: str) -> None:
    """Some values, including those that migrations fill in."""
    zoe, ben = session.get_one(Person, 2), session.get_one(Person, 3)
    past, draft = session.get_one(Event, 1), session.get_one(Event, 2)
    completed = session.get_one(Booking, 1)
    assert (zoe.name, zoe.agency.key, ben.registered_at) == ("Zoë Zając", "upton heath school", None)
    assert (past.starts_at, past.policies) == (datetime(2025, 2, 4, 9, 30, tzinfo=UTC), {})
    assert (completed.reference, completed.status) == ("TH-AAAA1111", Status.COMPLETED)
    assert [change.became for change in completed.history] == [Status.CONFIRMED, Status.COMPLETED]
    words = session.scalars(select(Answer.text).where(Answer.text != "")).all()
    assert words == ["More time, please."]
    # Nobody is told about dates that were already in the programme.
    assert (past.interested_told_at, past.has_places_since) == (past.entered_at, past.entered_at)
    assert (draft.interested_told_at, draft.has_places_since) == (None, None)
    if version >= "0003":
        anonymous = session.get_one(Response, 2**62 + 1)
        assert (anonymous.event_id, [each.chosen for each in anonymous.answers]) == (1, ["1,2"])
        copied = {"0005": "evaluation-copy:max.manager@example.org:2025-06-03"}
        assert session.get_one(Invitation, 2).copied_in == copied.get(version, "evaluation-copy:TH-AAAA1111")
        reminders = session.scalars(select(ReminderSent).order_by(ReminderSent.at))
        assert [(sent.invitation_id, sent.reminder_number) for sent in reminders] == [(2, 4), (1, 1)]
        assert session.get_one(Invitation, 2).next_reminder == 4


@pytest.mark.parametrize(
    ("state", "after"), [("waiting", 4), ("sending", 4), ("dropped", 4), ("sent", 5), ("failed", 5)]
)
def test_unsent_reminders_are_still_due_after_the_upgrade(own_database: str, state: str, after: int) -> None:
    used_until(own_database, "0005")
    migrate(own_database, "+2")
    engine = create_engine(own_database)
    run_file(engine, "emails_of_0007")
    with engine.begin() as connection:
        connection.execute(update(Mail).where(Mail.id == 2).values(state=MailState(state)))
    next_reminder = select(Invitation.next_reminder).where(Invitation.id == 2)
    found = []
    for back in ("0007", "head"):
        migrate(own_database, "head")
        with engine.begin() as connection:
            found.append(connection.scalar(next_reminder))
            mail_id = select(ReminderSent.mail_id).where(ReminderSent.invitation_id == 2)
            assert connection.scalar(mail_id) == 2
            # After a downgrade, a reminder in the outbox counts.
            connection.execute(update(Mail).where(Mail.id == 2).values(state=MailState.SENT))
        migrate(own_database, back)
    assert found == [after, 5]
    engine.dispose()


def test_facts_that_only_emails_had_are_found(own_database: str) -> None:
    used_until(own_database, "0005")
    migrate(own_database, "+2")
    engine = create_engine(own_database)
    run_file(engine, "emails_of_0007")
    migrate(own_database)
    with Session(engine) as session:
        keys = session.scalars(select(Mail.id).where(Mail.carries_key).order_by(Mail.id)).all()
        assert (keys, session.get_one(Classroom, 1).unknown_addresses) == ([2, 3], 2)
    engine.dispose()


def test_downgrade_notes_that_a_manager_will_be_told(own_database: str) -> None:
    used_until(own_database, "0005")
    migrate(own_database, "+2")
    engine = create_engine(own_database)
    run_file(engine, "emails_of_0007")
    migrate(own_database, "head")
    migrate(own_database, "0007")
    metadata = MetaData()
    metadata.reflect(engine)
    column = next(c for table in metadata.tables.values() for c in table.c if c.name == "is_manager_copied")
    with engine.begin() as connection:
        copied = connection.execute(select(column, column.table.c.invitation_id)).all()
    assert sorted(tuple(row) for row in copied) == [(False, 1), (True, 2)]
    engine.dispose()


def test_migration_file_names_match_their_versions() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    assert known_versions() == [script.revision for script in scripts.walk_revisions()][::-1]
    assert latest_version() == scripts.get_current_head()


@pytest.mark.filterwarnings("default")
def test_migrated_tables_match_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
    assert version(db.engine) == latest_version()
