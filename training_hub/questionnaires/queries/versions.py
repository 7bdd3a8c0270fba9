"""Questions about forms: which is asked when, what it asks, and what the bank knows."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from training_hub.database import db
from training_hub.people.models import Person
from training_hub.questionnaires.models import FormState, Questionnaire, Stage

MOST_LISTED = 200


def default_form(stage: Stage = Stage.END) -> Questionnaire | None:
    """The form that is asked at a stage where a course names no other."""
    return db.session.scalar(
        select(Questionnaire).where(Questionnaire.is_default, Questionnaire.stage == stage)
    )


def in_use(name: str, stage: Stage) -> Questionnaire | None:
    """The version in use of the form of this name, where it is asked at this stage."""
    return db.session.scalar(
        select(Questionnaire).where(
            Questionnaire.name == name,
            Questionnaire.stage == stage,
            Questionnaire.state == FormState.IN_USE,
        )
    )


def form(form_id: int) -> Questionnaire | None:
    """One version of a form."""
    return db.session.get(Questionnaire, form_id)


def versions(name: str) -> list[Questionnaire]:
    """Every version of the form of this name, the latest first, each with who made it."""
    return list(
        db.session.scalars(
            select(Questionnaire)
            .where(Questionnaire.name == name)
            .options(joinedload(Questionnaire.made_by).raiseload(Person.holdings))
            .order_by(Questionnaire.version.desc())
        )
    )


def forms() -> Sequence[Questionnaire]:
    """The latest version of each form, in the order of the stages and then by name."""
    latest = (
        select(Questionnaire.name, func.max(Questionnaire.version).label("version"))
        .group_by(Questionnaire.name)
        .subquery()
    )
    rows = db.session.scalars(
        select(Questionnaire)
        .join(latest, (Questionnaire.name == latest.c.name) & (Questionnaire.version == latest.c.version))
        .order_by(Questionnaire.name)
        .limit(MOST_LISTED)
    ).all()
    order = list(Stage)
    return sorted(rows, key=lambda row: (order.index(row.stage), row.name))
