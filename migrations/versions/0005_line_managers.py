"""When somebody got another line manager: whoever was asked about them before is asked no more."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.add_column("person", sa.Column("manager_named_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_column("person", "manager_named_at")
