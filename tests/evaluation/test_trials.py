"""Comparing two wordings: the lot, the counts, the interval, and the pages."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.evaluation.said import date_of
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db, transaction
from training_hub.evaluation.actions.invitations import invite_due
from training_hub.evaluation.actions.trials import end_trial, start_trial
from training_hub.evaluation.models.reminders import Nudge
from training_hub.evaluation.models.trials import WordingTrial
from training_hub.evaluation.queries.trials import sent_in, wording_for
from training_hub.evaluation.rules.trials import (
    Arm,
    Sent,
    WrongWording,
    arms,
    check_wordings,
    newcombe,
    verdict,
    wilson,
)
from training_hub.mail.models import Mail
from training_hub.people.models import Person
from training_hub.questionnaires.actions.versions import ensure_default_form

SignIn = Callable[..., PageClient]
DAY = timedelta(days=1)
A, B = "Your answers decide what we change.", "It takes under a minute."


@pytest.mark.parametrize(
    ("b", "a", "low", "high"),
    [
        # The examples of Newcombe's table II, method 10: the rate of b less the rate of a.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_interval_of_the_difference_is_the_published_one(
    b: tuple[int, int], a: tuple[int, int], low: float, high: float
) -> None:
    found = newcombe(Arm(returned=a[0], n=a[1]), Arm(returned=b[0], n=b[1]))
    assert [round(each, 4) for each in found] == [low, high]


def test_the_interval_of_one_rate_is_the_published_one() -> None:
    # Newcombe's examples of the score method for a single proportion.
    found = {
        case: [round(each, 4) for each in wilson(*case)] for case in ((81, 263), (15, 148), (0, 20), (1, 29))
    }
    assert found == {
        (81, 263): [0.2553, 0.3662],
        (15, 148): [0.0624, 0.1605],
        (0, 20): [0.0, 0.1611],
        (1, 29): [0.0061, 0.1718],
    }


counts = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_an_interval_holds_what_was_seen_and_turns_round_with_the_letters(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    a, b = Arm(returned=one[0], n=one[1]), Arm(returned=other[0], n=other[1])
    low, high = newcombe(a, b)
    seen = other[0] / other[1] - one[0] / one[1]
    slack = 1e-9
    assert -1 - slack <= low <= seen + slack
    assert seen - slack <= high <= 1 + slack
    back = newcombe(b, a)
    assert (math.isclose(low, -back[1], abs_tol=1e-9), math.isclose(high, -back[0], abs_tol=1e-9)) == (
        True,
        True,
    )
    words = {verdict(a, b), verdict(b, a)}
    cannot = "It cannot be told yet which works better"
    assert words == ({cannot} if low <= 0 <= high else {"A works better than B", "B works better than A"})


def test_with_nobody_asked_nothing_can_be_told() -> None:
    assert (newcombe(Arm(), Arm(n=5, returned=5)), verdict(Arm(), Arm(n=5, returned=5))) == (
        (-1.0, 1.0),
        "It cannot be told yet which works better",
    )


def sent(person: int, letter: str, days_ago: float, answered_after: float | None = None) -> Sent:
    at = NOW - days_ago * DAY
    returned_at = None if answered_after is None else at + answered_after * DAY
    return Sent(person_id=person, letter=letter, at=at, returned_at=returned_at)


def test_everybody_counts_once_with_the_first_mail_and_only_once_their_days_are_over() -> None:
    found = arms(
        [
            sent(1, "A", 20, 7),
            sent(1, "A", 10, 1),  # a second mail
            sent(2, "A", 20, 7.5),  # too late
            sent(2, "A", 12, 1),
            sent(3, "A", 9),
            sent(3, "A", 9, 2),  # the same mail, about two evaluations
            sent(4, "B", 6.9, 1),  # its days are not over
            sent(5, "B", 7),
            sent(6, "B", 30, -0.2),  # an anonymous one, of which the day is known
        ],
        now=NOW,
    )
    assert found == {"A": Arm(n=3, returned=2), "B": Arm(n=2, returned=1, early=1)}


@pytest.mark.parametrize(
    ("step", "a", "b", "field"),
    [
        (5, A, B, "step"),
        (1, " ", B, "wording_a"),
        (1, A, "x" * 200 + ".", "wording_b"),
        (1, A, "No stop", "wording_b"),
        (1, "See https://example.org now.", B, "wording_a"),
        (1, "One {line}.", B, "wording_a"),
        (1, "One line.\nAnother.", B, "wording_a"),
        (1, A, A.upper().replace(" ", "  "), "wording_b"),
    ],
)
def test_two_wordings_are_each_one_short_sentence_and_differ(step: int, a: str, b: str, field: str) -> None:
    with pytest.raises(WrongWording) as wrong:
        check_wordings(step, a, b)
    assert wrong.value.field == field


def test_the_lot_is_drawn_once_for_each_person_and_anew_for_each_trial(app: Flask) -> None:
    officer = make.officer()
    assert wording_for(1, 1) is None
    first = start_trial(1, A, B, by=officer, now=NOW)
    drawn = [wording_for(person, 1) for person in range(1, 401)]
    assert drawn == [wording_for(person, 1) for person in range(1, 401)]
    assert set(drawn) == {(first.id, "A", A), (first.id, "B", B)}
    letters = [found[1] for found in drawn if found]
    assert 150 < letters.count("A") < 250
    assert wording_for(1, 2) is None
    end_trial(first, now=NOW)
    assert wording_for(1, 1) is None
    start_trial(1, A, B, by=officer, now=NOW)
    again = [found[1] for person in range(1, 401) for found in [wording_for(person, 1)] if found]
    assert 120 < sum(one == other for one, other in zip(letters, again, strict=True)) < 280


def test_the_mail_begins_with_the_sentence_that_was_drawn(app: Flask) -> None:
    with transaction():
        ensure_default_form()
        event = date_of(make.course("Neglect"))
        people = [make.booking(event, status=Status.COMPLETED).person for _ in range(8)]
        start_trial(0, A, B, by=make.officer(), now=NOW)
        drawn = {
            person.email: found[2] for person in people for found in [wording_for(person.id, 0)] if found
        }
    invite_due(now=NOW)
    mails = db.session.scalars(select(Mail)).all()
    begins = {
        mail.to_email: [words for words in (A, B) if words in mail.text and words in mail.html]
        for mail in mails
    }
    assert begins == {email: [words] for email, words in drawn.items()}
    assert [mail for mail in mails if "and your certificate is yours" in mail.text] == []


def nudged(
    trial: WordingTrial, letter: str, at: datetime, back: datetime | None, who: Person | None = None
) -> Booking:
    booking = make.booking(date_of(days_ago=30), who, Status.COMPLETED)
    invitation = make.returned(booking, make.questionnaire(), back)
    row = Nudge(
        invitation_id=invitation.id, step=trial.step, at=at, mail_key="k", wording=letter, trial_id=trial.id
    )
    db.session.add(row)
    db.session.flush()
    return booking


def test_an_officer_starts_a_comparison_reads_it_and_ends_it(app: Flask, signed_in: SignIn) -> None:
    client = signed_in(make.officer())
    assert "Nothing has been compared yet" in client.get("/results/wordings").text
    page = client.get("/results/wordings/add")
    page = client.send(page, "/add", step="1", wording_a=A, wording_b=B)
    assert ("The comparison has started" in page.text, "It cannot be told yet" in page.text) == (True, True)
    twice = client.send(client.get("/results/wordings/add"), "/add", step="1", wording_a=A, wording_b=B)
    assert (twice.status, "are being compared already" in twice.text) == (409, True)
    empty = client.post("/results/wordings/add", {"wording_a": "Kept as it was typed"})
    assert (empty.status, "Write wording B" in empty.text, "Kept as it was typed" in empty.html) == (
        422,
        True,
        True,
    )
    trial = db.session.scalars(select(WordingTrial)).one()
    at = NOW - 10 * DAY
    for number in range(20):
        nudged(trial, "A", at, at + DAY if number < 4 else None)
        nudged(trial, "B", at, at + DAY if number < 16 else None)
    nudged(trial, "B", NOW - DAY, None)
    corrected = nudged(trial, "A", at, at + DAY)
    corrected.status = Status.PARTIAL
    page = client.get(f"/results/wordings/{trial.id}")
    for words in (
        "B works better than A",
        "Of every 100 people, 60.0 more answered after B than after A.",
        "lies between 29.5 more and 76.9 more.",
        f"A: {A} B: {B} Of the people who got it at least 7 days ago",
        "A 20 4 20.0 % 8.1 % and 41.6 %",
        "B 20 16 80.0 % 58.4 % and 91.9 %",
        "1 more person got it less than 7 days ago and is not counted yet.",
        "Stop when as many people have got each wording as you decided at the start",
    ):
        assert (words, words in page.text) == (words, True)
    page = client.send(page, "/end")
    db.session.expire_all()
    assert ("The comparison has ended" in page.text, trial.ended_at, len(sent_in(trial.id))) == (
        True,
        NOW,
        41,
    )


def test_hub_members_read_comparisons_and_begin_or_end_none(app: Flask, signed_in: SignIn) -> None:
    trial = start_trial(2, A, B, by=make.officer(), now=NOW)
    path = f"/results/wordings/{trial.id}"
    member = signed_in(make.person("Mo", Role.HUB_MEMBER))
    assert [member.get(each).status for each in ("/results/wordings", path)] == [200, 200]
    assert "End the comparison" not in member.get(path).text
    assert [member.get("/results/wordings/add").status, member.post(f"{path}/end").status] == [403, 403]
    trainer = signed_in(make.person("Tia", Role.TRAINER))
    assert (trainer.get(path).status, member.get("/results/wordings/999").status) == (403, 404)
    db.session.expire_all()
    assert trial.ended_at is None
