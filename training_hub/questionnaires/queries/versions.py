"""Questions about the versions of questionnaires."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from training_hub.database import db, fetch_all
from training_hub.people.models import Person
from training_hub.questionnaires.models import Questionnaire, Stage, VersionState

MOST_LISTED = 200


def default_questionnaire(stage: Stage = Stage.END) -> Questionnaire:
    """The questionnaire of a stage for courses that name no other."""
    return db.session.scalars(
        select(Questionnaire).where(Questionnaire.is_default, Questionnaire.stage == stage)
    ).one()


def in_use(name: str, stage: Stage) -> Questionnaire | None:
    """The version in use of the questionnaire with this name, if it is for this stage."""
    return db.session.scalar(
        select(Questionnaire).where(
            Questionnaire.name == name,
            Questionnaire.stage == stage,
            Questionnaire.state == VersionState.IN_USE,
        )
    )


def versions_of(name: str) -> list[Questionnaire]:
    """Every version of the questionnaire with this name, the latest first, each with its author."""
    return fetch_all(
        select(Questionnaire)
        .where(Questionnaire.name == name)
        .options(joinedload(Questionnaire.made_by).raiseload(Person.holdings))
        .order_by(Questionnaire.version.desc())
    )
