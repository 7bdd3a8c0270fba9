"""Drafts of questionnaires: where a question goes, its key, and the record of who put what in use."""

from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests import make
from tests.conftest import NOW
from training_hub.database import db
from training_hub.errors import Refused, Stale
from training_hub.policies.models import Over
from training_hub.policies.queries import changes_over
from training_hub.questionnaires.actions.course_questionnaires import set_course_questionnaires
from training_hub.questionnaires.actions.questions import (
    add_from_bank,
    change_question,
    move_question,
    remove_question,
)
from training_hub.questionnaires.actions.versions import (
    choose_default,
    make_questionnaire,
    make_version,
    start_asking,
)
from training_hub.questionnaires.models import Confidentiality, Question, QuestionKind, Questionnaire, Stage
from training_hub.questionnaires.queries.course_questionnaires import (
    asked_by,
    asked_version,
    courses_asking,
    listed_questionnaires,
)
from training_hub.questionnaires.queries.questions import bank, questions
from training_hub.questionnaires.queries.versions import default_questionnaire
from training_hub.questionnaires.rules.drafts import (
    as_asked,
    check_options,
    differences,
    draft_version,
    key_for,
    moved,
    with_question,
)
from training_hub.questionnaires.rules.questions import Asked

pytestmark = pytest.mark.postgres

K = QuestionKind


def question(key: str, section: str = "S", kind: K = K.SCALE, shown_if: str = "", text: str = "") -> Asked:
    return Asked(key=key, section=section, text=text or key, kind=kind, shown_if=shown_if)


def stored(*asked: Asked) -> list[Question]:
    return [Question(**each.__dict__) for each in asked]


def draft_of(*asked: Asked) -> Questionnaire:
    return make_questionnaire(
        "Half days", Stage.END, Confidentiality.CONFIDENTIAL, asked=asked, by=make.officer(), now=NOW
    )


def keys(draft: Questionnaire) -> list[str]:
    return [each.key for each in questions(draft.id)]


@given(st.text(max_size=300), st.sets(st.sampled_from(["q_a", "q_a_2", "q_", "q", "q__2"])))
def test_a_new_question_gets_a_short_key_of_its_own(text: str, taken: set[str]) -> None:
    key = key_for(text, taken)
    assert (key in taken, len(key) <= 40, key.isascii(), key.startswith("q")) == (False, True, True, True)
    assert key.endswith(("_before", "_now")) is False


def test_a_key_says_what_is_asked_and_never_looks_like_a_half() -> None:
    assert [
        key_for(text, {"q_was_it_useful"})
        for text in ("How was the café?", "Was it useful?", "Confidence, before", "???")
    ] == ["q_how_was_the_cafe", "q_was_it_useful_2", "q_confidence_before_2", "q"]


def test_a_new_question_goes_last_in_its_section() -> None:
    asked = stored(question("a", "A"), question("yes", "A", K.YES_NO), question("z", "Z"))
    for new, expected in (
        (question("new", "A"), ["a", "yes", "new", "z"]),
        (question("new", "Other"), ["a", "yes", "z", "new"]),
        (question("new", "Z", shown_if="yes"), ["a", "yes", "new", "z"]),
    ):
        assert [each.key for each in with_question(asked, new)] == expected


def test_a_question_moves_one_place_and_never_off_the_page() -> None:
    asked = stored(question("a"), question("b"), question("c"))
    assert [
        "".join(each.key for each in moved(asked, key, by))
        for key, by in (("b", -1), ("b", 1), ("a", -1), ("c", 1))
    ] == ["bac", "acb", "abc", "abc"]
    with pytest.raises(Stale):
        moved(asked, "gone", 1)


def test_choices_keep_their_numbers() -> None:
    before = ["Nothing", "Time", "Other"]
    check_options(["Nothing at all", "Time", "Other", "My team"], before)
    for wrong in (["Nothing", "Time"], ["Time", "Nothing", "Other"], ["New", "Nothing", "Time", "Other"]):
        with pytest.raises(Refused):
            check_options(wrong, before)


def test_differences_are_listed_by_question() -> None:
    a, b, c, d = (question(key) for key in "abcd")
    found = differences(stored(a, b, c), stored(c, replace(b, text="B!"), d))
    assert (found.added, found.removed, found.changed, found.is_reordered) == (("d",), ("a",), ("B!",), True)
    assert differences(stored(a, b), stored(a, b)).is_none


