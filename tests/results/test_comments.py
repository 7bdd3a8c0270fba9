"""Comments: reading, themes, publishing; and that unread words stay within the training team."""

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.evaluation.said import C, date_of, form, said
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.evaluation.models.answers import Answer, Review, Theme
from training_hub.evaluation.rules.answers import Given
from training_hub.questionnaires.models import Questionnaire
from training_hub.results.queries.comments import comments
from training_hub.results.queries.counting import ResultsFilter

pytestmark = pytest.mark.postgres

SignIn = Callable[..., PageClient]


def wrote(event: Event, *words: str, kind: C = C.CONFIDENTIAL, name: str = "Ann Archer") -> None:
    asked = form(kind, name=f"Form {event.id} {kind.value}")
    for each in words:
        said(event, asked, {"change": Given(words=each)}, name=name)


def number_of(words: str) -> int:
    return db.session.scalars(select(Answer.id).where(Answer.text == words)).one()


def test_an_officer_sorts_publishes_and_hides(app: Flask, signed_in: SignIn) -> None:
    wrote(date_of(), "Ann was cold.", "More time.", "Rude words.")
    client = signed_in(make.officer())
    page = client.get(f"/comments/{number_of('Ann was cold.')}")
    assert page.h1 == "Review a comment"
    page = client.send(page, state="published", published="It was cold.", new_theme="The room")
    assert (page.h1, "Published as: It was cold." in page.text, "The room" in page.text) == (
        "Comments",
        True,
        True,
    )
    page = client.get(f"/comments/{number_of('More time.')}")
    client.send(page, state="read", themes=["The room"], new_theme=" the  ROOM ")
    client.send(client.get(f"/comments/{number_of('Rude words.')}"), state="hidden", new_theme="Tone")
    rows = db.session.execute(select(Answer.text, Answer.review, Answer.published).order_by(Answer.text))
    assert [tuple(row) for row in rows] == [
        ("Ann was cold.", Review.PUBLISHED, "It was cold."),
        ("More time.", Review.READ, ""),
        ("Rude words.", Review.HIDDEN, ""),
    ]
    assert sorted(db.session.scalars(select(Theme.name))) == ["The room", "Tone"]
    page = client.send(client.get(f"/comments/{number_of('More time.')}"), state="read", themes=[])
    assert page.text.count("The room") == 2  # One comment, and the list to choose from.


def test_publishing_needs_words_and_keeps_what_was_typed(app: Flask, signed_in: SignIn) -> None:
    wrote(date_of(), "Too long.")
    client = signed_in(make.officer())
    page = client.send(
        client.get(f"/comments/{number_of('Too long.')}"),
        state="published",
        published=" ",
        new_theme="Length",
    )
    assert (page.status, "Enter the words to publish" in page.text, "Length" in page.html) == (
        422,
        True,
        True,
    )
    page = client.send(page, published="x" * 2001)
    assert (page.status, "2,000 characters or fewer" in page.text) == (422, True)
    page = client.send(page, state="read", published="", new_theme="x" * 81)
    assert (page.status, "80 characters or fewer" in page.text) == (422, True)
    assert db.session.scalars(select(Answer.review)).all() == [Review.UNREAD]
    assert db.session.scalars(select(Theme.id)).all() == []


def test_saving_can_open_the_next_unread_comment(app: Flask, signed_in: SignIn) -> None:
    wrote(date_of(), "First.", "Second.")
    client = signed_in(make.officer())
    page = client.send(client.get(f"/comments/{number_of('First.')}"), next="1")
    assert (page.h1, "Second." in page.text) == ("Review a comment", True)
    page = client.send(page, next="1")
    assert (page.h1, "Saved" in page.text) == ("Comments", True)


def test_comments_are_found_by_words_course_theme_and_state(app: Flask, signed_in: SignIn) -> None:
    neglect, other = make.course("Neglect"), make.course("Other")
    wrote(date_of(neglect), "The ROOM was 100% cold.", "More time.")
    wrote(date_of(other), "The room was fine.")
    client = signed_in(make.officer())
    client.send(client.get(f"/comments/{number_of('More time.')}"), state="hidden", new_theme="Time")
    theme = db.session.scalars(select(Theme.id)).one()

    def found(query: str) -> list[str]:
        page = client.get(f"/comments?{query}")
        return [words for words in ("ROOM was", "More time.", "room was fine") if words in page.text]

    assert found("") == ["ROOM was", "More time.", "room was fine"]
    assert found("q=room+the") == ["ROOM was", "room was fine"]
    assert found("q=100%25") == ["ROOM was"]
    assert found(f"course={neglect.slug}&q=room") == ["ROOM was"]
    assert found(f"theme={theme}") == found("state=hidden") == ["More time."]
    for nothing in (
        "q=nowhere",
        "course=nowhere",
        "theme=999",
        "theme=9999999999999",
        "date=x",
        "from=2019-04-01&to=2020-03-31",
    ):
        assert (found(nothing), "No comments found" in client.get(f"/comments?{nothing}").text) == (
            [],
            True,
        )


