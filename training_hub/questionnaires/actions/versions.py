"""Make, use and discard versions of questionnaires. A version that was in use never changes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from training_hub.database import db
from training_hub.errors import Refused, check_version
from training_hub.people.models import Person
from training_hub.policies.actions import note_changes
from training_hub.policies.models import Over
from training_hub.questionnaires.models import Confidentiality, Question, Questionnaire, Stage, VersionState
from training_hub.questionnaires.queries.questions import kinds, questions
from training_hub.questionnaires.queries.versions import default_questionnaire, versions_of
from training_hub.questionnaires.rules.defaults import DEFAULT_QUESTIONNAIRES
from training_hub.questionnaires.rules.drafts import as_asked, draft_version
from training_hub.questionnaires.rules.questions import Asked, check_questions


def store_default_questionnaires() -> None:
    """Store our questionnaire for each stage that has no default yet. Keeps a default that an officer chose."""
    have = set(db.session.scalars(select(Questionnaire.stage).where(Questionnaire.is_default)))
    db.session.add_all(made for made in default_questionnaires() if made.stage not in have)


def default_questionnaires() -> list[Questionnaire]:
    """New rows for the questionnaires that come with the product."""
    return [
        Questionnaire(
            name=name,
            stage=stage,
            confidentiality=Confidentiality.CONFIDENTIAL,
            is_default=True,
            questions=stored_questions(asked),
        )
        for stage, (name, asked) in DEFAULT_QUESTIONNAIRES.items()
    ]


def stored_questions(asked: Sequence[Asked | Question]) -> list[Question]:
    """New rows for these questions, numbered in their order."""
    return [
        Question(
            **{**vars(each if isinstance(each, Asked) else as_asked(each)), "options": list(each.options)},
            position=number,
        )
        for number, each in enumerate(asked, start=1)
    ]


def make_questionnaire(
    name: str,
    stage: Stage,
    confidentiality: Confidentiality,
    *,
    asked: Sequence[Asked | Question],
    by: Person,
    now: datetime,
) -> Questionnaire:
    """Start a questionnaire as a draft with these questions. Raises Refused if the name is taken."""
    if versions_of(name):
        raise Refused("There is a questionnaire with this name already. Choose another name.")
    draft = Questionnaire(name=name, version=1, stage=stage, confidentiality=confidentiality)
    return _stored_draft(draft, asked, by=by, now=now)


def make_version(questionnaire: Questionnaire, *, by: Person, now: datetime) -> Questionnaire:
    """Start the next version of a questionnaire as a draft with the same questions, or return the existing draft."""
    newest = versions_of(questionnaire.name)[0]
    if newest.state is VersionState.DRAFT:
        return newest
    draft = Questionnaire(
        name=questionnaire.name,
        version=newest.version + 1,
        stage=questionnaire.stage,
        confidentiality=questionnaire.confidentiality,
    )
    return _stored_draft(draft, questions(questionnaire.id), by=by, now=now)


def _stored_draft(
    draft: Questionnaire, asked: Sequence[Asked | Question], *, by: Person, now: datetime
) -> Questionnaire:
    draft.state, draft.made_at, draft.made_by_id = VersionState.DRAFT, now, by.id
    draft.questions = stored_questions(asked)
    db.session.add(draft)
    # The id comes from the database, and the next page's address needs it.
    db.session.flush()
    return draft


def put_in_use(draft: Questionnaire) -> None:
    """Ask this version from now on, and withdraw the one before. Invitations already sent keep their version.

    Raises Refused if the version is not a draft, or its questions cannot be asked.
    """
    check_draft(draft)
    check_questions(questions(draft.id), kinds(except_in=draft.id))
    was_default = False
    for version in versions_of(draft.name):
        if version.state is VersionState.IN_USE:
            was_default = version.is_default
            version.state, version.is_default = VersionState.WITHDRAWN, False
    # The database allows one version in use at a time: withdraw the old one first.
    db.session.flush()
    draft.state, draft.is_default = VersionState.IN_USE, was_default


def start_asking(draft: Questionnaire, *, seen: str | None, by: Person, now: datetime) -> None:
    """Put a draft in use, and record the officer who did so. Raises Stale if the draft is no longer as `seen`."""
    check_version(seen, draft_version(locked_questions(draft)))
    versions = versions_of(draft.name)
    was = [str(version.version) for version in versions if version.state is VersionState.IN_USE]
    put_in_use(draft)
    note_changes(
        Over.QUESTIONNAIRE,
        versions[-1].id,
        {"version in use": was[0]} if was else {},
        {"version in use": str(draft.version)},
        by=by,
        now=now,
    )


def choose_default(questionnaire: Questionnaire, *, by: Person, now: datetime) -> None:
    """Make a questionnaire the default of its stage, and record the officer. Raises Refused unless it is in use."""
    check_in_use(questionnaire)
    was = default_questionnaire(questionnaire.stage)
    was.is_default = False
    # The database allows one default for a stage: clear the old one first.
    db.session.flush()
    questionnaire.is_default = True
    note_changes(
        Over.DEFAULT_QUESTIONNAIRES,
        0,
        {questionnaire.stage.value: was.name},
        {questionnaire.stage.value: questionnaire.name},
        by=by,
        now=now,
    )


def discard_draft(draft: Questionnaire) -> None:
    """Delete a draft. Raises Refused if the version is not a draft."""
    check_draft(draft)
    db.session.execute(delete(Question).where(Question.questionnaire_id == draft.id))
    db.session.expire(draft, ["questions"])
    db.session.delete(draft)


def check_in_use(questionnaire: Questionnaire) -> None:
    """Raises Refused unless this version is in use."""
    if questionnaire.state is not VersionState.IN_USE:
        raise Refused("Put the questionnaire in use first. Then you can make it the default.")


def check_draft(questionnaire: Questionnaire) -> None:
    """Raises Refused unless this version is a draft."""
    if questionnaire.state is not VersionState.DRAFT:
        raise Refused("This version is or was in use, so it cannot be changed. Make a new version instead.")


def locked_questions(draft: Questionnaire) -> list[Question]:
    """The questions of a draft, locked: no other officer changes them until this transaction ends."""
    db.session.refresh(draft, with_for_update=True)
    return questions(draft.id)
