"""A copy of the whole database and of the log does not tell who said what on an anonymous form."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.conftest import NOW, POSTGRES, TestClock, as_created
from tests.evaluation.answering import answer_all, path
from tests.evaluation.dumping import (
    ASKED,
    ORDER,
    SAID,
    WORDS,
    Row,
    SignIn,
    a_real_course_date,
    anonymous_date,
    bookings_by_return,
    by_mail,
    dump,
    of_event,
    what_was_drawn,
)
from tests.page_client import PageClient
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.config import Settings
from training_hub.database import Base, db
from training_hub.evaluation.actions import anonymity as anonymity_actions
from training_hub.evaluation.actions import answers as answers_actions
from training_hub.evaluation.actions import classroom as classroom_actions
from training_hub.evaluation.actions import invitations as invitations_actions
from training_hub.evaluation.models.answers import AnonymousAnswers, Answer, AnswerTheme, Response, Review
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.rules.answers import Given
from training_hub.evaluation.rules.invitations import LINK_OPENS_FOR
from training_hub.mail.models import Mail
from training_hub.questionnaires.actions import course_questionnaires
from training_hub.questionnaires.actions import versions as versions_actions
from training_hub.questionnaires.models import Stage
from training_hub.questionnaires.queries import versions as versions_queries
from training_hub.results.actions import comments as comments_actions
from training_hub.web.models import FormAnswer

pytestmark = pytest.mark.postgres

CLOSED = timedelta(hours=1) + LINK_OPENS_FOR
"""How long after a course date its anonymous form is closed for certain."""


def given(number: int) -> dict[str, Given]:
    return {"overall": Given(value=number % 5 + 1), "say": Given(words=WORDS[number])}


def without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def one_place(row: Row) -> str:
    """The place of a row in its table, to sort by."""
    place = row["place"]
    return (
        f"{place:030}"
        if isinstance(place, int)
        else "".join(f"{int(part):010}" for part in place[1:-1].split(","))
    )


def words_in_order(event: Event, key: Any) -> list[int]:
    """The numbers of the people whose words they are, in the order of the rows."""
    _, answers = of_event(event, dump())
    return [WORDS.index(row["text"]) for row in sorted(answers, key=key) if row["text"]]


def as_seen_by_anyone(found: dict[str, list[Row]]) -> dict[str, list[Any]]:
    """A dump without random numbers and places of rows: each form is what was said on it."""
    drawn = sorted(what_was_drawn().items(), key=lambda pair: -len(pair[0]))

    def plain(value: Any) -> Any:
        for word, name in drawn if isinstance(value, str) else ():
            value = value.replace(word, name)
        return value

    seen: dict[str, list[Any]] = {
        table: sorted(
            repr({name: plain(value) for name, value in without(row, "place", "written").items()})
            for row in rows
        )
        for table, rows in found.items()
        if table not in SAID
    }
    seen["said"] = sorted(
        repr(
            (
                without(response, "place", "written", "id"),
                sorted(
                    repr(without(answer, "place", "written", "id", "response_id"))
                    for answer in found["answer"]
                    if answer["response_id"] == response["id"]
                ),
            )
        )
        for response in found["response"]
    )
    return seen


def test_swapping_two_peoples_answers_gives_the_same_database(
    app: Flask, clock: TestClock, signed_in: SignIn, settings: Settings
) -> None:
    _begin_anew(settings)
    a_real_course_date(app, clock, signed_in, WORDS)
    first = as_seen_by_anyone(dump())
    _begin_anew(settings)
    clock.now = NOW
    swapped = list(WORDS)
    # One who answered in the classroom and one by the last mail; their numbers differ as well as their words.
    swapped[3], swapped[8] = WORDS[8], WORDS[3]
    a_real_course_date(app, clock, signed_in, swapped)
    second = as_seen_by_anyone(dump())
    assert first.keys() == second.keys()
    assert {table for table in first if first[table] != second[table]} == set()
    assert len(first["said"]) == len(ORDER)


def _begin_anew(settings: Settings) -> None:
    db.session.remove()
    if POSTGRES:
        db.engine.dispose()
        as_created(settings.database_url)
        return
    with db.engine.connect() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        connection.commit()


def test_nothing_in_a_dump_or_a_log_joins_an_answer_to_a_person(
    app: Flask, clock: TestClock, signed_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    event = a_real_course_date(app, clock, signed_in, WORDS)
    logged = caplog.text
    for is_closed in (False, True):
        found = dump()
        responses, answers = of_event(event, found)
        assert (len(responses), len(answers)) == (11, 22)
        # Everything else is the same in each of them, and so identifies nobody.
        names = {name for row in responses for name in row} - {"id", "place"}
        assert {name: len({row[name] for row in responses}) for name in names} == dict.fromkeys(names, 1)
        names = {name for row in answers for name in row} - {"id", "place", "response_id"}
        names -= {"question_id", "value", "text"}
        assert {name: len({row[name] for row in answers}) for name in names} == dict.fromkeys(names, 1)
        assert [row for row in responses if row["submitted_at"] or row["invitation_id"]] == []
        # Random numbers and answers are nowhere else: in no table, mail, history row or line of the log.
        elsewhere = repr({table: rows for table, rows in found.items() if table not in SAID}) + logged
        told = [str(row["id"]) for row in (*responses, *answers)] + WORDS
        assert [each for each in told if each in elsewhere] == []
        # No moment is among them; of a return only the day is known.
        moments = {row["returned_at"][10:] for row in found["invitation"] if row["returned_at"]}
        assert moments == {" 23:00:00+00:00"} or moments == {" 23:00:00.000000"}
        assert {row["returned_by"] for row in found["invitation"]} == {None}
        assert found["part_answers"] == []
        if not is_closed:
            assert anonymity_actions.rewrite_closed(now=event.ends_at + CLOSED) == 1


def test_stored_answers_have_a_random_order(app: Flask, clock: TestClock, signed_in: SignIn) -> None:
    event = a_real_course_date(app, clock, signed_in, WORDS)
    returned = list(ORDER)
    orders = [returned, returned[::-1], sorted(returned), sorted(returned)[::-1]]
    found: list[list[int]] = []
    keys: list[Callable[[Row], Any]] = [lambda row: row["id"], lambda row: row["response_id"], one_place]
    for is_closed in (False, True):
        # One random order in ten million is the order of the people.
        found += [words_in_order(event, key) for key in keys]
        if not is_closed:
            anonymity_actions.rewrite_closed(now=event.ends_at + CLOSED)
    assert [order for order in found if order in orders] == []
    # Closing the form left nothing of the earlier order.
    assert found[:3] != found[3:]
    assert [booking.status for booking in bookings_by_return(event)] == [Status.COMPLETED] * 11


def test_no_answer_shares_a_transaction_with_its_return(
    app: Flask, clock: TestClock, signed_in: SignIn
) -> None:
    event = a_real_course_date(app, clock, signed_in, WORDS)
    found = dump()
    responses, answers = of_event(event, found)
    # All seem to have come with the last one. SQLite keeps no number of the transaction at all.
    assert len({row.get("written") for row in (*responses, *answers)}) == 1
    anonymity_actions.rewrite_closed(now=event.ends_at + CLOSED)
    found = dump()
    responses, answers = of_event(event, found)
    ours = {row.get("written") for row in (*responses, *answers)}
    apart = {"anonymous_answers", *SAID}
    others = {row.get("written") for table, rows in found.items() if table not in apart for row in rows}
    assert (len(ours), ours & others) == (1, set() if POSTGRES else {None})


def answered(count: int) -> tuple[Event, list[Booking]]:
    """A date of yesterday that asks an anonymous form, and people who have answered it."""
    event, bookings = anonymous_date(count + 1)
    for booking in bookings:
        booking.status = Status.COMPLETED
    db.session.commit()
    for number, booking in enumerate(bookings[:count]):
        answers_actions.answer(
            invitations_actions.open_form(booking, now=event.ends_at), given(number), now=event.ends_at
        )
        db.session.commit()
    return event, bookings


def test_answers_are_rewritten_once_when_links_expire(app: Flask) -> None:
    event, _ = answered(3)
    ids = set(db.session.scalars(select(Answer.id)))
    shut = event.ends_at + LINK_OPENS_FOR
    rewritten = [
        anonymity_actions.rewrite_closed(now=now) for now in (shut - timedelta(seconds=1), shut, shut)
    ]
    assert rewritten == [0, 1, 0]
    now_there = set(db.session.scalars(select(Answer.id)))
    assert (len(now_there), ids & now_there) == (6, set())


def test_anonymous_answers_are_rewritten_when_the_form_closes(
    app: Flask,
) -> None:
    event, bookings = answered(3)
    soon = event.ends_at + timedelta(days=1)
    assert anonymity_actions.rewrite_closed(now=soon) == 0
    bookings[3].status = Status.PARTIAL
    db.session.commit()
    assert [anonymity_actions.rewrite_closed(now=soon) for _ in range(2)] == [1, 0]
    bookings[3].status = Status.COMPLETED
    db.session.commit()
    answers_actions.answer(invitations_actions.open_form(bookings[3], now=soon), given(3), now=soon)
    db.session.commit()
    assert [anonymity_actions.rewrite_closed(now=soon) for _ in range(2)] == [1, 0]
    assert sorted(words_in_order(event, one_place)) == [0, 1, 2, 3]


def test_reviews_of_comments_survive_the_rewrite(app: Flask) -> None:
    event, bookings = answered(3)
    published = db.session.scalars(select(Answer.id).where(Answer.text == WORDS[1])).one()
    comments_actions.review(
        published, state=Review.PUBLISHED, published="It was good.", themes=["Pace", "Venue"]
    )
    hidden = db.session.scalars(select(Answer.id).where(Answer.text == WORDS[2])).one()
    comments_actions.review(hidden, state=Review.HIDDEN, published="", themes=["Venue"])
    db.session.commit()
    late = event.ends_at + timedelta(days=1)
    answers_actions.answer(invitations_actions.open_form(bookings[3], now=late), given(3), now=late)
    db.session.commit()
    # A page that an officer has open still leads to its comment: numbers stay until the form closes.
    assert db.session.scalars(select(Answer.text).where(Answer.id == published)).one() == WORDS[1]
    assert anonymity_actions.rewrite_closed(now=event.ends_at + CLOSED) == 1
    assert db.session.get(Answer, published) is None
    about = select(func.count()).where(AnswerTheme.answer_id == Answer.id).scalar_subquery()
    rows = db.session.execute(
        select(Answer.text, Answer.review, Answer.published, about)
        .where(Answer.text != "")
        .order_by(Answer.text)
    )
    assert [tuple(row) for row in rows] == [
        (WORDS[0], Review.UNREAD, "", 0),
        (WORDS[1], Review.PUBLISHED, "It was good.", 2),
        (WORDS[2], Review.HIDDEN, "", 1),
        (WORDS[3], Review.UNREAD, "", 0),
    ]


def test_an_anonymous_date_keeps_its_version_of_the_form(app: Flask) -> None:
    event, bookings = answered(3)
    first = versions_queries.in_use("Anonymous", Stage.END)
    assert first is not None
    versions_actions.put_in_use(versions_actions.make_version(first, by=make.officer(), now=NOW))
    db.session.commit()
    late = invitations_actions.open_form(bookings[3], now=event.ends_at)
    assert late.questionnaire_id == first.id
    # Nor is another form, with names, that the course asks from now on.
    course_questionnaires.set_course_questionnaire(event.course, Stage.END, is_asked=True)
    db.session.commit()
    assert invitations_actions.form_asked_at(event, Stage.END).id == first.id
    assert classroom_actions.shown_form(event).questionnaire_id == first.id
    next_date = make.event(event.course, starts_at=NOW)
    assert invitations_actions.form_asked_at(next_date, Stage.END).id != first.id


def test_a_date_that_began_with_named_answers_keeps_its_form(app: Flask) -> None:
    event, bookings = anonymous_date(2)
    course_questionnaires.set_course_questionnaire(event.course, Stage.END, is_asked=True)
    for booking in bookings:
        booking.status = Status.COMPLETED
    db.session.commit()
    named = invitations_actions.open_form(bookings[0], now=event.ends_at).questionnaire_id
    course_questionnaires.set_course_questionnaire(event.course, Stage.END, is_asked=True, name="Anonymous")
    assert invitations_actions.open_form(bookings[1], now=event.ends_at).questionnaire_id == named


def test_answers_of_other_dates_are_not_rewritten(app: Flask) -> None:
    event, _ = answered(2)
    other = make.event(event.course, starts_at=NOW - timedelta(days=5))
    booking = make.booking(other, make.person("Other"), Status.COMPLETED)
    answers_actions.answer(
        invitations_actions.open_form(booking, now=event.ends_at), given(7), now=event.ends_at
    )
    db.session.commit()
    assert anonymity_actions.rewrite_closed(now=event.ends_at) == 1
    marks = select(AnonymousAnswers.event_id, AnonymousAnswers.is_rewritten).order_by(
        AnonymousAnswers.event_id
    )
    assert [tuple(row) for row in db.session.execute(marks)] == [(event.id, False), (other.id, True)]
    kept = db.session.execute(
        select(Response.event_id, func.count(Answer.id)).join(Response.answers).group_by(Response.event_id)
    )
    assert sorted(tuple(row) for row in kept) == [(event.id, 4), (other.id, 2)]


def test_an_anonymous_return_stores_only_its_day(app: Flask, clock: TestClock) -> None:
    event, bookings = answered(3)
    clock.now = event.ends_at
    invitations_actions.open_form(bookings[3], now=clock.now)
    db.session.commit()
    by_mail(app, bookings[3], overall="2", say=WORDS[3])
    returned = db.session.scalars(
        select(Invitation.returned_at).where(Invitation.booking_id == bookings[3].id)
    ).one()
    assert (returned, len(ASKED)) == (NOW.replace(day=5, hour=23, minute=0), 2)


def test_an_anonymous_invitation_says_that_it_is_anonymous(app: Flask) -> None:
    event, bookings = anonymous_date(1)
    bookings[0].status = Status.COMPLETED
    db.session.commit()
    invitations_actions.invite_due(now=event.ends_at)
    said = db.session.scalars(select(Mail.text)).one()
    assert "Nobody can see who said what: we know only whether you have answered." in said
    assert "your name next to" not in said


def test_an_anonymous_form_carries_no_key(app: Flask, stranger: PageClient) -> None:
    event, bookings = answered(1)
    page = stranger.get(path(invitations_actions.open_form(bookings[1], now=event.ends_at)))
    assert "form_key" not in page.form("")
    answer_all(stranger, page, overall="2")
    assert db.session.scalars(select(FormAnswer.location)).all() == []
