"""Forms: what each kind of question takes, and that one in use is never changed under its answers."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests import make
from tests.conftest import NOW
from tests.evaluation.answering import ANSWERS, completed, invited
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.evaluation.actions import answers as answers_actions
from training_hub.evaluation.models.answers import Answer
from training_hub.evaluation.rules.answers import Given, asked_of, check_answers, read_choices, stored_choices
from training_hub.questionnaires.actions import course_forms as course_forms_actions
from training_hub.questionnaires.actions import questions as questions_actions
from training_hub.questionnaires.actions import versions as versions_actions
from training_hub.questionnaires.models import (
    Confidentiality,
    FormState,
    Question,
    QuestionKind,
    Questionnaire,
    Stage,
)
from training_hub.questionnaires.queries import course_forms as course_forms_queries
from training_hub.questionnaires.queries import questions as questions_queries
from training_hub.questionnaires.queries import versions as versions_queries
from training_hub.questionnaires.rules.defaults import DEFAULT_FORMS
from training_hub.questionnaires.rules.questions import LONGEST_SHORT, LONGEST_TEXT, Asked, check_form

K = QuestionKind


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
def test_each_kind_of_question_takes_its_own_kind_of_answer_and_no_other(
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


def test_an_answer_may_be_missing_only_where_the_question_says_so() -> None:
    assert [takes(kind, Given(), is_required=False) for kind in K] == [True] * len(K)
    assert [takes(kind, Given()) for kind in K] == [False] * len(K)


def test_a_question_that_follows_a_yes_is_asked_of_those_who_said_yes_alone() -> None:
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
def test_a_pair_of_which_one_half_is_asked_takes_that_half_alone(half: str) -> None:
    asked = [question(K.BEFORE_NOW)]
    only = {"before": Given(before=2), "now": Given(value=4)}
    check_answers(asked, {"q": only[half]}, halves={"q": frozenset({half})})
    for wrong in (only["now" if half == "before" else "before"], Given(value=4, before=2)):
        with pytest.raises(Refused):
            check_answers(asked, {"q": wrong}, halves={"q": frozenset({half})})


@given(st.sets(st.integers(1, 12)))
def test_what_was_chosen_is_read_as_it_was_stored(chosen: set[int]) -> None:
    assert set(read_choices(stored_choices(sorted(chosen)))) == chosen


def test_every_default_form_could_be_put_in_use_and_no_question_has_two_kinds() -> None:
    kinds: dict[str, QuestionKind] = {}
    for _name, asked in DEFAULT_FORMS.values():
        check_form(asked, kinds)
        kinds |= {each.key: each.kind for each in asked}
    assert set(DEFAULT_FORMS) == set(Stage)


def test_a_form_that_could_not_be_asked_is_refused_in_a_sentence() -> None:
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
            check_form(asked, kinds)
        said.append(str(refused.value))
    assert said == [
        "Add a question first: a form asks at least one.",
        "A form asks at most 30 questions. Nobody answers more in a minute.",
        "“How good?” stands in the form twice.",
        "“How good?” has been asked before as text. Ask it so again, or make it a new question.",
        "“Which?” needs 2 to 12 answers to choose from.",
        "“Why?” can only follow a yes-or-no question that stands before it.",
    ]


def test_a_new_version_is_asked_from_then_on_and_what_was_asked_before_stays(app: Flask) -> None:
    officer, invitation = make.officer(), invited(completed())
    answers_actions.answer(invitation, ANSWERS, now=NOW)
    first = versions_queries.default_form()
    assert first is not None
    stored = db.session.scalar(select(func.count()).select_from(Answer))
    second = versions_actions.make_version(first, by=officer, now=NOW)
    asked = [each for each in questions_queries.questions(first.id) if each.key != "pace"]
    questions_actions.set_questions(second, asked)
    assert (versions_actions.make_version(first, by=officer, now=NOW).id, second.version) == (second.id, 2)
    versions_actions.put_in_use(second)
    db.session.commit()
    assert [
        (form.version, form.state, form.is_default) for form in versions_queries.versions("End of course")
    ] == [
        (2, FormState.IN_USE, True),
        (1, FormState.WITHDRAWN, False),
    ]
    assert versions_queries.default_form() == second
    assert [len(questions_queries.questions(form.id)) for form in (first, second)] == [10, 9]
    assert db.session.scalar(select(func.count()).select_from(Answer)) == stored
    with pytest.raises(Refused):
        questions_actions.set_questions(first, asked)
    later = make.booking(invitation.booking.event, make.person("Ben Baker"), Status.COMPLETED)
    db.session.commit()
    assert invited(later).questionnaire_id == second.id


def test_a_question_that_was_asked_keeps_its_kind_in_every_form(app: Flask) -> None:
    officer = make.officer()
    versions_actions.ensure_default_form()
    draft = versions_actions.make_form(
        "Half days",
        Stage.END,
        Confidentiality.ANONYMOUS,
        asked=[Asked(key="trainer", section="", text="The trainer?", kind=K.TEXT)],
        by=officer,
        now=NOW,
    )
    with pytest.raises(Refused):
        versions_actions.put_in_use(draft)
    questions_actions.set_questions(
        draft, [Asked(key="trainer", section="", text="The trainer?", kind=K.SCALE)]
    )
    versions_actions.put_in_use(draft)
    versions_actions.make_default(draft)
    db.session.commit()
    defaults = db.session.scalars(select(Questionnaire.name).where(Questionnaire.is_default)).all()
    assert (draft.state, list(defaults)) == (FormState.IN_USE, ["Half days"])
    assert [each.text for each in questions_queries.bank() if each.key == "trainer"] == ["The trainer?"]


def test_every_stage_has_its_default_form_made_once(app: Flask) -> None:
    versions_actions.ensure_default_forms()
    versions_actions.ensure_default_forms()
    db.session.commit()
    assert [(form.stage, form.name, form.is_default) for form in versions_queries.forms()] == [
        (stage, DEFAULT_FORMS[stage][0], True) for stage in Stage
    ]


def test_a_course_says_which_form_it_asks_at_which_stage(app: Flask) -> None:
    course, officer = make.course(), make.officer()
    own = versions_actions.make_form(
        "Own",
        Stage.END,
        Confidentiality.CONFIDENTIAL,
        asked=[Asked(key="trainer", section="", text="The trainer?", kind=K.SCALE)],
        by=officer,
        now=NOW,
    )
    with pytest.raises(Refused):
        course_forms_actions.set_course_form(course, Stage.END, is_asked=True, form_name="Own")
    versions_actions.put_in_use(own)
    course_forms_actions.set_course_form(course, Stage.END, is_asked=True, form_name="Own")
    course_forms_actions.set_course_form(course, Stage.BEFORE, is_asked=True)
    db.session.flush()
    assert (course_forms_queries.course_forms(course.id), course_forms_queries.asks_before(course.id)) == (
        {Stage.END: "Own", Stage.BEFORE: ""},
        True,
    )
    assert course_forms_actions.form_asked(course.id, Stage.END) == own
    assert course_forms_actions.form_asked(course.id, Stage.BEFORE).name == "Before the course"
    course_forms_actions.set_course_form(course, Stage.END, is_asked=False)
    course_forms_actions.set_course_form(course, Stage.BEFORE, is_asked=False)
    db.session.flush()
    assert (course_forms_queries.course_forms(course.id), course.is_evaluated) == ({}, False)
