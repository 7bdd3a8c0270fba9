"""The counting rules: whatever happened to anyone, the figures add up, and agree with a naive recount."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import delete

from tests import make
from tests.conftest import NOW
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event, EventSession, EventStatus
from training_hub.commands.report import Operator
from training_hub.database import db
from training_hub.evaluation.models.invitations import Invitation
from training_hub.reporting.models import Figures, Filters
from training_hub.reporting.queries.programme import programme
from training_hub.reporting.rules import EventCount, figures_of, period_before, total

pytestmark = pytest.mark.postgres

BOOKED = [Status.COMPLETED, Status.PARTIAL, Status.DID_NOT_ATTEND, Status.CANCELLED, Status.CANCELLED_LATE]
BOOKED += [Status.EVENT_CANCELLED, Status.CONFIRMED]
WALKED_IN = [Status.COMPLETED, Status.PARTIAL, Status.CONFIRMED]

counts = some.builds(
    EventCount,
    course_id=some.integers(1, 3),
    month=some.sampled_from([date(2025, 4, 1), date(2025, 5, 1)]),
    capacity=some.integers(0, 30),
    ran=some.booleans(),
    is_evaluated=some.booleans(),
    booked=some.dictionaries(some.sampled_from(BOOKED), some.integers(1, 20)),
    walk_ins=some.dictionaries(some.sampled_from(WALKED_IN), some.integers(1, 5)),
    returned=some.just(0),
)


def both_sides(figures: Figures) -> tuple[int, int]:
    """from booked, through those who did not come, to the people in the room."""
    absent = sum(figures.of(status) for status in BOOKED[2:])
    there = figures.of(Status.COMPLETED) + figures.of(Status.PARTIAL)
    return figures.booked - absent + figures.walk_ins, there + figures.walk_ins


@given(some.lists(counts, max_size=12))
def test_outcomes_sum_to_booked_in_rows_and_total(events: list[EventCount]) -> None:
    rows = [figures_of(event) for event in events]
    for figures in (*rows, total(rows)):
        assert sum(figures.of(status) for status in BOOKED) == figures.booked
        left, right = both_sides(figures)
        assert left == right == figures.in_the_room
    assert total(rows).booked == sum(sum(event.booked.values()) for event in events)
    assert total(rows).capacity == sum(event.capacity for event in events if event.ran)


def test_a_rate_without_a_denominator_is_unknown() -> None:
    rates = ["completion_of_booked", "completion_of_expected", "dna_of_booked", "dna_of_expected"]
    rates += ["cancellation", "fill", "take_up", "return_rate"]
    assert {name: getattr(Figures(), name).value for name in rates} == dict.fromkeys(rates)


def test_a_financial_year_is_compared_with_the_year_before() -> None:
    assert period_before(date(2019, 4, 1), date(2020, 3, 31)) == (date(2018, 4, 1), date(2019, 3, 31))
    assert period_before(date(2025, 5, 1), date(2025, 5, 31)) == (date(2025, 3, 31), date(2025, 4, 30))


def test_figures_count_only_what_the_reader_may_read(app: Flask) -> None:
    event = make.event(starts_at=NOW - timedelta(days=3))
    make.booking(event, status=Status.COMPLETED)
    make.booking(make.event(starts_at=NOW + timedelta(days=3)))
    year = Filters(first=date(2025, 4, 1), last=date(2026, 3, 31))
    officer, lead = make.officer(), make.person("Leah Lead", Role.AGENCY_LEAD, of=make.agency())
    db.session.flush()
    everything, nothing = programme(officer, year, now=NOW), programme(lead, year, now=NOW)
    assert (everything.totals.booked, everything.to_come.places_held) == (1, 1)
    assert (nothing.courses, nothing.totals.booked, nothing.to_come.events) == ((), 0, 0)
    other = programme(officer, replace(year, course_id=event.course_id + 999), now=NOW)
    assert (other.courses, other.to_come.events) == ((), 0)


fates = some.lists(
    some.tuples(
        some.sampled_from([*BOOKED, Status.WAITING, Status.WITHDRAWN]), some.booleans(), some.booleans()
    ),
    max_size=6,
)
events = some.tuples(
    some.integers(0, 2),
    some.sampled_from(["over", "running", "to come", "called off", "called off and to come"]),
    fates,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(events, max_size=5), some.booleans())
def test_report_agrees_with_a_naive_recount(
    app: Flask, history: list[tuple[int, str, list[tuple[Status, bool, bool]]]], evaluated: bool
) -> None:
    for table in (Invitation, BookingChange, Booking, EventSession, Event):
        db.session.execute(delete(table))
    courses = [make.course(is_evaluated=evaluated or number > 0) for number in range(3)]
    form = make.questionnaire()
    recount: Counter[str] = Counter()
    for course_number, kind, bookings in history:
        off = kind.startswith("called off")
        days = {"over": -3, "called off": -3, "running": 0}.get(kind, 20)
        event = make.event(
            courses[course_number],
            starts_at=NOW + timedelta(days=days),
            capacity=10,
            status=EventStatus.CALLED_OFF if off else EventStatus.PUBLISHED,
        )
        counted = kind == "over" or off
        recount["capacity"] += 10 if kind == "over" else 0
        recount["events"] += counted
        for status, walk_in, returned in bookings:
            is_walk_in = walk_in and status in WALKED_IN
            booking = make.booking(event, status=status, walk_in=is_walk_in)
            if status is Status.COMPLETED and returned:
                db.session.add(
                    Invitation(
                        booking=booking, stage=form.stage, questionnaire=form, due_at=NOW, returned_at=NOW
                    )
                )
            if not counted or status in {Status.WAITING, Status.WITHDRAWN}:
                continue
            if is_walk_in:
                recount["walk_ins"] += 1
            else:
                recount["booked"] += 1
                recount[status.value] += 1
            if status is Status.COMPLETED and courses[course_number].is_evaluated:
                recount["due"] += 1
                recount["returned"] += returned
    db.session.flush()
    report = programme(Operator(), Filters(first=date(2025, 4, 1), last=date(2026, 3, 31)), now=NOW)
    totals = report.totals
    assert {
        "events": totals.events,
        "capacity": totals.capacity,
        "booked": totals.booked,
        "walk_ins": totals.walk_ins,
        "due": totals.evaluations_due,
        "returned": totals.evaluations_returned,
        "confirmed": totals.not_recorded,
        **{status.value: totals.of(status) for status in BOOKED[:-1]},
    } == {name: recount[name] for name in ("events", "capacity", "booked", "walk_ins", "due", "returned")} | {
        status.value: recount[status.value] for status in BOOKED
    }
    assert total(row.figures for row in report.courses) == totals
    assert total(report.months.values()).booked == totals.booked
