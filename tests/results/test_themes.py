"""Themes: renamed, merged and deleted, with their comments."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.evaluation.said import C, date_of
from tests.page_client import Page, PageClient
from tests.results.test_comments import SignIn, number_of, wrote
from tests.sign_in.test_races import at_once, sender
from training_hub.access import Role
from training_hub.database import db
from training_hub.evaluation.models.answers import Answer, AnswerTheme, Review, Theme
from training_hub.results.actions.comments import review

pytestmark = pytest.mark.postgres


def about(words: str, *themes: str) -> None:
    review(number_of(words), state=Review.READ, published="", themes=themes)
    db.session.commit()


def sorted_comments() -> dict[str, list[str]]:
    """What each comment is about."""
    db.session.rollback()
    rows = db.session.execute(
        select(Answer.text, Theme.name)
        .join(AnswerTheme, AnswerTheme.answer_id == Answer.id)
        .join(Theme, AnswerTheme.theme_id == Theme.id)
        .order_by(Answer.text, Theme.name)
    )
    found: dict[str, list[str]] = {}
    for words, name in rows:
        found.setdefault(words, []).append(name)
    return found


def names() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Theme.name).order_by(Theme.name)))


def id_of(name: str) -> int:
    return db.session.scalars(select(Theme.id).where(Theme.name == name)).one()


def two_themes() -> None:
    wrote(date_of(), "Cold.", "Cold and late.", "Late.")
    about("Cold.", "Room")
    about("Cold and late.", "Room", "Time")
    about("Late.", "Time")


def test_the_list_counts_and_links_each_themes_comments(app: Flask, signed_in: SignIn) -> None:
    two_themes()
    db.session.add(Theme(name="Unused"))
    db.session.commit()
    client = signed_in(make.officer())
    page = client.get("/themes")
    assert page.h1 == "Themes"
    assert "Room 2 comments" in page.text
    assert "Unused no comments" in page.text
    assert (f"/comments?theme={id_of('Time')}", "2 comments") in page.links
    assert ("/themes", "Rename, merge or delete themes") in client.get("/comments").links


def test_a_theme_that_is_renamed_keeps_its_comments(app: Flask, signed_in: SignIn) -> None:
    two_themes()
    client = signed_in(make.officer())
    here = f"/themes/{id_of('Room')}"
    page = client.send(client.get(here), here, name="  The   venue ")
    assert (page.h1, "Saved" in page.text) == ("Themes", True)
    assert sorted_comments() == {
        "Cold.": ["The venue"],
        "Cold and late.": ["The venue", "Time"],
        "Late.": ["Time"],
    }
    # In other case it is still itself.
    client.send(client.get(here), here, name="the venue")
    assert names() == ["Time", "the venue"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "Enter a name for the theme"),
        ("t" * 81, "The name of a theme must be 80 characters or fewer"),
        (" TIME ", "There is a theme “Time” already. You can merge the two themes below"),
    ],
)
def test_an_empty_long_or_taken_name_is_refused_and_kept(
    app: Flask, signed_in: SignIn, name: str, why: str
) -> None:
    two_themes()
    client = signed_in(make.officer())
    here = f"/themes/{id_of('Room')}"
    page = client.send(client.get(here), here, name=name)
    assert (page.status, why in page.text, page.form(here)["name"]) == (422, True, name.strip())
    assert names() == ["Room", "Time"]


def test_merged_themes_are_one_with_the_comments_of_both(app: Flask, signed_in: SignIn) -> None:
    two_themes()
    wrote(date_of(days_ago=5), *(f"Nameless {number}." for number in range(5)), kind=C.ANONYMOUS)
    about("Nameless 1.", "Room")
    client = signed_in(make.officer())
    here = f"/themes/{id_of('Room')}"
    page = client.send(client.get(here), f"{here}/merge", into=str(id_of("Time")))
    assert (page.h1, names()) == ("Themes", ["Time"])
    assert sorted_comments() == {
        "Cold.": ["Time"],
        "Cold and late.": ["Time"],
        "Late.": ["Time"],
        "Nameless 1.": ["Time"],
    }


@pytest.mark.parametrize("into", ["", "0", "999999", "itself", "x"])
def test_a_theme_merges_only_with_another_that_exists(app: Flask, signed_in: SignIn, into: str) -> None:
    two_themes()
    client = signed_in(make.officer())
    here = f"/themes/{id_of('Room')}"
    sent = str(id_of("Room")) if into == "itself" else into
    page = client.send(client.get(here), f"{here}/merge", into=sent)
    assert (page.status, "Choose the other theme" in page.text) == (422, True)
    assert names() == ["Room", "Time"]


def test_only_a_theme_without_comments_is_deleted(app: Flask, signed_in: SignIn) -> None:
    two_themes()
    db.session.add(Theme(name="Unused"))
    db.session.commit()
    client = signed_in(make.officer())
    unused, room = f"/themes/{id_of('Unused')}", f"/themes/{id_of('Room')}"
    page = client.get(room)
    assert (f"{room}/delete" in page.html, "2 comments on this theme" in page.text) == (False, True)
    stale = client.get(unused)
    assert client.post(f"{room}/delete", stale.form(f"{unused}/delete")).status == 409
    about("Late.", "Unused")
    assert client.send(stale, f"{unused}/delete").status == 409
    assert names() == ["Room", "Time", "Unused"]
    about("Late.", "Time")
    page = client.send(client.get(unused), f"{unused}/delete")
    assert (page.h1, names()) == ("Themes", ["Room", "Time"])


def test_only_officers_change_themes(app: Flask, signed_in: SignIn, stranger: PageClient) -> None:
    two_themes()
    here = f"/themes/{id_of('Room')}"
    asked: list[tuple[str, Callable[[PageClient, str], Page]]] = [
        ("/themes", lambda client, path: client.get(path)),
        (here, lambda client, path: client.get(path)),
        (here, lambda client, path: client.post(path, {"name": "Mine"})),
        (f"{here}/merge", lambda client, path: client.post(path, {"into": "1"})),
        (f"{here}/delete", lambda client, path: client.post(path, {})),
    ]
    for role in (Role.HUB_MEMBER, Role.TRAINER, Role.AGENCY_LEAD):
        client = signed_in(make.person("", role))
        for path, ask in asked:
            page = ask(client, path)
            assert (page.status in {400, 403}, "Room" in page.text) == (True, False)
    assert names() == ["Room", "Time"]
    assert signed_in(make.officer()).get("/themes/999999").status == 404


def test_the_list_takes_the_same_queries_for_more_themes(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = signed_in(make.officer())
    counts = []
    for number in (1, 2):
        for each in range(number):
            db.session.add(Theme(name=f"Theme {number}.{each}"))
        db.session.commit()
        counts.append(queries(lambda: client.get("/themes")))
    assert counts[0] == counts[1]


def test_officers_who_delete_a_theme_at_once_are_told(app: Flask, signed_in: SignIn) -> None:
    two_themes()
    db.session.add(Theme(name="Unused"))
    db.session.commit()
    officer = signed_in(make.officer())
    unused, room, into = f"/themes/{id_of('Unused')}", f"/themes/{id_of('Room')}", str(id_of("Time"))
    for page, action in ((unused, "/delete"), (room, "/merge")):
        # Each from a page of their own: the same form sent twice would get the same answer.
        forms = [officer.get(page).form(action) for _ in range(4)]
        db.session.rollback()
        sent = at_once(*(sender(app, officer, page + action, {**form, "into": into}) for form in forms))
        assert sent.count(303) == 1
        # Deleted before or while the form was sent.
        assert set(sent) - {303} <= {404, 409, 422}
    assert names() == ["Time"]


def test_tagging_while_a_theme_is_deleted_raises_no_error(app: Flask, signed_in: SignIn) -> None:
    two_themes()
    db.session.add(Theme(name="Unused"))
    db.session.commit()
    officer = signed_in(make.officer())
    path = f"/comments/{number_of('Cold.')}"
    form = {**officer.get(path).form(path), "state": "read", "themes": "Unused"}
    away = f"/themes/{id_of('Unused')}/delete"
    db.session.rollback()
    sent = at_once(*(sender(app, officer, where, form) for where in (path, away) * 4))
    assert set(sent) <= {303, 404, 409, 422}
    # The first one wins: either the theme is used, or it is deleted and the comment is unchanged.
    assert (names(), sorted_comments()["Cold."]) in (
        (["Room", "Time", "Unused"], ["Unused"]),
        (["Room", "Time"], ["Room"]),
    )
