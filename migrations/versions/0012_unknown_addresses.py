"""Count the unknown addresses of a classroom where it is stored, and not by the emails to them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.add_column(
        "evaluation_room", sa.Column("unknown_addresses", sa.Integer(), nullable=False, server_default="0")
    )
    op.execute(
        "UPDATE evaluation_room SET unknown_addresses = (SELECT count(*) FROM mail"
        " WHERE queued_at >= opened_at AND key LIKE 'room\\:' || event_id || '\\:unknown\\:%')"
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_column("evaluation_room", "unknown_addresses")
