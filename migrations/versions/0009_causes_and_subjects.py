"""Store why a booking changed as a cause, who was told what, and what a changed setting was for."""

import re
from zlib import crc32

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SENTENCES = {
    "interest": "Asked to be told when the course next runs",
    "agency share": "The agency has as many places as it can hold for now",
    "free place": "A place became free",
    "cannot come": "Cannot come after the date was moved",
    "not wanted": "Did not want the place that somebody else arranged",
    "replaced": "Replaced by a place",
    "came anyway": "Came without a place",
    "walk-in": "Came without a booking",
    "not decided": "Nobody decided in time",
    "not answered": "Nobody answered in time",
    "account closed": "The account was closed",
    "place elsewhere": "Has a place at another date of the course",
}
"""What was stored until now as the reason."""

SUBJECTS = {
    r"partnership": "partnership",
    r"course (\d+)": "course",
    r"event (\d+)": "event",
    r"form (\d+)": "questionnaire",
    r"course (\d+) forms": "course questionnaires",
    r"forms (.+)": "default questionnaires",
}
"""What a changed setting was for, as one text until now, and as two columns."""

SETTINGS = sa.table(
    "policy_change",
    sa.column("id", sa.Integer),
    sa.column("over", sa.String),
    sa.column("over_id", sa.Integer),
    sa.column("policy", sa.String),
)
CHANGES = sa.table("booking_change", sa.column("cause"), sa.column("why"))
BOOKINGS = sa.table(
    "booking",
    sa.column("id"),
    sa.column("reference"),
    sa.column("status"),
    sa.column("manager_email"),
    sa.column("manager_asked_at", sa.DateTime(timezone=True)),
    sa.column("manager_reminded_at", sa.DateTime(timezone=True)),
    sa.column("told_of_move_at", sa.DateTime(timezone=True)),
)
MAILS = sa.table("mail", sa.column("key", sa.String), sa.column("queued_at", sa.DateTime(timezone=True)))
DATE_TOLD = sa.table(
    "date_told", sa.column("event_id"), sa.column("person_id"), sa.column("at", sa.DateTime(timezone=True))
)


