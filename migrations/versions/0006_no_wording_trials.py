"""Drop the comparison of two wordings of a reminder: a partnership mails too few people to tell them apart."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table("nudge") as batch:
        batch.drop_constraint(op.f("fk_nudge_trial_id_wording_trial"), type_="foreignkey")
        batch.drop_column("trial_id")
        batch.drop_column("wording")
    op.drop_table("wording_trial")


def downgrade() -> None:
    """Go back to the version before."""
    op.create_table(
        "wording_trial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("wording_a", sa.String(length=300), nullable=False),
        sa.Column("wording_b", sa.String(length=300), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_wording_trial_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_trial")),
    )
    op.create_index(
        "uq_wording_trial_running",
        "wording_trial",
        ["step"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    with op.batch_alter_table("nudge") as batch:
        batch.add_column(sa.Column("wording", sa.String(length=1), nullable=False, server_default=""))
        batch.add_column(sa.Column("trial_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_nudge_trial_id_wording_trial"), "wording_trial", ["trial_id"], ["id"]
        )