def test_a_page_holds_25_comments_in_a_fixed_number_of_queries(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    event = date_of()
    wrote(event, "Comment 0.")
    client = signed_in(make.officer())
    client.send(client.get(f"/comments/{number_of('Comment 0.')}"), state="read", new_theme="One")
    first = queries(lambda: client.get("/comments"))
    wrote(event, *(f"Comment {number}." for number in range(1, 30)), kind=C.ATTRIBUTED)
    for number in (3, 4):
        client.send(client.get(f"/comments/{number_of(f'Comment {number}.')}"), themes=["One"])
    page = client.get("/comments")
    assert queries(lambda: client.get("/comments")) == first
    assert page.html.count("<blockquote>") == 25
    assert ("30 comments" in page.text, "Page 1 of 2" in page.text) == (True, True)
    assert "There is no page 9" in client.get("/comments?page=9").text


def test_trainers_read_unhidden_and_members_published_comments(app: Flask, signed_in: SignIn) -> None:
    trainer, other = make.person("Tia", Role.TRAINER), make.person("Tom", Role.TRAINER)
    event = date_of(make.course(), trainers=(trainer,))
    wrote(event, "Unread.", "Ann was cold.", "Hidden.", "Four.", "Five.")
    officer = signed_in(make.officer())
    officer.send(
        officer.get(f"/comments/{number_of('Ann was cold.')}"), state="published", published="It was cold."
    )
    officer.send(officer.get(f"/comments/{number_of('Hidden.')}"), state="hidden")
    all_words = ("Unread.", "Ann was cold.", "It was cold.", "Hidden.", "Four.")

    def read(who: object, path: str) -> list[str]:
        page = signed_in(who).get(path)
        return [words for words in all_words if words in page.text]

    date = f"/results/dates/{event.id}"
    course = f"/results/courses/{event.course.slug}?from=2025-04-01&to=2026-03-31"
    member = make.person("Mo", Role.HUB_MEMBER)
    for path in (date, course):
        assert read(trainer, path) == ["Unread.", "It was cold.", "Four."]
        assert read(member, path) == ["It was cold."]
        assert read(other, path) == []
    assert signed_in(trainer).get("/comments").status == 403
    assert signed_in(member).get(f"/comments/{number_of('Unread.')}").status == 403


def test_small_groups_of_anonymous_comments_stay_hidden(app: Flask, signed_in: SignIn) -> None:
    event = date_of()
    wrote(event, "One.", "Two.", "Three.", "Four.", kind=C.ANONYMOUS)
    client = signed_in(make.officer())
    number = number_of("Two.")
    page = client.get("/comments")
    assert ("Two." in page.text, client.get(f"/comments/{number}").status) == (False, 404)
    assert client.post(f"/comments/{number}", {"state": "read"}).status == 404
    assert client.get("/comments/99999999999999999999999").status == 404


def test_files_have_only_published_words_or_no_anonymous_names(app: Flask, signed_in: SignIn) -> None:
    event = date_of(make.course("Neglect"))
    wrote(event, "=1+1 said Ann.", "Unread.")
    wrote(event, *(f"Nobody {number}." for number in range(5)), kind=C.ANONYMOUS, name="Zebedee Zorn")
    client = signed_in(make.officer())
    client.send(
        client.get(f"/comments/{number_of('=1+1 said Ann.')}"), state="published", published="=1+1 said one."
    )

    def rows(path: str) -> list[list[str]]:
        text = client.http.get(path).get_data().decode("utf-8-sig")
        assert "Zebedee" not in text
        return list(csv.reader(io.StringIO(text)))

    assert rows("/comments/published.csv")[1:] == [
        ["Neglect", "What do you say to change?", "'=1+1 said one."]
    ]
    everything = rows("/comments/all.csv")
    words, names = everything[0].index("Comment"), everything[0].index("Name")
    assert sorted((row[words], row[names]) for row in everything[1:]) == sorted(
        [
            ("'=1+1 said Ann.", "Ann Archer"),
            ("Unread.", "Ann Archer"),
            *((f"Nobody {number}.", "") for number in range(5)),
        ]
    )
    member = signed_in(make.person("Mo", Role.HUB_MEMBER))
    assert {member.get(f"/comments/{name}.csv").status for name in ("all", "published")} == {403}


def test_anonymous_answers_show_no_name_even_if_one_is_stored(app: Flask) -> None:
    event, officer = date_of(), make.officer()
    wrote(event, *(f"Nobody {number}." for number in range(5)), name="Zebedee Zorn")
    assert {row.name for row in comments(officer, ResultsFilter(), now=NOW)} == {"Zebedee Zorn"}
    for asked in db.session.scalars(select(Questionnaire)):
        asked.confidentiality = C.ANONYMOUS
    assert [(row.name, row.agency) for row in comments(officer, ResultsFilter(), now=NOW)] == [("", "")] * 5
