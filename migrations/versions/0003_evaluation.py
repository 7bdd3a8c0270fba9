"""Add versions and stages of forms, emails about them, classrooms, part answers, comments, reviews and actions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DRAWN = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ONE_ORIGIN = "(invitation_id is null) = (event_id is not null)"
NO_MOMENT = "(event_id is null) or (submitted_at is null)"


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("name", name=op.f("uq_theme_name")),
    )
    op.create_table(
        "course_form",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "before",
                "end",
                "six weeks",
                "three months",
                "manager",
                name="stage",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("form_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_course_form_course_id_course"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", "stage", name=op.f("pk_course_form")),
    )
    op.create_table(
        "course_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_course_review_by_id_person")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_review_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_review")),
    )
    op.create_index("ix_course_review_course_id", "course_review", ["course_id", "made_at"], unique=False)
    op.create_table(
        "evaluation_opt_out",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_evaluation_opt_out_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_evaluation_opt_out")),
    )
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
    op.create_table(
        "course_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("you_said", sa.String(length=500), nullable=False),
        sa.Column("we_did", sa.String(length=500), nullable=False),
        sa.Column("action", sa.String(length=500), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_course_action_by_id_person")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_action_course_id_course")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["course_review.id"], name=op.f("fk_course_action_review_id_course_review")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_action")),
    )
    op.create_index(
        "ix_course_action_course_id", "course_action", ["course_id", "due_on", "id"], unique=False
    )
    op.create_table(
        "evaluation_room",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_evaluation_room_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["person.id"], name=op.f("fk_evaluation_room_opened_by_id_person")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_evaluation_room")),
        sa.UniqueConstraint("code", name=op.f("uq_evaluation_room_code")),
    )
    op.create_table(
        "nudge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail_key", sa.String(length=120), nullable=False),
        sa.Column("wording", sa.String(length=1), nullable=False),
        sa.Column("trial_id", sa.Integer(), nullable=True),
        sa.Column("is_manager_copied", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_nudge_invitation_id_invitation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["trial_id"], ["wording_trial.id"], name=op.f("fk_nudge_trial_id_wording_trial")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
    )
    op.create_index("ix_nudge_invitation_id", "nudge", ["invitation_id", "at"], unique=False)
    op.create_index("ix_nudge_mail_key", "nudge", ["mail_key"], unique=False)
    op.create_table(
        "part_answers",
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_part_answers_invitation_id_invitation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_part_answers")),
    )
    op.create_table(
        "anonymous_answers",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("is_rewritten", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_anonymous_answers_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_anonymous_answers")),
    )
    op.create_table(
        "answer_theme",
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_answer_theme_answer_id_answer"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_answer_theme_theme_id_theme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("answer_id", "theme_id", name=op.f("pk_answer_theme")),
    )
    op.create_index("ix_answer_theme_theme_id", "answer_theme", ["theme_id"], unique=False)

    with op.batch_alter_table("answer") as batch:
        batch.alter_column("id", existing_type=sa.Integer(), existing_nullable=False, type_=DRAWN)
        batch.alter_column("response_id", existing_type=sa.Integer(), existing_nullable=False, type_=DRAWN)
        batch.add_column(sa.Column("chosen", sa.String(length=100), nullable=False, server_default=""))
        batch.add_column(sa.Column("review", sa.String(length=40), nullable=False, server_default="unread"))
        batch.add_column(sa.Column("published", sa.Text(), nullable=False, server_default=""))
    op.drop_index("ix_answer_question_id", table_name="answer")
    op.create_index("ix_answer_question_id", "answer", ["question_id", "review"])
    with op.batch_alter_table("response") as batch:
        batch.alter_column("id", existing_type=sa.Integer(), existing_nullable=False, type_=DRAWN)
        batch.alter_column("invitation_id", existing_type=sa.Integer(), nullable=True)
        batch.alter_column("submitted_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        batch.add_column(sa.Column("event_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_response_event_id_event"), "event", ["event_id"], ["id"])
        batch.create_check_constraint(op.f("ck_response_one_origin"), ONE_ORIGIN)
        batch.create_check_constraint(op.f("ck_response_no_moment_of_anonymous"), NO_MOMENT)
    op.create_index("ix_response_event_id", "response", ["event_id"])

    op.add_column("invitation", sa.Column("returned_by", sa.String(length=40), nullable=True))
    op.add_column("question", sa.Column("options", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("question", sa.Column("shown_if", sa.String(length=40), nullable=False, server_default=""))
    op.create_index("ix_question_key", "question", ["key"])
    with op.batch_alter_table("questionnaire") as batch:
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("state", sa.String(length=40), nullable=False, server_default="in use"))
        batch.add_column(sa.Column("made_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("made_by_id", sa.Integer(), nullable=True))
        batch.drop_constraint(op.f("uq_questionnaire_name"), type_="unique")
        batch.create_unique_constraint(op.f("uq_questionnaire_name_version"), ["name", "version"])
        batch.create_foreign_key(op.f("fk_questionnaire_made_by_id_person"), "person", ["made_by_id"], ["id"])
    op.create_index(
        "uq_questionnaire_default",
        "questionnaire",
        ["stage"],
        unique=True,
        sqlite_where=sa.text("is_default = 1"),
        postgresql_where=sa.text("is_default"),
    )
    op.create_index(
        "uq_questionnaire_in_use",
        "questionnaire",
        ["name"],
        unique=True,
        sqlite_where=sa.text("state = 'in use'"),
        postgresql_where=sa.text("state = 'in use'"),
    )


def downgrade() -> None:
    """Go back to the version before, which knows neither anonymous answers nor a second version of a form.

    Numbers that were drawn stay as long as they are: the version before can read them.
    """
    op.drop_index("uq_questionnaire_in_use", table_name="questionnaire")
    op.drop_index("uq_questionnaire_default", table_name="questionnaire")
    op.execute("UPDATE questionnaire SET name = name || ' (version ' || version || ')' WHERE version > 1")
    with op.batch_alter_table("questionnaire") as batch:
        batch.drop_constraint(op.f("fk_questionnaire_made_by_id_person"), type_="foreignkey")
        batch.drop_constraint(op.f("uq_questionnaire_name_version"), type_="unique")
        for column in ("made_by_id", "made_at", "state", "version"):
            batch.drop_column(column)
        batch.create_unique_constraint(op.f("uq_questionnaire_name"), ["name"])
    op.drop_index("ix_question_key", table_name="question")
    op.drop_column("question", "shown_if")
    op.drop_column("question", "options")
    op.drop_column("invitation", "returned_by")

    op.drop_table("answer_theme")
    op.execute(
        "DELETE FROM answer WHERE response_id IN (SELECT id FROM response WHERE invitation_id IS NULL)"
    )
    op.execute("DELETE FROM response WHERE invitation_id IS NULL")
    op.drop_index("ix_response_event_id", table_name="response")
    with op.batch_alter_table("response") as batch:
        batch.drop_constraint(op.f("ck_response_no_moment_of_anonymous"), type_="check")
        batch.drop_constraint(op.f("ck_response_one_origin"), type_="check")
        batch.drop_constraint(op.f("fk_response_event_id_event"), type_="foreignkey")
        batch.drop_column("event_id")
        batch.alter_column("submitted_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch.alter_column("invitation_id", existing_type=sa.Integer(), nullable=False)
    op.drop_index("ix_answer_question_id", table_name="answer")
    op.create_index("ix_answer_question_id", "answer", ["question_id"])
    for column in ("published", "review", "chosen"):
        op.drop_column("answer", column)
    for table in (
        "anonymous_answers",
        "part_answers",
        "nudge",
        "evaluation_room",
        "course_action",
        "wording_trial",
        "evaluation_opt_out",
        "course_review",
        "course_form",
        "theme",
    ):
        op.drop_table(table)
