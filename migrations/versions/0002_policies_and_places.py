"""Add policies, requests, offers, reserved places, and what must be completed first."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


HELD = ("confirmed", "completed", "partial", "did not attend")


def _allow_one_open(*statuses: str) -> None:
    """Let a person have one booking in these statuses for an event."""
    words = ", ".join(f"'{status}'" for status in statuses)
    where = sa.text(f"status IN ({words})")
    op.drop_index("uq_booking_open", table_name="booking")
    op.create_index(
        "uq_booking_open",
        "booking",
        ["person_id", "event_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "partnership_policies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policies", sa.JSON(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_partnership_policies_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership_policies")),
    )
    op.create_table(
        "equivalence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_equivalence_by_id_person")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_equivalence_course_id_course")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_equivalence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equivalence")),
        sa.UniqueConstraint("person_id", "course_id", name=op.f("uq_equivalence_person_id_course_id")),
    )
    op.create_table(
        "interest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_interest_agency_id_agency")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_interest_course_id_course")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_interest_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
    )
    op.create_index(
        "ix_interest_course_id", "interest", ["course_id", "ended_at", "asked_at", "id"], unique=False
    )
    op.create_index("ix_interest_person_id", "interest", ["person_id"], unique=False)
    op.create_index(
        "uq_interest_open",
        "interest",
        ["person_id", "course_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "policy_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("over", sa.String(length=80), nullable=False),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("was", sa.String(length=200), nullable=False),
        sa.Column("became", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_policy_change_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_change")),
    )
    op.create_index("ix_policy_change_over", "policy_change", ["over", "id"], unique=False)

    op.create_table(
        "prerequisite",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("needs_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_prerequisite_course_id_course"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["needs_id"], ["course.id"], name=op.f("fk_prerequisite_needs_id_course"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", "needs_id", name=op.f("pk_prerequisite")),
    )
    op.create_table(
        "missed_reminder",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["booking.id"],
            name=op.f("fk_missed_reminder_booking_id_booking"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("booking_id", "kind", name=op.f("pk_missed_reminder")),
    )
    op.create_table(
        "reserved_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reserved_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_reserved_place_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_reserved_place_booking_id_booking")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_reserved_place_ended_by_id_person")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_reserved_place_event_id_event")),
        sa.ForeignKeyConstraint(
            ["reserved_by_id"], ["person.id"], name=op.f("fk_reserved_place_reserved_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserved_place")),
    )
    op.create_index("ix_reserved_place_agency_id", "reserved_place", ["agency_id", "ended_at"], unique=False)
    op.create_index(
        "ix_reserved_place_event_id", "reserved_place", ["event_id", "ended_at", "agency_id"], unique=False
    )

    op.execute(
        "ALTER TABLE booking ADD COLUMN follows_id INTEGER "
        "CONSTRAINT fk_booking_follows_id_booking REFERENCES booking (id)"
    )
    op.add_column("booking", sa.Column("is_held", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("booking", sa.Column("decide_by", sa.DateTime(timezone=True), nullable=True))
    op.add_column("booking", sa.Column("calendar_sequence", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("booking", sa.Column("asked_sequence", sa.Integer(), nullable=True))
    op.create_index("ix_booking_follows_id", "booking", ["follows_id"])
    is_undecided = sa.text("decide_by IS NOT NULL")
    op.create_index(
        "ix_booking_decide_by",
        "booking",
        ["decide_by"],
        sqlite_where=is_undecided,
        postgresql_where=is_undecided,
    )
    op.drop_index("ix_booking_status_event_id", table_name="booking")
    op.drop_index("ix_booking_person_id_event_id", table_name="booking")
    op.create_index("ix_booking_person_id_status", "booking", ["person_id", "status", "event_id"])
    _allow_one_open("requested", "waiting", "offered", *HELD)
    op.add_column("course", sa.Column("policies", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("event", sa.Column("policies", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column(
        "event", sa.Column("is_list_paused", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("event", sa.Column("interested_told_at", sa.DateTime(timezone=True), nullable=True))
    # People who ask from now on wait for a date that is published from now on.
    op.execute("UPDATE event SET interested_told_at = entered_at WHERE status <> 'draft'")
    op.add_column("person", sa.Column("calendar_version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_column("person", "calendar_version")
    op.drop_column("event", "interested_told_at")
    op.drop_column("event", "is_list_paused")
    op.drop_column("event", "policies")
    op.drop_column("course", "policies")
    _allow_one_open("waiting", *HELD)
    op.drop_index("ix_booking_person_id_status", table_name="booking")
    op.create_index("ix_booking_person_id_event_id", "booking", ["person_id", "event_id"])
    op.create_index("ix_booking_status_event_id", "booking", ["status", "event_id"])
    op.drop_index("ix_booking_decide_by", table_name="booking")
    op.drop_index("ix_booking_follows_id", table_name="booking")
    for column in ("asked_sequence", "calendar_sequence", "decide_by", "is_held"):
        op.drop_column("booking", column)
    # SQLite drops such a column only by building the table again, which would lose the check.
    check = sa.CheckConstraint(
        "not is_walk_in or status != 'waiting'", name=op.f("ck_booking_walk_in_never_waits")
    )
    with op.batch_alter_table("booking", table_args=[check]) as batch:
        batch.drop_column("follows_id")

    op.drop_index("ix_reserved_place_event_id", table_name="reserved_place")
    op.drop_index("ix_reserved_place_agency_id", table_name="reserved_place")

    op.drop_table("reserved_place")
    op.drop_table("missed_reminder")
    op.drop_table("prerequisite")
    op.drop_index("ix_policy_change_over", table_name="policy_change")

    op.drop_table("policy_change")
    op.drop_index(
        "uq_interest_open",
        table_name="interest",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_interest_person_id", table_name="interest")
    op.drop_index("ix_interest_course_id", table_name="interest")

    op.drop_table("interest")
    op.drop_table("equivalence")
    op.drop_table("partnership_policies")
