"""Drafts of forms: where a question goes, what it is known by, and what an officer who decided is remembered for."""

from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests import make
from tests.conftest import NOW
from training_hub.database import db
from training_hub.errors import Refused, Stale
from training_hub.policies.queries import changes_over
from training_hub.questionnaires.actions import course_forms as course_forms_actions
from training_hub.questionnaires.actions import questions as questions_actions
from training_hub.questionnaires.actions import versions as versions_actions
from training_hub.questionnaires.models import Confidentiality, Question, QuestionKind, Questionnaire, Stage
from training_hub.questionnaires.queries import course_forms as course_forms_queries
from training_hub.questionnaires.queries import questions as questions_queries
from training_hub.questionnaires.queries import versions as versions_queries
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

K = QuestionKind


def question(key: str, section: str = "S", kind: K = K.SCALE, shown_if: str = "", text: str = "") -> Asked:
    return Asked(key=key, section=section, text=text or key, kind=kind, shown_if=shown_if)


def stored(*asked: Asked) -> list[Question]:
    return [Question(**each.__dict__) for each in asked]


def draft_of(*asked: Asked) -> Questionnaire:
    return versions_actions.make_form(
        "Half days", Stage.END, Confidentiality.CONFIDENTIAL, asked=asked, by=make.officer(), now=NOW
    )


def keys(draft: Questionnaire) -> list[str]:
    return [each.key for each in questions_queries.questions(draft.id)]


@given(st.text(max_size=300), st.sets(st.sampled_from(["q_a", "q_a_2", "q_", "q", "q__2"])))
def test_a_new_question_is_known_by_a_short_word_of_its_own(text: str, taken: set[str]) -> None:
    key = key_for(text, taken)
    assert (key in taken, len(key) <= 40, key.isascii(), key.startswith("q")) == (False, True, True, True)
    assert key.endswith(("_before", "_now")) is False


def test_the_key_says_what_is_asked_and_no_half_of_a_pair_is_taken_for_it() -> None:
    assert [
        key_for(text, {"q_was_it_useful"})
        for text in ("How was the café?", "Was it useful?", "Confidence, before", "???")
    ] == ["q_how_was_the_cafe", "q_was_it_useful_2", "q_confidence_before_2", "q"]


def test_a_new_question_goes_last_in_its_section_and_one_that_follows_a_yes_right_behind_it() -> None:
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


def test_answers_that_were_chosen_keep_their_numbers() -> None:
    before = ["Nothing", "Time", "Other"]
    check_options(["Nothing at all", "Time", "Other", "My team"], before)
    for wrong in (["Nothing", "Time"], ["Time", "Nothing", "Other"], ["New", "Nothing", "Time", "Other"]):
        with pytest.raises(Refused):
            check_options(wrong, before)


def test_what_a_draft_asks_otherwise_is_told_by_question() -> None:
    a, b, c, d = (question(key) for key in "abcd")
    found = differences(stored(a, b, c), stored(c, replace(b, text="B!"), d))
    assert (found.added, found.left_out, found.changed, found.is_reordered) == (("d",), ("a",), ("B!",), True)
    assert differences(stored(a, b), stored(a, b)).is_none


def test_two_officers_on_one_draft_do_not_undo_each_other_unseen(app: Flask) -> None:
    draft = draft_of(question("a"), question("b"))
    seen = draft_version(questions_queries.questions(draft.id))
    asked = {each.key: each for each in questions_queries.questions(draft.id)}
    seen_of = {key: draft_version([each]) for key, each in asked.items()}
    new = {key: replace(as_asked(each), text=f"New {key}") for key, each in asked.items()}
    questions_actions.change_question(draft, new["a"], seen=seen_of["a"])
    # Another question is as it was, so changing it undoes nothing.
    questions_actions.change_question(draft, new["b"], seen=seen_of["b"])
    for stale in (
        lambda: questions_actions.change_question(draft, new["a"], seen=seen_of["a"]),
        lambda: questions_actions.move_question(draft, "a", 1, seen=seen),
        lambda: questions_actions.remove_question(draft, "a", seen=seen),
        lambda: versions_actions.start_asking(draft, seen=seen, by=make.officer(), now=NOW),
    ):
        with pytest.raises(Stale):
            stale()
    assert [each.text for each in questions_queries.questions(draft.id)] == ["New a", "New b"]


