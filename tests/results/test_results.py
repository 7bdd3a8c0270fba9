"""Results: what is counted and shown, and that hidden answers cannot be worked out."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import permutations
from statistics import fmean, pstdev

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.evaluation.said import C, K, all_said, date_of, form, said
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.evaluation.rules.answers import Given
from training_hub.questionnaires.models import Question, Stage
from training_hub.results.queries.counting import ResultsFilter
from training_hub.results.queries.results import VisibleResults, visible_results
from training_hub.results.queries.returns import before_alone
from training_hub.results.rules.counting import Returns, Tally, Topic, Wording
from training_hub.results.rules.over_time import quarters
from training_hub.results.rules.results import Result, results
from training_hub.results.rules.small_groups import (
    suppress_in_agency,
    suppress_small_groups,
    suppress_small_parts,
)

pytestmark = pytest.mark.postgres

CONFIDENCE = Topic(Stage.END, "confidence", K.BEFORE_NOW)
OBJECTIVES = Topic(Stage.END, "objectives", K.SCALE)
YEAR = {"first": date(2025, 4, 1), "last": date(2026, 3, 31)}


def asked(topic: Topic, number: int = 1, **facts: object) -> Wording:
    question = Question(
        id=number,
        key=topic.key,
        kind=topic.kind,
        position=number,
        section="",
        low="",
        high="",
        **{"options": [], "text": "How good?", **facts},
    )
    return Wording(questionnaire="Form", version=number, stage=topic.stage, question=question)


def tally(topic: Topic, number: int = 1, **facts: object) -> Tally:
    given = {"event_id": 1, "course_id": 1, "starts_on": date(2025, 5, 1), "question_id": 1, **facts}
    return Tally(topic=topic, number=number, **given)  # type: ignore[arg-type]


POINT = st.integers(1, 5)


@given(st.lists(st.tuples(POINT, POINT), max_size=40))
def test_figures_match_a_naive_recount(pairs: list[tuple[int, int]]) -> None:
    tallies = [
        tally(CONFIDENCE, number, before=before, value=now)
        for (before, now), number in Counter(pairs).items()
    ]
    found = results(tallies, tallies, [asked(CONFIDENCE)])
    if not pairs:
        assert found == []
        return
    shift = found[0].shift
    changes = [now - before for before, now in pairs]
    assert shift is not None
    assert (found[0].n, shift.n, shift.up, shift.same, shift.down) == (
        len(pairs),
        len(pairs),
        len([each for each in changes if each > 0]),
        len([each for each in changes if each == 0]),
        len([each for each in changes if each < 0]),
    )
    assert shift.before.mean == pytest.approx(fmean(before for before, _ in pairs))
    assert shift.now.mean == pytest.approx(fmean(now for _, now in pairs))
    assert shift.change.mean == pytest.approx(fmean(changes))
    assert shift.change.deviation == pytest.approx(pstdev(changes))
    # The first of them, in order, that half of them do not exceed.
    naive = next(each for each in sorted(changes) if 2 * sum(c <= each for c in changes) >= len(changes))
    assert shift.change.median == naive


@given(st.lists(POINT, max_size=40))
def test_a_scale_has_a_mean_and_a_balance_has_none(values: list[int]) -> None:
    for kind in (K.SCALE, K.BALANCE):
        topic = Topic(Stage.END, "q", kind)
        tallies = [tally(topic, number, value=value) for value, number in Counter(values).items()]
        for found in results(tallies, tallies, [asked(topic)]):
            assert list(found.bars.values()) == [values.count(point) for point in range(1, 6)]
            assert found.mean == (pytest.approx(fmean(values)) if kind is K.SCALE else None)


def test_options_are_counted_by_words_across_versions() -> None:
    topic = Topic(Stage.END, "obstacles", K.CHOICES)
    first = asked(topic, 1, options=["Time", "Money"])
    second = asked(topic, 2, options=["Nothing", "Time"])
    tallies = [
        tally(topic, 2, question_id=1, chosen="1,2"),
        tally(topic, 3, question_id=2, chosen="2"),
        tally(topic, 1, question_id=2, chosen="1"),
    ]
    found = results(tallies, tallies, [first, second])[0]
    assert list(found.bars.items()) == [("Nothing", 1), ("Time", 5), ("Money", 2)]
    assert (found.n, found.wordings) == (6, ("Form, version 1 offered “Time”, “Money”.",))


def test_other_wordings_are_named_by_version() -> None:
    tallies = [tally(OBJECTIVES, 5, value=4, question_id=number) for number in (1, 2, 3)]
    wordings = [asked(OBJECTIVES, 1, text="Any good?"), asked(OBJECTIVES, 2), asked(OBJECTIVES, 3)]
    found = results(tallies, tallies, wordings)[0]
    assert (found.n, found.text, found.wordings) == (15, "How good?", ("Form, version 1 asked “Any good?”.",))


@given(st.dictionaries(st.none() | st.integers(1, 9), st.integers(1, 12)))
def test_no_part_under_five_is_shown_or_left(parts: dict[int | None, int]) -> None:
    shown = suppress_small_parts(parts)
    left = sum(parts.values()) - sum(parts[name] for name in shown)
    assert [name for name in shown if parts[name] < 5] == []
    assert left == 0 or left >= 5 or not shown
    assert None not in shown


def _of(rows: list[Tally]) -> frozenset[int]:
    return frozenset(int(row.chosen) for row in rows)


ANSWER = st.tuples(st.integers(1, 5), st.integers(1, 3), st.booleans())


@given(st.lists(ANSWER, max_size=45))
def test_no_two_pages_reveal_fewer_than_five_answers(
    rows: list[tuple[int, int, bool]],
) -> None:
    """Every answer here is different, so that a page is the set of answers that it counts."""
    # Events 1 to 3 are of one course, 4 and 5 of another; 3 and 5 lie in the next financial year.
    starts = {1: date(2025, 5, 1), 2: date(2025, 9, 1), 3: date(2026, 5, 1), 4: date(2025, 6, 1)}
    starts[5] = date(2026, 6, 1)
    answers = [
        tally(
            OBJECTIVES,
            event_id=event,
            course_id=1 if event < 4 else 2,
            starts_on=starts[event],
            agency_id=None if is_anonymous else agency,
            is_anonymous=is_anonymous,
            chosen=str(number),
        )
        for number, (event, agency, is_anonymous) in enumerate(rows)
    ]
    pages = [
        _of(suppress_small_groups([row for row in answers if row.event_id == event], sees_small_groups=False))
        for event in starts
    ]
    days = sorted(starts.values())
    for course in ({1}, {2}, {1, 2}):
        of_course = [row for row in answers if row.course_id in course]
        for first in days:
            for last in days:
                wanted = [row for row in of_course if first <= row.starts_on <= last]
                pages.append(_of(suppress_small_groups(wanted, sees_small_groups=False)))
        for year in (2025, 2026):
            whole = [row for row in of_course if row.year == year]
            pages.append(_of(suppress_small_groups(whole, sees_small_groups=False, is_whole_years=True)))
        pages.append(_of(suppress_small_groups(of_course, sees_small_groups=False, is_whole_years=True)))
    for agency in (1, 2, 3):
        for year in (2025, 2026):
            whole = [row for row in answers if row.year == year]
            pages.append(_of(suppress_in_agency(whole, agency)))
    assert {len(page) for page in pages} & {1, 2, 3, 4} == set()
    given_away = {len(one - other) for one, other in permutations(set(pages), 2) if other < one}
    assert given_away & {1, 2, 3, 4} == set()


@given(st.lists(st.tuples(st.integers(1, 3), st.booleans()), max_size=30))
def test_officers_see_all_but_small_anonymous_groups(rows: list[tuple[int, bool]]) -> None:
    answers = [
        tally(OBJECTIVES, event_id=event, is_anonymous=is_anonymous, chosen=str(number))
        for number, (event, is_anonymous) in enumerate(rows)
    ]
    groups = Counter(rows)
    seen = {number for number, row in enumerate(rows) if not row[1] or groups[row] >= 5}
    assert _of(suppress_small_groups(answers, sees_small_groups=True)) == seen


def test_quarters_have_no_gaps_and_mark_new_versions() -> None:
    wordings = [asked(OBJECTIVES, 1), asked(OBJECTIVES, 2)]
    shown = [
        tally(OBJECTIVES, 2, starts_on=date(2025, 2, 1), value=3),
        tally(OBJECTIVES, 1, starts_on=date(2025, 2, 1), value=5),
        tally(OBJECTIVES, 4, starts_on=date(2025, 8, 1), value=5, question_id=2),
    ]
    found = quarters(OBJECTIVES, shown, wordings)
    assert [(each.label, each.n, each.mean and round(each.mean, 2), each.begins) for each in found] == [
        ("Jan to Mar 2025", 3, 3.67, ()),
        ("Apr to Jun 2025", 0, None, ()),
        ("Jul to Sep 2025", 4, 5.0, ("Form, version 2",)),
    ]


def by_key(reading: VisibleResults, stage: Stage = Stage.END) -> dict[str, Result]:
    return {result.topic.key: result for result in reading.results(stage)}


def test_versions_count_together_and_imports_have_no_answers(app: Flask) -> None:
    event = date_of()
    first, second = form(), form(version=2)
    all_said(event, first, 5, 4)
    all_said(event, second, 3)
    said(event, first, None)
    make.booking(event, status=Status.COMPLETED)
    all_said(event, form(name="Other"), 1)
    # A correction away from completed takes the answers away, as it does the return.
    said(event, first, {"objectives": Given(value=1)}, status=Status.PARTIAL)
    found = visible_results(make.officer(), ResultsFilter(event_id=event.id), now=NOW)
    assert found.returns == {Stage.END: Returns(due=6, returned=5, answered=4)}
    assert (by_key(found)["objectives"].n, by_key(found)["objectives"].mean) == (4, 3.25)


def test_before_and_end_are_paired_or_counted_by_reason(app: Flask) -> None:
    event = date_of()
    before, end = form(name="Before", stage=Stage.BEFORE), form()
    unnamed = form(C.ANONYMOUS, name="Unnamed", stage=Stage.BEFORE)
    now = {"confidence": Given(value=5)}
    for then in (2, 3):
        said(event, end, now, of=said(event, before, {"confidence": Given(before=then)}))
    said(event, end, now, of=said(event, before, {"objectives": Given(value=2)}))
    said(event, end, now, of=said(event, unnamed, {"confidence": Given(before=1)}))
    said(event, end, now)
    late = make.booking(event, status=Status.COMPLETED)
    make.returned(late, before).stage = Stage.BEFORE
    said(event, end, now, of=late)
    found = by_key(visible_results(make.officer(), ResultsFilter(event_id=event.id), now=NOW))["confidence"]
    assert found.shift is not None
    assert (found.n, found.shift.n, found.shift.before.mean, found.shift.change.counts) == (
        6,
        2,
        2.5,
        {3: 1, 2: 1},
    )
    assert found.unpaired == {"not asked": 1, "not returned": 1, "anonymous": 1, "left out": 1}


def test_people_who_answered_only_before_are_counted_by_reason(app: Flask) -> None:
    event = date_of()
    before, end = form(name="Before", stage=Stage.BEFORE), form()
    unnamed = form(C.ANONYMOUS, name="Unnamed")
    then = {"confidence": Given(before=2)}
    said(event, end, {"confidence": Given(value=4)}, of=said(event, before, then))
    said(event, before, then)
    said(event, before, then, status=Status.DID_NOT_ATTEND)
    said(event, unnamed, {"confidence": Given(value=4, before=1)}, of=said(event, before, then))
    said(event, end, None, of=said(event, before, then))
    all_said(event, form(C.ANONYMOUS, name="Before, unnamed", stage=Stage.BEFORE), 3)
    found = before_alone(make.officer(), ResultsFilter(event_id=event.id), now=NOW)
    assert found == {"not completed": 1, "not returned": 1, "anonymous": 2, "imported": 1}


def test_stages_are_never_counted_together(app: Flask) -> None:
    event = date_of()
    all_said(event, form(), 5)
    all_said(event, form(name="Later", stage=Stage.SIX_WEEKS), 1)
    found = visible_results(make.officer(), ResultsFilter(event_id=event.id), now=NOW)
    means = {stage: by_key(found, stage)["objectives"].mean for stage in found.stages}
    assert means == {Stage.END: 5.0, Stage.SIX_WEEKS: 1.0}


def test_readers_see_only_the_results_they_may(app: Flask) -> None:
    trainer, other = make.person("Tia", Role.TRAINER), make.person("Tom", Role.TRAINER)
    home = make.agency()
    lead = make.person("Lea", Role.AGENCY_LEAD, of=home)
    asked_form, event = form(), date_of(trainers=(trainer,))
    all_said(event, asked_form, 5, 5, 5, 5, 5, agency=home)
    all_said(event, asked_form, 1, 1, 1, 1, 1)

    def n(actor: object, **about: object) -> int:
        found = visible_results(actor, ResultsFilter(**YEAR, **about), now=NOW)  # type: ignore[arg-type]
        return sum(result.n for result in found.results(Stage.END))

    assert (n(make.officer()), n(make.person("Mo", Role.HUB_MEMBER))) == (10, 10)
    assert (n(trainer), n(other), n(make.person())) == (10, 0, 0)
    assert (n(lead), n(lead, agency_id=home.id), n(lead, agency_id=home.id + 1)) == (0, 5, 0)
    assert n(trainer, agency_id=home.id) == 0


def test_agency_is_as_at_booking_and_anonymous_has_none(app: Flask) -> None:
    home, event = make.agency(), date_of()
    all_said(event, form(), 5, agency=home)
    all_said(event, form(C.ANONYMOUS, name="Unnamed"), 1, 1, 1, 1, 1, agency=home)
    for booking in db.session.scalars(select(Booking).where(Booking.event_id == event.id)).all():
        booking.person.agency = make.agency()
    found = visible_results(make.officer(), ResultsFilter(agency_id=home.id, **YEAR), now=NOW)
    assert by_key(found)["objectives"].n == 1


def test_course_dates_that_are_not_over_are_in_no_period(app: Flask) -> None:
    running = make.event(starts_at=NOW - timedelta(hours=1))
    all_said(running, form(), 5, 5)
    officer = make.officer()
    whole = visible_results(officer, ResultsFilter(**YEAR), now=NOW)
    alone = visible_results(officer, ResultsFilter(event_id=running.id), now=NOW)
    assert (whole.results(Stage.END), by_key(alone)["objectives"].n) == ([], 2)


def test_results_take_the_same_queries_for_more_dates(
    app: Flask, queries: Callable[[Callable[[], object]], int]
) -> None:
    asked_form, officer = form(), make.officer()
    all_said(date_of(), asked_form, 5)
    first = queries(lambda: visible_results(officer, ResultsFilter(**YEAR), now=NOW))
    for _ in range(2):
        all_said(date_of(), asked_form, 5, 4)
    assert queries(lambda: visible_results(officer, ResultsFilter(**YEAR), now=NOW)) == first
