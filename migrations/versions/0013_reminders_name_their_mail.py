"""Let a reminder name its email by its number, which no change of keys can break."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

FOREIGN_KEY = "fk_reminder_sent_mail_id_mail"


def upgrade() -> None:
    """Go to this version."""
    op.drop_index("ix_reminder_sent_mail_key", table_name="reminder_sent")
    with op.batch_alter_table("reminder_sent") as batch:
        batch.add_column(sa.Column("mail_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f(FOREIGN_KEY), "mail", ["mail_id"], ["id"], ondelete="SET NULL")
    op.execute("UPDATE reminder_sent SET mail_id = (SELECT mail.id FROM mail WHERE mail.key = mail_key)")
    op.drop_column("reminder_sent", "mail_key")
    op.create_index("ix_reminder_sent_mail_id", "reminder_sent", ["mail_id"])


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index("ix_reminder_sent_mail_id", table_name="reminder_sent")
    op.add_column(
        "reminder_sent", sa.Column("mail_key", sa.String(length=120), nullable=False, server_default="")
    )
    op.execute(
        "UPDATE reminder_sent SET mail_key ="
        " coalesce((SELECT mail.key FROM mail WHERE mail.id = mail_id), '')"
    )
    with op.batch_alter_table("reminder_sent") as batch:
        batch.drop_constraint(op.f(FOREIGN_KEY), type_="foreignkey")
        batch.drop_column("mail_id")
    op.create_index("ix_reminder_sent_mail_key", "reminder_sent", ["mail_key"])
