"""Store when a form was answered, not only on which day."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    # An answer is given again for minutes only.
    op.execute("DELETE FROM form_answer")
    op.drop_column("form_answer", "answered_on")
    op.add_column("form_answer", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False))


def downgrade() -> None:
    """Go back to the version before."""
    op.execute("DELETE FROM form_answer")
    op.drop_column("form_answer", "answered_at")
    op.add_column("form_answer", sa.Column("answered_on", sa.Date(), nullable=False))
