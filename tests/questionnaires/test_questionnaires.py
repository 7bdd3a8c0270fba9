"""Questionnaires: what each kind of question accepts, versions, defaults, and which course asks which."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from tests import make
from tests.conftest import NOW
from tests.evaluation.answering import ANSWERS, completed, invited
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.evaluation.actions import answers as answers_actions
from training_hub.evaluation.models.answers import Answer
from training_hub.evaluation.rules.answers import Given, asked_of, check_answers, read_choices, stored_choices
from training_hub.questionnaires.actions.course_questionnaires import set_course_questionnaire
from training_hub.questionnaires.actions.questions import set_questions
from training_hub.questionnaires.actions.versions import (
    choose_default,
    make_questionnaire,
    make_version,
    put_in_use,
    store_default_questionnaires,
)
from training_hub.questionnaires.models import (
    Confidentiality,
    Question,
    QuestionKind,
    Questionnaire,
    Stage,
    VersionState,
)
from training_hub.questionnaires.queries.course_questionnaires import (
    asks_before,
    named_by,
    questionnaire_asked,
)
from training_hub.questionnaires.queries.questions import bank, questions
from training_hub.questionnaires.queries.versions import default_questionnaire, versions_of
from training_hub.questionnaires.rules.defaults import DEFAULT_QUESTIONNAIRES
from training_hub.questionnaires.rules.questions import LONGEST_SHORT, LONGEST_TEXT, Asked, check_questions

pytestmark = pytest.mark.postgres

K, C = QuestionKind, Confidentiality
TRAINER = Asked(key="trainer", section="", text="The trainer?", kind=K.SCALE)


def question(kind: QuestionKind, key: str = "q", **facts: object) -> Question:
    return Question(
        key=key,
        text=key,
        kind=kind,
        **{"options": ["A", "B", "C"], "shown_if": "", "is_required": True, **facts},
    )


def takes(kind: QuestionKind, answer: Given, **facts: object) -> bool:
    try:
        check_answers([question(kind, **facts)], {"q": answer})
    except Refused:
        return False
    return True


@given(
    kind=st.sampled_from(QuestionKind),
    value=st.none() | st.integers(-1, 7),
    before=st.none() | st.integers(-1, 7),
    chosen=st.lists(st.integers(0, 4), max_size=3).map(tuple),
    words=st.sampled_from(
        ["", "Ask sooner.", "x" * LONGEST_SHORT, "x" * LONGEST_TEXT, "x" * (LONGEST_TEXT + 1)]
    ),
)
def test_each_kind_of_question_accepts_only_its_own_answers(
    kind: QuestionKind, value: int | None, before: int | None, chosen: tuple[int, ...], words: str
) -> None:
    is_alone = {
        "value": value is not None and before is None and not chosen and not words,
        "pair": value is not None and before is not None and not chosen and not words,
        "chosen": bool(chosen) and value is None and before is None and not words,
        "words": bool(words) and value is None and before is None and not chosen,
    }
    expected = {
        K.SCALE: is_alone["value"] and value in (1, 2, 3, 4, 5),
        K.BALANCE: is_alone["value"] and value in (1, 2, 3, 4, 5),
        K.BEFORE_NOW: is_alone["pair"] and {value, before} <= {1, 2, 3, 4, 5},
        K.CHOICE: is_alone["value"] and value in (1, 2, 3),
        K.CHOICES: is_alone["chosen"] and set(chosen) <= {1, 2, 3} and len(set(chosen)) == len(chosen),
        K.YES_NO: is_alone["value"] and value in (0, 1),
        K.SHORT: is_alone["words"] and len(words) <= LONGEST_SHORT,
        K.TEXT: is_alone["words"] and len(words) <= LONGEST_TEXT,
    }
    assert takes(kind, Given(value=value, before=before, chosen=chosen, words=words)) is expected[kind]


def test_only_optional_questions_can_be_left_empty() -> None:
    assert [takes(kind, Given(), is_required=False) for kind in K] == [True] * len(K)
    assert [takes(kind, Given()) for kind in K] == [False] * len(K)


def test_a_follow_up_question_is_asked_only_after_a_yes() -> None:
    asked = [question(K.YES_NO, "used"), question(K.TEXT, "example", shown_if="used")]
    yes, no = {"used": Given(value=1)}, {"used": Given(value=0)}
    assert [[each.key for each in asked_of(asked, said)] for said in (yes, no, {})] == [
        ["used", "example"],
        ["used"],
        ["used"],
    ]
    check_answers(asked, {**yes, "example": Given(words="I asked sooner.")})
    check_answers(asked, no)
    for wrong in (yes, {**no, "example": Given(words="I asked sooner.")}):
        with pytest.raises(Refused):
            check_answers(asked, wrong)


@pytest.mark.parametrize("half", ["before", "now"])
def test_a_half_asked_pair_accepts_only_that_half(half: str) -> None:
    asked = [question(K.BEFORE_NOW)]
    only = {"before": Given(before=2), "now": Given(value=4)}
    check_answers(asked, {"q": only[half]}, halves={"q": frozenset({half})})
    for wrong in (only["now" if half == "before" else "before"], Given(value=4, before=2)):
        with pytest.raises(Refused):
            check_answers(asked, {"q": wrong}, halves={"q": frozenset({half})})


@given(st.sets(st.integers(1, 12)))
def test_stored_choices_are_read_back_unchanged(chosen: set[int]) -> None:
    assert set(read_choices(stored_choices(sorted(chosen)))) == chosen


def test_default_questionnaires_can_be_put_in_use() -> None:
    kinds: dict[str, QuestionKind] = {}
    for _name, asked in DEFAULT_QUESTIONNAIRES.values():
        check_questions(asked, kinds)
        kinds |= {each.key: each.kind for each in asked}
    assert set(DEFAULT_QUESTIONNAIRES) == set(Stage)


def test_a_faulty_questionnaire_is_refused_with_the_reason() -> None:
    scale = Asked(key="a", section="S", text="How good?", kind=K.SCALE)
    follows = Asked(key="b", section="S", text="Why?", kind=K.TEXT, shown_if="a")
    choice = Asked(key="c", section="S", text="Which?", kind=K.CHOICE, options=("One",))
    said = []
    for asked, kinds in (
        ([], {}),
        ([scale] * 31, {}),
        ([scale, scale], {}),
        ([scale], {"a": K.TEXT}),
        ([choice], {}),
        ([scale, follows], {}),
    ):
        with pytest.raises(Refused) as refused:
            check_questions(asked, kinds)
        said.append(str(refused.value))
    assert said == [
        "Add a question first: a questionnaire needs at least one.",
        "A questionnaire can have 30 questions at most.",
        "“How good?” is in the questionnaire twice.",
        "“How good?” has been asked before as text. Keep that kind, or add it as a new question.",
        "“Which?” needs 2 to 12 answers to choose from.",
        "“Why?” can only follow an earlier yes-or-no question.",
    ]


def test_a_new_version_leaves_earlier_answers_as_they_were(app: Flask) -> None:
    officer, invitation = make.officer(), invited(completed())
    answers_actions.answer(invitation, ANSWERS, now=NOW)
    first = default_questionnaire()
    stored = db.session.scalar(select(func.count()).select_from(Answer))
    second = make_version(first, by=officer, now=NOW)
    asked = [each for each in questions(first.id) if each.key != "pace"]
    set_questions(second, asked)
    assert (make_version(first, by=officer, now=NOW).id, second.version) == (second.id, 2)
    put_in_use(second)
    db.session.commit()
    assert [(form.version, form.state, form.is_default) for form in versions_of("End of course")] == [
        (2, VersionState.IN_USE, True),
        (1, VersionState.WITHDRAWN, False),
    ]
    assert default_questionnaire() == second
    assert [len(questions(form.id)) for form in (first, second)] == [10, 9]
    assert db.session.scalar(select(func.count()).select_from(Answer)) == stored
    with pytest.raises(Refused):
        set_questions(first, asked)
    later = make.booking(invitation.booking.event, make.person("Ben Baker"), Status.COMPLETED)
    db.session.commit()
    assert invited(later).questionnaire_id == second.id


def test_a_question_keeps_its_kind_in_every_questionnaire(app: Flask) -> None:
    officer = make.officer()
    draft = make_questionnaire(
        "Half days",
        Stage.END,
        C.ANONYMOUS,
        asked=[Asked(key="trainer", section="", text="The trainer?", kind=K.TEXT)],
        by=officer,
        now=NOW,
    )
    with pytest.raises(Refused):
        put_in_use(draft)
    set_questions(draft, [TRAINER])
    put_in_use(draft)
    choose_default(draft, by=officer, now=NOW)
    db.session.commit()
    assert (draft.state, default_questionnaire()) == (VersionState.IN_USE, draft)
    assert [each.text for each in bank() if each.key == "trainer"] == ["The trainer?"]


def defaults() -> dict[Stage, str]:
    rows = db.session.execute(select(Questionnaire.stage, Questionnaire.name).where(Questionnaire.is_default))
    return {row[0]: row[1] for row in rows}


def test_every_stage_has_a_default(app: Flask) -> None:
    assert defaults() == {stage: name for stage, (name, _asked) in DEFAULT_QUESTIONNAIRES.items()}


def test_upgrade_adds_missing_defaults_and_keeps_an_officers_own(app: Flask) -> None:
    # An older version stored a default when it was first asked.
    db.session.execute(delete(Question))
    db.session.execute(delete(Questionnaire))
    own = make_questionnaire("Own", Stage.END, C.CONFIDENTIAL, asked=[TRAINER], by=make.officer(), now=NOW)
    put_in_use(own)
    own.is_default = True
    for _ in range(2):
        store_default_questionnaires()
        db.session.commit()
    others = {stage: name for stage, (name, _asked) in DEFAULT_QUESTIONNAIRES.items()}
    assert defaults() == {**others, Stage.END: "Own"}
    assert len(questions(default_questionnaire(Stage.SIX_WEEKS).id)) == 6


def test_a_course_names_its_questionnaire_for_each_stage(app: Flask) -> None:
    course, officer = make.course(), make.officer()
    own = make_questionnaire(
        "Own",
        Stage.END,
        C.CONFIDENTIAL,
        asked=[TRAINER],
        by=officer,
        now=NOW,
    )
    with pytest.raises(Refused):
        set_course_questionnaire(course, Stage.END, is_asked=True, name="Own")
    put_in_use(own)
    set_course_questionnaire(course, Stage.END, is_asked=True, name="Own")
    set_course_questionnaire(course, Stage.BEFORE, is_asked=True)
    db.session.flush()
    assert (
        named_by(course.id),
        asks_before(course.id),
    ) == (
        {Stage.END: "Own", Stage.BEFORE: ""},
        True,
    )
    assert questionnaire_asked(course.id, Stage.END) == own
    assert questionnaire_asked(course.id, Stage.BEFORE).name == "Before the course"
    set_course_questionnaire(course, Stage.END, is_asked=False)
    set_course_questionnaire(course, Stage.BEFORE, is_asked=False)
    db.session.flush()
    assert (named_by(course.id), course.is_evaluated) == ({}, False)
