"""Rename the columns and rows about reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


# A reminder used to count when its email was queued, and counts now once it has left. `rung` is the next reminder, or 6
# where reminders were stopped.
NOT_LEFT = (
    "SELECT min(step) FROM nudge JOIN mail ON mail.key = nudge.mail_key"
    " WHERE nudge.invitation_id = invitation.id AND mail.state IN ('waiting', 'sending', 'dropped')"
)
QUEUED = (
    "SELECT max(step) + 1 FROM nudge"
    " WHERE nudge.invitation_id = invitation.id AND nudge.at >= invitation.due_at"
)


def upgrade() -> None:
    """Go to this version."""
    op.execute(f"UPDATE invitation SET rung = ({NOT_LEFT}) WHERE rung BETWEEN ({NOT_LEFT}) AND 5")  # noqa: S608 - a constant above
    op.create_table(
        "reminder_sent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("reminder_number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail_key", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_reminder_sent_invitation_id_invitation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_sent")),
    )
    op.execute(
        "INSERT INTO reminder_sent (invitation_id, reminder_number, at, mail_key)"
        " SELECT invitation_id, step, at, mail_key FROM nudge ORDER BY id"
    )
    op.create_index("ix_reminder_sent_invitation_id", "reminder_sent", ["invitation_id", "at"])
    op.create_index("ix_reminder_sent_mail_key", "reminder_sent", ["mail_key"])
    op.drop_table("nudge")
    op.drop_index("ix_invitation_returned_at_rung", table_name="invitation")
    op.execute("ALTER TABLE invitation RENAME COLUMN rung TO next_reminder")
    op.create_index("ix_invitation_next_reminder", "invitation", ["returned_at", "next_reminder", "due_at"])


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index("ix_invitation_next_reminder", table_name="invitation")
    op.execute("ALTER TABLE invitation RENAME COLUMN next_reminder TO rung")
    op.create_index("ix_invitation_returned_at_rung", "invitation", ["returned_at", "rung", "due_at"])
    op.create_table(
        "nudge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail_key", sa.String(length=120), nullable=False),
        sa.Column("is_manager_copied", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_nudge_invitation_id_invitation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
    )
    op.execute(
        "INSERT INTO nudge (invitation_id, step, at, mail_key, is_manager_copied)"
        " SELECT reminder_sent.invitation_id, reminder_number, at, mail_key,"
        " reminder_number = 4 AND copied_in IS NOT NULL"
        " FROM reminder_sent JOIN invitation ON invitation.id = reminder_sent.invitation_id"
        " ORDER BY reminder_sent.id"
    )
    op.create_index("ix_nudge_invitation_id", "nudge", ["invitation_id", "at"])
    op.create_index("ix_nudge_mail_key", "nudge", ["mail_key"])
    op.drop_table("reminder_sent")
    op.execute(f"UPDATE invitation SET rung = ({QUEUED}) WHERE rung < ({QUEUED})")  # noqa: S608 - a constant above