def test_officers_do_not_undo_each_other_unseen(app: Flask) -> None:
    draft = draft_of(question("a"), question("b"))
    seen = draft_version(questions(draft.id))
    asked = {each.key: each for each in questions(draft.id)}
    seen_of = {key: draft_version([each]) for key, each in asked.items()}
    new = {key: replace(as_asked(each), text=f"New {key}") for key, each in asked.items()}
    change_question(draft, new["a"], seen=seen_of["a"])
    # The other question has not changed, so changing it undoes nothing.
    change_question(draft, new["b"], seen=seen_of["b"])
    for stale in (
        lambda: change_question(draft, new["a"], seen=seen_of["a"]),
        lambda: move_question(draft, "a", 1, seen=seen),
        lambda: remove_question(draft, "a", seen=seen),
        lambda: start_asking(draft, seen=seen, by=make.officer(), now=NOW),
    ):
        with pytest.raises(Stale):
            stale()
    assert [each.text for each in questions(draft.id)] == ["New a", "New b"]


def test_a_bank_follow_up_needs_its_yes_or_no_question(app: Flask) -> None:
    draft = draft_of()
    add_from_bank(draft, "example")
    add_from_bank(draft, "used")
    assert [(each.key, each.shown_if) for each in questions(draft.id)] == [
        ("example", ""),
        ("used", ""),
    ]
    remove_question(draft, "example", seen=draft_version(questions(draft.id)))
    add_from_bank(draft, "example")
    assert [(each.key, each.shown_if) for each in questions(draft.id)] == [
        ("used", ""),
        ("example", "used"),
    ]
    for refused in ("used", "never asked"):
        with pytest.raises(Refused):
            add_from_bank(draft, refused)


def test_the_bank_is_searched_by_words_and_kind(app: Flask) -> None:
    found = (
        bank("TRAINER good"),
        bank("", K.YES_NO, without=["used"]),
        bank("%"),
    )
    assert [[each.key for each in rows] for rows in found] == [["trainer"], ["manager_sees"], []]


def test_changes_of_version_and_default_are_recorded(app: Flask) -> None:
    olive, otto = make.officer("Olive"), make.officer("Otto")
    draft = draft_of(question("a"))
    start_asking(draft, seen=draft_version(questions(draft.id)), by=olive, now=NOW)
    second = make_version(draft, by=olive, now=NOW)
    start_asking(second, seen=draft_version(questions(second.id)), by=otto, now=NOW)
    choose_default(second, by=otto, now=NOW)
    db.session.commit()
    rows = [*changes_over(Over.QUESTIONNAIRE, draft.id), *changes_over(Over.DEFAULT_QUESTIONNAIRES)]
    assert [(row.policy, row.was, row.became, row.by.name) for row in rows] == [
        ("version in use", "1", "2", "Otto"),
        ("version in use", "", "1", "Olive"),
        ("end", "End of course", "Half days", "Otto"),
    ]


def test_lists_of_courses_follow_what_a_course_asks(app: Flask) -> None:
    own = draft_of(question("a"))
    olive = make.officer()
    start_asking(own, seen=draft_version(questions(own.id)), by=olive, now=NOW)
    course, other, silent = make.course("Neglect"), make.course("Other"), make.course("Silent")
    silent.is_evaluated = False
    wanted = {Stage.BEFORE: "", Stage.END: "Half days", Stage.SIX_WEEKS: None}
    seen = asked_version(asked_by(course))
    set_course_questionnaires(course, wanted, seen=seen, by=olive, now=NOW)
    db.session.commit()
    assert [asked_by(each) for each in (course, other, silent)] == [
        {Stage.BEFORE: "", Stage.END: "Half days"},
        {Stage.END: ""},
        {},
    ]
    default = default_questionnaire(Stage.END)
    assert courses_asking(own, as_default=False) == [(course.slug, "Neglect")]
    assert courses_asking(default, as_default=True) == [(other.slug, "Other")]
    listed = listed_questionnaires()
    assert [(row.shown.name, row.courses, row.questions) for row in listed[Stage.END]] == [
        ("End of course", 1, 10),
        ("Half days", 1, 1),
    ]
    assert [(row.shown.name, row.courses) for row in listed[Stage.BEFORE]] == [("Before the course", 1)]
    changes = changes_over(Over.COURSE_QUESTIONNAIRES, course.id)
    assert sorted((row.policy, row.was, row.became) for row in changes) == [
        ("before", "not asked", "the default questionnaire"),
        ("end", "the default questionnaire", "Half days"),
    ]
    wanted = {Stage.BEFORE: "Half days"}
    with pytest.raises(Stale):
        set_course_questionnaires(course, wanted, seen=seen, by=olive, now=NOW)
    seen = asked_version(asked_by(course))
    with pytest.raises(Refused, match="in use at this stage"):
        set_course_questionnaires(course, wanted, seen=seen, by=olive, now=NOW)
