"""Keep records of what counted as a course, and since when a course date has places."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STANDS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table("equivalence") as batch:
        batch.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("ended_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_equivalence_ended_by_id_person"), "person", ["ended_by_id"], ["id"])
        batch.drop_constraint(op.f("uq_equivalence_person_id_course_id"), type_="unique")
    op.add_column("event", sa.Column("has_places_since", sa.DateTime(timezone=True), nullable=True))
    # People waiting now have seen the other dates, so the new version emails nobody.
    op.execute("UPDATE event SET has_places_since = entered_at WHERE interested_told_at IS NOT NULL")
    op.create_index("ix_equivalence_person_id", "equivalence", ["person_id"])
    op.create_index(
        "uq_equivalence_stands",
        "equivalence",
        ["person_id", "course_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )


def downgrade() -> None:
    """Go back to the version before. What no longer counts is lost: there it was never kept."""
    op.execute("DELETE FROM equivalence WHERE ended_at IS NOT NULL")
    op.drop_column("event", "has_places_since")
    op.drop_index("uq_equivalence_stands", table_name="equivalence")
    op.drop_index("ix_equivalence_person_id", table_name="equivalence")
    with op.batch_alter_table("equivalence") as batch:
        batch.create_unique_constraint(op.f("uq_equivalence_person_id_course_id"), ["person_id", "course_id"])
        batch.drop_constraint(op.f("fk_equivalence_ended_by_id_person"), type_="foreignkey")
        batch.drop_column("ended_by_id")
        batch.drop_column("ended_at")
