"""Store when people changed their line manager, which email told the manager of a form, and what results count."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.add_column("person", sa.Column("manager_named_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitation", sa.Column("copied_in", sa.String(length=120), nullable=True))
    op.create_index(
        "ix_invitation_copied_in",
        "invitation",
        ["copied_in"],
        sqlite_where=sa.text("copied_in IS NOT NULL"),
        postgresql_where=sa.text("copied_in IS NOT NULL"),
    )
    op.create_index(
        "ix_answer_counted", "answer", ["response_id", "question_id", "value", "before", "chosen"]
    )
    op.create_index(
        "ix_answer_words",
        "answer",
        ["response_id", "question_id"],
        sqlite_where=sa.text("text != ''"),
        postgresql_where=sa.text("text != ''"),
    )
    # Until now each form had an email of its own.
    op.execute(
        """
        UPDATE invitation SET copied_in = (
            SELECT 'evaluation-copy:' || booking.reference FROM booking WHERE booking.id = invitation.booking_id
        ) WHERE EXISTS (SELECT 1 FROM nudge WHERE nudge.invitation_id = invitation.id AND nudge.is_manager_copied)
        """
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index("ix_answer_words", table_name="answer")
    op.drop_index("ix_answer_counted", table_name="answer")
    op.drop_index("ix_invitation_copied_in", table_name="invitation")
    op.drop_column("invitation", "copied_in")
    op.drop_column("person", "manager_named_at")