def upgrade() -> None:
    """Go to this version."""
    op.add_column("booking_change", sa.Column("cause", sa.String(length=40), nullable=True))
    for name in ("manager_asked_at", "manager_reminded_at", "told_of_move_at"):
        op.add_column("booking", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("booking", sa.Column("is_told", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "date_told",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_date_told_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_date_told_person_id_person")),
        sa.PrimaryKeyConstraint("event_id", "person_id", name=op.f("pk_date_told")),
    )
    _note_untold()
    for cause, sentence in SENTENCES.items():
        op.execute(CHANGES.update().where(CHANGES.c.why == sentence).values(cause=cause, why=""))
    _note_managers()
    _note_moves()
    _note_dates_told()
    _split_subjects()
    op.create_index(
        "ix_booking_untold",
        "booking",
        ["asked_at"],
        sqlite_where=sa.text("is_told = 0"),
        postgresql_where=sa.text("NOT is_told"),
    )


def _split_subjects() -> None:
    op.add_column("policy_change", sa.Column("over_id", sa.Integer(), nullable=False, server_default="0"))
    for key, over in op.get_bind().execute(sa.select(SETTINGS.c["id", "over"])).all():
        for pattern, kind in SUBJECTS.items():
            if found := re.fullmatch(pattern, over):
                part = found[1] if found.groups() else "0"
                # For the default of a stage, the stage names the setting.
                values = {"over_id": int(part)} if part.isdigit() else {"policy": part}
                op.execute(SETTINGS.update().where(SETTINGS.c.id == key).values(over=kind, **values))
    op.drop_index("ix_policy_change_over", table_name="policy_change")
    op.create_index("ix_policy_change_over", "policy_change", ["over", "over_id", "id"])


def _join_subjects() -> None:
    rows = op.get_bind().execute(sa.select(SETTINGS.c["id", "over", "over_id", "policy"])).all()
    for key, over, over_id, policy in rows:
        if over == "default questionnaires":
            values = {"over": f"forms {policy}", "policy": "default form"}
        elif over != "partnership":
            kind = {"questionnaire": "form", "course questionnaires": "course"}.get(over, over)
            values = {"over": f"{kind} {over_id}{' forms' if over == 'course questionnaires' else ''}"}
        else:
            continue
        op.execute(SETTINGS.update().where(SETTINGS.c.id == key).values(**values))
    op.drop_index("ix_policy_change_over", table_name="policy_change")
    op.create_index("ix_policy_change_over", "policy_change", ["over", "id"])
    op.drop_column("policy_change", "over_id")


def _note_untold() -> None:
    """Turns and offers that came of interest, of which no email told: written down while the reasons are sentences."""
    op.execute(
        sa.text(
            """
            UPDATE booking SET is_told = :no WHERE status IN ('waiting', 'offered')
            AND EXISTS (
                SELECT 1 FROM booking_change AS joined WHERE joined.booking_id = booking.id
                AND joined.was IS NULL AND joined.why = :interest
                -- Older than the oldest email: theirs has been forgotten since.
                AND joined.at >= (SELECT min(queued_at) FROM mail)
            )
            AND NOT EXISTS (
                SELECT 1 FROM booking_change AS later WHERE later.booking_id = booking.id
                AND later.became = 'offered' AND later.why <> ''
            )
            AND NOT EXISTS (
                SELECT 1 FROM mail WHERE mail.key = 'booking\\:' || booking.reference || '\\:runs-again'
            )
            """
        ).bindparams(sa.bindparam("no", False, sa.Boolean()), interest=SENTENCES["interest"])
    )


def _note_managers() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(BOOKINGS.c.id, BOOKINGS.c.reference, BOOKINGS.c.manager_email).where(
            BOOKINGS.c.status == "requested"
        )
    ).all()
    for row in rows:
        version = crc32(row.manager_email.encode())
        asked, reminded = (
            connection.scalar(
                sa.select(MAILS.c.queued_at).where(
                    MAILS.c.key == f"booking:{row.reference}:{about}:{version}"
                )
            )
            for about in ("approval", "approval-reminder")
        )
        op.execute(
            BOOKINGS.update()
            .where(BOOKINGS.c.id == row.id)
            .values(manager_asked_at=asked, manager_reminded_at=reminded)
        )


def _note_moves() -> None:
    told = sa.select(MAILS.c.key, MAILS.c.queued_at).where(MAILS.c.key.like("booking:%:moved:%"))
    for key, at in op.get_bind().execute(told.order_by(MAILS.c.queued_at)).all():
        reference = key.split(":")[1]
        op.execute(BOOKINGS.update().where(BOOKINGS.c.reference == reference).values(told_of_move_at=at))


def _note_dates_told() -> None:
    connection = op.get_bind()
    events = set(connection.scalars(sa.text("SELECT id FROM event")))
    people = set(connection.scalars(sa.text("SELECT id FROM person")))
    asked_by = {row[0]: row[1] for row in connection.execute(sa.text("SELECT id, person_id FROM interest"))}
    found = {}
    for pattern in ("another-date:%", "interest:%:event:%"):
        rows = connection.execute(sa.select(MAILS.c.key, MAILS.c.queued_at).where(MAILS.c.key.like(pattern)))
        for key, at in rows.all():
            parts = key.split(":")
            # A key that was freed has more parts, and belongs to no email.
            if len(parts) == 3:
                found[int(parts[1]), int(parts[2])] = at
            elif len(parts) == 4:
                found[int(parts[3]), asked_by.get(int(parts[1]), 0)] = at
    told = [
        {"event_id": event, "person_id": person, "at": at}
        for (event, person), at in found.items()
        if event in events and person in people
    ]
    if told:
        op.bulk_insert(DATE_TOLD, told)


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index("ix_booking_untold", table_name="booking")
    _join_subjects()
    for cause, sentence in SENTENCES.items():
        op.execute(CHANGES.update().where(CHANGES.c.cause == cause, CHANGES.c.why == "").values(why=sentence))
    op.drop_table("date_told")
    for name in ("is_told", "told_of_move_at", "manager_reminded_at", "manager_asked_at"):
        op.drop_column("booking", name)
    op.drop_column("booking_change", "cause")
