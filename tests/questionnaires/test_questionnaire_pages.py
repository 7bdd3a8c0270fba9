"""The pages on which officers build questionnaires and choose which course asks which."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import make
from tests.conftest import NOW
from tests.evaluation.answering import completed, invited
from tests.page_client import Page, PageClient
from training_hub.access import Role
from training_hub.database import db
from training_hub.questionnaires.actions.questions import add_from_bank, add_new_question
from training_hub.questionnaires.actions.versions import make_questionnaire, make_version, put_in_use
from training_hub.questionnaires.models import (
    Confidentiality,
    QuestionKind,
    Questionnaire,
    Stage,
    VersionState,
)
from training_hub.questionnaires.queries.course_questionnaires import asked_by, questionnaires_in_use
from training_hub.questionnaires.queries.questions import questions
from training_hub.questionnaires.queries.versions import default_questionnaire, versions_of
from training_hub.questionnaires.rules.questions import Asked

SignIn = Callable[..., PageClient]
HERE = "/manage/forms"


@pytest.fixture
def officer(app: Flask, signed_in: SignIn) -> PageClient:
    """A hub officer, signed in."""
    return signed_in(make.officer("Olive"))


def draft_of(name: str = "End of course") -> Questionnaire:
    """A draft of the next version of a questionnaire."""
    draft = make_version(versions_of(name)[0], by=make.officer("Otto"), now=NOW)
    db.session.commit()
    return draft


def path(draft: Questionnaire, rest: str = "questions") -> str:
    return f"{HERE}/{draft.id}/{rest}"


def texts(draft: Questionnaire) -> list[str]:
    db.session.expire_all()
    return [each.text for each in questions(draft.id)]


def errors(page: Page) -> list[str]:
    """Where the error summary leads, or what it says where it leads nowhere, and the status."""
    return [
        str(page.status),
        *(href for href, _words in page.links if href.startswith("#") and href != "#main"),
    ]


def add(client: PageClient, draft: Questionnaire, kind: str, **answers: object) -> Page:
    return client.send(client.get(path(draft, f"add/{kind}")), kind, **answers)


def test_the_list_describes_each_questionnaire(officer: PageClient) -> None:
    make.course("Neglect")
    draft_of()
    text = officer.get(HERE).text
    assert (
        "End of course Default Version 1 in use, version 2 is a draft. Confidential. 10 questions. "
        "1 course uses this questionnaire." in text
    )
    assert (
        "For the line manager Default Version 1 in use. Confidential. 4 questions. No course uses this"
        in text
    )
    assert "Questionnaires" in [words for _href, words in officer.get("/").links]


@pytest.mark.parametrize(("begin", "count"), [("default", 6), ("nothing", 0), ("End of course", 10)])
def test_a_new_questionnaire_starts_with_the_chosen_questions(
    officer: PageClient, begin: str, count: int
) -> None:
    others = {form.name: str(form.id) for form in questionnaires_in_use()}
    page = officer.send(
        officer.get(f"{HERE}/add"),
        "/add",
        name="Half days",
        stage="six weeks",
        confidentiality="anonymous",
        begin=others.get(begin, begin),
    )
    [draft] = versions_of("Half days")
    assert (page.status, page.h1) == (200, "Questions of Half days, version 1")
    assert (draft.state, draft.stage, draft.confidentiality, draft.made_by and draft.made_by.name) == (
        VersionState.DRAFT,
        Stage.SIX_WEEKS,
        Confidentiality.ANONYMOUS,
        "Olive",
    )
    assert len(questions(draft.id)) == count


def test_a_new_questionnaire_needs_settings_and_a_free_name(
    officer: PageClient,
) -> None:
    page = officer.send(officer.get(f"{HERE}/add"), "/add")
    assert errors(page) == ["422", "#name", "#stage-0", "#confidentiality-0"]
    page = officer.send(
        page, "/add", name="End of course", stage="end", confidentiality="attributed", begin="nothing"
    )
    assert errors(page) == ["422", "#name"]
    assert page.form("/add")["stage"] == "end"
    assert len(versions_of("End of course")) == 1


def test_a_version_that_was_in_use_cannot_be_edited(officer: PageClient) -> None:
    form = default_questionnaire()
    page = officer.get(f"{HERE}/{form.id}")
    assert "Supplied with Training Hub" in page.text
    refused = (
        "questions",
        "questions/pace",
        "add",
        "add/scale",
        "bank",
        "use",
        "delete",
    )
    assert [officer.get(path(form, rest)).status for rest in refused] == [409] * len(refused)
    assert officer.post(path(form), {"do": "remove pace", "seen": ""}).status == 409
    assert (officer.get(path(form, "preview")).status, len(texts(form))) == (200, 10)


def test_a_new_version_opens_the_draft_there_is(officer: PageClient) -> None:
    form = default_questionnaire()
    page = officer.send(officer.get(f"{HERE}/{form.id}"), "/version")
    assert page.h1 == "Questions of End of course, version 2"
    again = officer.follow(officer.post(f"{HERE}/{form.id}/version"))
    assert (again.h1, len(versions_of("End of course"))) == (page.h1, 2)


def test_buttons_move_and_remove_a_question(officer: PageClient) -> None:
    draft = draft_of("For the line manager")
    first, second, third, fourth = texts(draft)
    page = officer.send(officer.get(path(draft)), "/questions", do="down manager_worth")
    assert (page.status, texts(draft)) == (200, [first, second, fourth, third])
    page = officer.send(page, "/questions", do="up manager_worth")
    assert texts(draft) == [first, second, third, fourth]
    officer.send(page, "/questions", do="remove manager_help")
    assert texts(draft) == [first, second, third]
    assert officer.post(path(draft), {"do": "explode manager_help", "seen": ""}).status == 400


def test_a_follow_up_stays_behind_its_yes_or_no_question(officer: PageClient) -> None:
    draft = draft_of("For the line manager")
    before = texts(draft)
    for what in ("remove manager_sees", "down manager_sees", "up manager_example"):
        page = officer.send(officer.get(path(draft)), "/questions", do=what)
        assert (page.status, page.title[:7]) == (409, "Error: ")
        said = "“What has changed? Give one example.” can only follow an earlier yes-or-no question."
        assert said in page.text
    assert texts(draft) == before


def test_a_questionnaire_without_questions_is_not_put_in_use(officer: PageClient) -> None:
    draft = make_questionnaire(
        "One",
        Stage.END,
        Confidentiality.CONFIDENTIAL,
        asked=[Asked(key="a", section="", text="A?", kind=QuestionKind.TEXT)],
        by=make.officer(),
        now=NOW,
    )
    db.session.commit()
    page = officer.send(officer.get(path(draft)), "/questions", do="remove a")
    assert (page.status, "No questions yet" in page.text) == (200, True)
    assert officer.get(path(draft, "use")).status == 409
    assert "No questions yet" in officer.get(path(draft, "preview")).text


NUMBERS = {"low": "Bad", "high": "Good"}


@pytest.mark.parametrize(
    ("kind", "needs", "fields"),
    [
        ("scale", NUMBERS, ["low", "high"]),
        ("before-now", NUMBERS, ["low", "high"]),
        ("balance", NUMBERS, ["low", "high"]),
        ("yes-no", {}, []),
        ("choice", {"options": "One\n\n two "}, ["options"]),
        ("choices", {"options": "One\ntwo"}, ["options"]),
        ("short", {}, []),
        ("text", {}, []),
    ],
)
def test_each_kind_has_only_the_fields_that_it_needs(
    officer: PageClient, kind: str, needs: dict[str, str], fields: list[str]
) -> None:
    draft = draft_of()
    page = officer.get(path(draft, f"add/{kind}"))
    optional = {"text", "help", "section", "is_required", "version", "csrf_token", "form_key"}
    assert sorted({given.get("name") for given in page.inputs} - optional) == sorted(fields)
    assert errors(officer.send(page, kind))[:2] == ["422", "#text"]
    assert errors(officer.send(page, kind, text="New?")) == (
        ["422", *(f"#{name}" for name in fields)] if fields else ["200"]
    )
    if fields:
        officer.send(page, kind, text="New?", **needs)
    [added] = [each for each in questions(draft.id) if each.text == "New?"]
    assert (added.key, added.low, added.options, added.section) == (
        "q_new",
        needs.get("low", ""),
        ["One", "two"] if "options" in needs else [],
        "In your words",
    )
    assert added.is_required is (kind not in ("short", "text"))


def test_bad_lists_of_answers_are_refused(officer: PageClient) -> None:
    draft = draft_of()
    for options in ("One", "\n".join("abcdefghijklm"), "Yes\nyes", "x" * 101 + "\nb"):
        page = add(officer, draft, "choice", text="Which?", options=options)
        assert errors(page) == ["422", "#options"]
        assert page.form("choice")["options"] == options
    assert len(texts(draft)) == 10


def test_text_that_is_too_long_is_refused_at_its_field(officer: PageClient) -> None:
    draft = draft_of()
    long = {"text": "x" * 301, "help": "x" * 301, "low": "x" * 61, "high": "x" * 61, "section": "x" * 121}
    page = add(officer, draft, "scale", **long)
    assert errors(page) == ["422", "#text", "#help", "#low", "#high", "#section"]
    page = officer.send(page, "scale", text="<b>Ü" * 60, help="", low="1" * 60, high="5", section="")
    assert (page.status, "<b>" in page.html.replace("</b>", "").replace("<b>Ü", "")) == (200, False)
    assert texts(draft)[-1] == "<b>Ü" * 60


def test_a_new_question_can_follow_a_yes(officer: PageClient) -> None:
    draft = draft_of("Six weeks later")
    page = officer.get(path(draft, "add/text"))
    assert "People who say yes to “Have you used what you learned?”" in page.html
    officer.send(page, "text", text="With which people?", shown_if="used", section="Elsewhere")
    added = questions(draft.id)[2]
    assert (added.text, added.shown_if, added.section) == ("With which people?", "used", "What changed")
    preview = officer.get(path(draft, "preview")).text
    assert (
        "Only for people who say yes to “Have you used what you learned?”: With which people? (optional)"
        in preview
    )


def test_a_bank_question_is_found_and_added(officer: PageClient) -> None:
    draft = draft_of()
    page = officer.get(path(draft, "bank"))
    assert ("How was the pace?" in page.text, "Have you used what you learned?" in page.text) == (False, True)
    assert [
        officer.get(path(draft, f"bank?{search}")).text.count("Add “")
        for search in ("words=used+learned", "kind=yes-no", "kind=nonsense", "words=nothing+like+it")
    ] == [1, 2, 11, 0]
    page = officer.send(page, "/bank", key="used")
    assert (page.h1, texts(draft)[-1]) == (
        "Questions of End of course, version 2",
        "Have you used what you learned?",
    )
    again = officer.post(path(draft, "bank"), {"key": "used"})
    assert (again.status, "is in the questionnaire twice" in again.text) == (409, True)


def test_a_long_bank_shows_its_first_50_questions(officer: PageClient) -> None:
    asked = [
        Asked(key=f"q_{number}", section="", text=f"Number {number}?", kind=QuestionKind.TEXT)
        for number in range(60)
    ]
    olive = make.officer()
    for name, some in (("One", asked[:30]), ("Two", asked[30:])):
        make_questionnaire(name, Stage.END, Confidentiality.CONFIDENTIAL, asked=some, by=olive, now=NOW)
    draft = draft_of()
    page = officer.get(path(draft, "bank"))
    assert (page.text.count("Add “"), "The first 50 questions. Search to find more." in page.text) == (
        50,
        True,
    )
    assert officer.get(path(draft, "bank?words=number+59")).text.count("Add “") == 1
    assert len(page.html) < 40_000


def test_rewording_keeps_the_question_the_same(officer: PageClient) -> None:
    draft = draft_of()
    page = officer.get(path(draft, "questions/pace"))
    assert "and their results are compared" in page.text
    page = officer.send(page, "/pace", text="Was the pace right?", is_required=[])
    question = next(each for each in questions(draft.id) if each.key == "pace")
    assert (page.status, question.text, question.low, question.is_required, question.position) == (
        200,
        "Was the pace right?",
        "Too slow",
        False,
        5,
    )
    assert officer.get(path(draft, "questions/nothing")).status == 404


def test_answers_of_an_asked_question_keep_their_order(officer: PageClient) -> None:
    draft = draft_of("Six weeks later")
    page = officer.get(path(draft, "questions/obstacles"))
    lines = page.form("/obstacles")["options"].split("\n")
    for wrong in (lines[1:], [lines[1], lines[0], *lines[2:]]):
        assert errors(officer.send(page, "/obstacles", options="\n".join(wrong))) == ["422", "#options"]
    assert officer.send(page, "/obstacles", options="\n".join([*lines, "Holidays"])).status == 200


def test_a_stale_page_does_not_undo_a_colleagues_change(officer: PageClient, signed_in: SignIn) -> None:
    draft, colleague = draft_of(), signed_in(make.officer("Otto"))
    the_list, the_question, the_check = (
        officer.get(path(draft, rest)) for rest in ("questions", "questions/pace", "use")
    )
    colleague.send(colleague.get(path(draft, "questions/pace")), "/pace", text="The pace?")
    late = [
        officer.send(the_list, "/questions", do="remove pace"),
        officer.send(the_question, "/pace", text="Pace?"),
        officer.send(the_check, "/use"),
    ]
    said = "Someone else changed this after you opened the page"
    assert [(page.status, said in page.text) for page in late] == [(409, True), (422, True), (409, True)]
    assert (texts(draft)[4], db.session.get(Questionnaire, draft.id).state) == (
        "The pace?",
        VersionState.DRAFT,
    )  # type: ignore[union-attr]
    # The page shows the latest version. Sent again, the change is meant.
    assert "The latest version Question The pace? Hint 3 is just right. Label for 1 Too slow" in late[1].text
    officer.send(late[1], "/pace")
    assert texts(draft)[4] == "Pace?"


def test_the_preview_shows_every_kind_and_sends_nothing(officer: PageClient) -> None:
    draft = draft_of()
    for kind, needs in (
        ("yes-no", {}),
        ("choice", {"options": "A\nB"}),
        ("choices", {"options": "A\nB"}),
        ("short", {}),
    ):
        add(officer, draft, kind, text=f"{kind}?", **needs)
    page = officer.get(path(draft, "preview"))
    assert "The training team sees your name next to your answers; the trainers never do." in page.text
    assert [form["attributes"]["action"] for form in page.forms] == ["/sign-out"]
    assert len([given for given in page.inputs if given.get("type") == "radio"]) == 3 * 10 + 5 * 5 + 2 + 2
    [before] = versions_of("Before the course")
    page = officer.get(path(before, "preview"))
    assert len([given for given in page.inputs if given.get("type") == "radio"]) == 3 * 5


def test_putting_in_use_keeps_earlier_invitations(
    officer: PageClient,
) -> None:
    first = invited(completed())
    asked_first, draft = first.questionnaire_id, draft_of()
    officer.send(officer.get(path(draft)), "/questions", do="remove pace")
    officer.send(officer.get(path(draft)), "/questions", do="up change")
    officer.send(officer.get(path(draft, "questions/trainer")), "/trainer", text="The trainer?")
    add(officer, draft, "yes-no", text="Would you recommend it?")
    page = officer.get(path(draft, "use"))
    for said in (
        "New questions Would you recommend it?",
        "Removed questions How was the pace?",
        "Changed questions The trainer?",
        "The questions are in a different order.",
        "Answers to version 1 are kept.",
        "Used by 1 course",
    ):
        assert said in page.text
    page = officer.send(page, "/use")
    assert "Version 2 is in use" in page.text
    assert "6 May 2025, 9:30am, Olive: version 2 put in use, instead of version 1" in page.text
    assert "Started 6 May 2025, 9:30am, by Otto" in page.text
    later = make.booking(first.booking.event, make.person("Ben"), first.booking.status)
    db.session.commit()
    assert (first.questionnaire_id, invited(later).questionnaire_id) == (asked_first, draft.id)


def test_a_questionnaire_becomes_the_default_of_its_stage(officer: PageClient) -> None:
    first = default_questionnaire()
    own = make_questionnaire(
        "Own",
        Stage.END,
        Confidentiality.CONFIDENTIAL,
        asked=questions(first.id),
        by=make.officer(),
        now=NOW,
    )
    db.session.commit()
    assert officer.get(path(own, "default")).status == 409
    officer.send(officer.get(path(own, "use")), "/use")
    page = officer.get(path(own, "default"))
    assert "will ask “Own” instead of “End of course”." in page.text
    page = officer.send(page, "/default")
    assert "Olive: “Own” made the default, instead of “End of course”" in page.text
    assert default_questionnaire() == own


def test_deleting_a_draft_keeps_the_version_in_use(officer: PageClient) -> None:
    draft = draft_of()
    page = officer.send(officer.get(path(draft, "delete")), "/delete")
    assert (page.h1, "Draft deleted" in page.text) == ("End of course", True)
    assert [form.state for form in versions_of("End of course")] == [VersionState.IN_USE]
    only = make_questionnaire(
        "Own", Stage.END, Confidentiality.CONFIDENTIAL, asked=(), by=make.officer(), now=NOW
    )
    db.session.commit()
    page = officer.get(path(only, "delete"))
    assert "so the questionnaire is deleted too" in page.text
    assert (officer.send(page, "/delete").h1, versions_of("Own")) == ("Questionnaires", [])


def test_a_course_chooses_its_questionnaire_for_each_stage(officer: PageClient, signed_in: SignIn) -> None:
    course = make.course("Neglect")
    own = make_questionnaire(
        "Own", Stage.END, Confidentiality.CONFIDENTIAL, asked=(), by=make.officer(), now=NOW
    )
    add_from_bank(own, "trainer")
    put_in_use(own)
    db.session.commit()
    here = f"/manage/courses/{course.slug}/forms"
    assert here in [href for href, _words in officer.get(f"/manage/courses/{course.slug}").links]
    page = officer.get(here)
    stages = ("before", "end", "six_weeks", "three_months", "manager")
    assert [page.form("/forms")[stage] for stage in stages] == ["no", "default", "no", "no", "no"]
    done = officer.send(page, "/forms", before="default", end="form:Own", manager="default")
    assert (
        "Saved" in done.text,
        "Olive: End of the course, from “the default questionnaire” to “Own”" in done.text,
    ) == (
        True,
        True,
    )
    assert asked_by(course) == {
        Stage.BEFORE: "",
        Stage.END: "Own",
        Stage.MANAGER: "",
    }
    assert "Neglect" in officer.get(f"{HERE}/{own.id}").text
    late = officer.send(page, "/forms", manager="no")
    assert (late.status, "Someone else changed this after" in late.text) == (422, True)
    assert officer.send(officer.get(here), "/forms", end="form:Nobody").status == 422
    officer.send(officer.get(here), "/forms", end="no")
    db.session.expire_all()
    assert (course.is_evaluated, asked_by(course)) == (
        False,
        {Stage.BEFORE: "", Stage.MANAGER: ""},
    )


def test_only_officers_open_questionnaire_pages(officer: PageClient, signed_in: SignIn) -> None:
    draft, course = draft_of(), make.course()
    paths = [
        HERE,
        f"{HERE}/add",
        f"{HERE}/{draft.id}",
        *(
            path(draft, rest)
            for rest in ("questions", "questions/pace", "add", "add/text", "bank", "preview")
        ),
        *(path(draft, rest) for rest in ("use", "default", "delete")),
        f"/manage/courses/{course.slug}/forms",
    ]
    for person in (make.person(), make.person("Tia", Role.TRAINER), make.person("Mo", Role.HUB_MEMBER)):
        client = signed_in(person)
        assert [client.get(each).status for each in paths] == [403] * len(paths)
        assert client.post(path(draft), {"do": "remove pace", "seen": ""}).status == 403
    missing = [each.replace(f"/{draft.id}", "/9999").replace(course.slug, "none") for each in paths[2:]]
    assert [officer.get(each).status for each in missing] == [404] * len(missing)
    assert officer.get(path(draft, "add/riddle")).status == 404


def test_pages_take_the_same_queries_with_more_on_them(
    officer: PageClient, queries: Callable[[Callable[[], object]], int]
) -> None:
    draft, course = draft_of(), make.course()
    paths = [HERE, f"{HERE}/{draft.id}", f"/manage/courses/{course.slug}/forms"]
    paths += [path(draft, rest) for rest in ("questions", "bank", "preview", "use")]
    few = [queries(lambda each=each: officer.get(each)) for each in paths]  # type: ignore[misc]
    for number in range(3):
        by = make.officer(f"Officer {number}")
        make.course()
        other = make_questionnaire(
            f"Other {number}", Stage.END, Confidentiality.CONFIDENTIAL, asked=(), by=by, now=NOW
        )
        add_new_question(other, Asked(key="", section="", text=f"Number {number}?", kind=QuestionKind.TEXT))
        put_in_use(other)
        add_new_question(draft, Asked(key="", section="", text=f"More {number}?", kind=QuestionKind.TEXT))
    db.session.commit()
    assert [queries(lambda each=each: officer.get(each)) for each in paths] == few  # type: ignore[misc]
    assert max(few) <= 9
