"""Note that emails with a link to decline a place carry a key, so that only their recipient may read them."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.execute("UPDATE mail SET carries_key = true WHERE text LIKE '%/refuse/%'")


def downgrade() -> None:
    """Go back to the version before. What an email says has not changed."""