def test_a_question_of_the_bank_follows_a_yes_only_where_that_is_asked_too(app: Flask) -> None:
    versions_actions.ensure_default_forms()
    draft = draft_of()
    questions_actions.add_from_bank(draft, "example")
    questions_actions.add_from_bank(draft, "used")
    assert [(each.key, each.shown_if) for each in questions_queries.questions(draft.id)] == [
        ("example", ""),
        ("used", ""),
    ]
    questions_actions.remove_question(
        draft, "example", seen=draft_version(questions_queries.questions(draft.id))
    )
    questions_actions.add_from_bank(draft, "example")
    assert [(each.key, each.shown_if) for each in questions_queries.questions(draft.id)] == [
        ("used", ""),
        ("example", "used"),
    ]
    for refused in ("used", "never asked"):
        with pytest.raises(Refused):
            questions_actions.add_from_bank(draft, refused)


def test_the_bank_is_searched_by_words_and_kind(app: Flask) -> None:
    versions_actions.ensure_default_forms()
    found = (
        questions_queries.bank("TRAINER good"),
        questions_queries.bank("", K.YES_NO, but=["used"]),
        questions_queries.bank("%"),
    )
    assert [[each.key for each in rows] for rows in found] == [["trainer"], ["manager_sees"], []]


def test_who_put_which_version_in_use_and_who_chose_the_default_is_kept(app: Flask) -> None:
    olive, otto = make.officer("Olive"), make.officer("Otto")
    versions_actions.ensure_default_forms()
    draft = draft_of(question("a"))
    versions_actions.start_asking(
        draft, seen=draft_version(questions_queries.questions(draft.id)), by=olive, now=NOW
    )
    second = versions_actions.make_version(draft, by=olive, now=NOW)
    versions_actions.start_asking(
        second, seen=draft_version(questions_queries.questions(second.id)), by=otto, now=NOW
    )
    versions_actions.choose_default(second, by=otto, now=NOW)
    db.session.commit()
    rows = [*changes_over(f"form {draft.id}"), *changes_over("forms end")]
    assert [(row.policy, row.was, row.became, row.by.name) for row in rows] == [
        ("version in use", "1", "2", "Otto"),
        ("version in use", "", "1", "Olive"),
        ("default form", "End of course", "Half days", "Otto"),
    ]


def test_a_course_says_what_it_asks_and_the_lists_of_courses_follow(app: Flask) -> None:
    versions_actions.ensure_default_forms()
    own = draft_of(question("a"))
    olive = make.officer()
    versions_actions.start_asking(
        own, seen=draft_version(questions_queries.questions(own.id)), by=olive, now=NOW
    )
    course, other, silent = make.course("Neglect"), make.course("Other"), make.course("Silent")
    silent.is_evaluated = False
    wanted = {Stage.BEFORE: "", Stage.END: "Half days", Stage.SIX_WEEKS: None}
    course_forms_actions.set_course_forms(course, wanted, by=olive, now=NOW)
    db.session.commit()
    assert [course_forms_queries.asked_by(each) for each in (course, other, silent)] == [
        {Stage.BEFORE: "", Stage.END: "Half days"},
        {Stage.END: ""},
        {},
    ]
    default = versions_queries.default_form(Stage.END)
    assert default is not None
    assert course_forms_queries.courses_asking(own, as_default=False) == [(course.slug, "Neglect")]
    assert course_forms_queries.courses_asking(default, as_default=True) == [(other.slug, "Other")]
    listed = course_forms_queries.listed_forms()
    assert [(row.shown.name, row.courses, row.questions) for row in listed[Stage.END]] == [
        ("End of course", 1, 10),
        ("Half days", 1, 1),
    ]
    assert [(row.shown.name, row.courses) for row in listed[Stage.BEFORE]] == [("Before the course", 1)]
    changes = changes_over(f"course {course.id} forms")
    assert sorted((row.policy, row.was, row.became) for row in changes) == [
        ("before", "not asked", "the default form"),
        ("end", "the default form", "Half days"),
    ]
    with pytest.raises(Refused):
        course_forms_actions.set_course_forms(course, {Stage.BEFORE: "Half days"}, by=olive, now=NOW)
