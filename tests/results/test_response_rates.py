"""Response rates: how people replied, how soon, and who."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.evaluation.said import C, all_said, date_of, form, said
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.evaluation.models.invitations import Channel, Invitation
from training_hub.evaluation.models.reminders import ReminderSent
from training_hub.evaluation.rules.answers import Given
from training_hub.london import london_date
from training_hub.people.models import Person
from training_hub.questionnaires.models import Stage
from training_hub.results.queries.counting import ResultsFilter
from training_hub.results.queries.response_rates import by_channel, copied, days_taken
from training_hub.results.queries.returns import returns
from training_hub.results.rules.response_rates import WITHIN, by_time

pytestmark = pytest.mark.postgres

SignIn = Callable[..., PageClient]
YEAR = "from=2025-04-01&to=2026-03-31"
ABOUT = ResultsFilter(first=date(2025, 4, 1), last=date(2026, 3, 31))


def came_back(
    at: datetime | None, by: Channel | None = None, *, booking: Booking | None = None, **facts: object
) -> Invitation:
    booking = booking or make.booking(date_of(), status=Status.COMPLETED)
    row = make.returned(booking, make.questionnaire(), at)
    row.returned_by = by
    for name, value in facts.items():
        setattr(row, name, value)
    db.session.flush()
    return row


def some_of_everything(officer: Person) -> None:
    """Sixty bookings whose evaluations ended in all sorts of ways, some of which do not count."""
    chance = random.Random(7)
    asked, unasked = make.course(), make.course(is_evaluated=False)
    statuses = (Status.COMPLETED, Status.COMPLETED, Status.COMPLETED, Status.PARTIAL, Status.DID_NOT_ATTEND)
    for _ in range(60):
        event = date_of(chance.choice((asked, asked, unasked)), days_ago=chance.choice((2, 20, 400)))
        booking = make.booking(event, status=chance.choice(statuses), walk_in=chance.random() < 0.2)
        if chance.random() < 0.9:
            back = chance.random() < 0.7
            at = event.ends_at + timedelta(hours=chance.randint(-3, 500))
            is_imported = back and chance.random() < 0.2
            by = chance.choice([None, *Channel]) if back and not is_imported else None
            came_back(at if back else None, by, booking=booking, is_imported=is_imported)


def test_channels_and_days_match_a_naive_recount(app: Flask) -> None:
    officer = make.officer()
    some_of_everything(officer)
    naive_ways, naive_days, due, back = Counter[Channel | None](), Counter[int](), 0, 0
    for booking in db.session.scalars(select(Booking)):
        event = booking.event
        starts = london_date(event.starts_at)
        if booking.status is not Status.COMPLETED or not event.course.is_evaluated or starts < ABOUT.first:
            continue
        due += 1
        row = db.session.scalar(select(Invitation).where(Invitation.booking_id == booking.id))
        if row is None or row.returned_at is None:
            continue
        back += 1
        if not row.is_imported:
            naive_ways[row.returned_by] += 1
            naive_days[max((london_date(row.returned_at) - london_date(row.due_at)).days, 0)] += 1
    found = returns(officer, ABOUT, now=NOW)[Stage.END].values()
    assert by_channel(officer, ABOUT, Stage.END, now=NOW) == naive_ways
    assert days_taken(officer, ABOUT, Stage.END, now=NOW) == naive_days
    assert (sum(row.due for row in found), sum(row.returned for row in found)) == (due, back)
    assert sum(row.answered for row in found) == sum(naive_ways.values())
    assert (len(naive_ways) > 4, back > sum(naive_ways.values())) == (True, True)


@given(st.dictionaries(st.integers(0, 400), st.integers(0, 50)))
def test_every_return_counts_in_exactly_one_time(found: dict[int, int]) -> None:
    assert sum(number for _, number in by_time(found)) == sum(found.values())


def test_times_begin_and_end_as_labelled() -> None:
    edges = {0: 1, 1: 2, 2: 4, 3: 8, 7: 16, 8: 32, 14: 64, 15: 128}
    assert by_time(edges) == [
        (words, number) for (words, _), number in zip(WITHIN, (1, 6, 24, 96, 128), strict=True)
    ]


def test_the_page_shows_how_and_how_soon_people_replied(app: Flask, signed_in: SignIn) -> None:
    event = date_of(make.course("Neglect"))
    for number, by in enumerate((Channel.CLASSROOM, Channel.REMINDER_1, Channel.REMINDER_1, None)):
        booking = make.booking(event, status=Status.COMPLETED)
        came_back(event.ends_at + timedelta(days=number), by, booking=booking)
    came_back(NOW, booking=make.booking(event, status=Status.COMPLETED), is_imported=True)
    came_back(None, booking=make.booking(event, status=Status.COMPLETED))
    page = signed_in(make.officer()).get(f"/results/returns?{YEAR}")
    for words in (
        "83.3% of evaluations returned: 5 of 6 due",
        "1 day is the typical (median) time to return the form",
        "1 return was imported without answers.",
        "Most common: Reminder 1, 2 of 4 replies",
        "In the classroom 1 25.0% 16.7%",
        "Reminder 1 2 50.0% 33.3%",
        "First email 0 0.0% 0.0%",
        "Not known 1 25.0% 16.7%",
        "Total 4 100.0% 66.7%",
        "The same day 1 25.0%",
        "1 to 2 days 2 50.0%",
        "No last reminders or copies to line managers were sent",
    ):
        assert (words, words in page.text) == (words, True)


def test_anonymous_returns_have_a_day_but_no_channel(app: Flask, signed_in: SignIn) -> None:
    event, officer = date_of(), make.officer()
    all_said(event, form(C.ANONYMOUS), 5, 4)
    assert by_channel(officer, ABOUT, Stage.END, now=NOW) == {None: 2}


def test_returns_after_a_copy_to_the_manager_count_separately(app: Flask) -> None:
    officer, event = make.officer(), date_of(days_ago=20)
    for step, is_copied, at in (
        (4, True, NOW),
        (3, True, None),
        (4, False, NOW),
        (4, False, None),
        (2, False, NOW),
    ):
        row = came_back(at, booking=make.booking(event, status=Status.COMPLETED))
        row.copied_in = "its key" if is_copied else None
        for each in range(step + 1):
            db.session.add(ReminderSent(invitation_id=row.id, reminder_number=each, at=event.ends_at))
    db.session.flush()
    found = copied(officer, ABOUT, Stage.END, now=NOW)
    assert [(each.due, each.returned) for each in found] == [(2, 1), (2, 1)]


def test_a_hub_member_sees_small_groups_only_together(app: Flask, signed_in: SignIn) -> None:
    event, asked = date_of(), form()
    for name, number in (("Large", 7), ("Middle", 6), ("Small", 2)):
        agency = make.agency(name)
        for _ in range(number):
            said(event, asked, {"objectives": Given(value=3)}, agency=agency)
    path = f"/results/returns?{YEAR}&by=agencies"
    officer, member = signed_in(make.officer()), signed_in(make.person("Mo", Role.HUB_MEMBER))
    assert ("Small 100.0%" in officer.get(path).text, "together" in officer.get(path).text) == (True, False)
    page = member.get(path)
    assert ("Large 100.0%" in page.text, "Middle" in page.text, "Small" in page.text) == (True, False, False)
    assert "All others together 100.0% (8 of 8)" in page.text
    for role in (Role.TRAINER, Role.AGENCY_LEAD):
        assert signed_in(make.person("", role)).get(path).status == 403


def test_a_wrong_period_is_refused_and_an_empty_one_says_so(app: Flask, signed_in: SignIn) -> None:
    client = signed_in(make.officer())
    assert client.get("/results/returns?from=2026-01-01&to=2025-01-01").status == 422
    assert "No evaluations were due in this period" in client.get("/results/returns").text


def test_response_rates_take_the_same_queries_for_more_returns(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = signed_in(make.officer())
    counts = []
    for number in (1, 2):
        for _ in range(number):
            came_back(NOW, Channel.CLASSROOM)
        db.session.commit()
        counts.append(queries(lambda: client.get(f"/results/returns?{YEAR}")))
    assert counts[0] == counts[1]
