"""Counts of answers, in the smallest groups that any result needs."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, null, or_, select, union_all

from training_hub.access import Actor, Permission, within
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.catalogue.queries import trained_by
from training_hub.database import db
from training_hub.evaluation.models.answers import Answer, Response
from training_hub.evaluation.models.invitations import Invitation
from training_hub.london import day_bounds, financial_year, london_date
from training_hub.people.models import Agency
from training_hub.questionnaires.models import Confidentiality, Question, QuestionKind, Questionnaire, Stage
from training_hub.results.rules.counting import EARLIER, EarlierReturn, Tally, Topic, Wording, why_unpaired


@dataclass(frozen=True, kw_only=True)
class ResultsFilter:
    """The results that a reader chose. A field without a value does not narrow them."""

    event_id: int | None = None
    course_id: int | None = None
    trainer_id: int | None = None
    agency_id: int | None = None
    """The agency as at booking. Anonymous answers belong to no agency."""
    board_id: int | None = None
    first: date | None = None
    last: date | None = None
    """The period in which course dates began, both days included."""

    @property
    def is_of_whole_years(self) -> bool:
        """Whether the choice covers whole financial years, with all dates of its courses."""
        if self.first is None or self.last is None or self.event_id or self.trainer_id:
            return False
        return self.first == financial_year(self.first)[0] and self.last == financial_year(self.last)[1]


def agency_seen_by(actor: Actor, agency_id: int) -> Agency | None:
    """The agency with this id, where `actor` may see results of its people."""
    return db.session.scalar(
        within(select(Agency).where(Agency.id == agency_id), actor, Permission.SEE_RESULTS, agency=Agency.id)
    )


def events_about(about: ResultsFilter, *, now: datetime) -> list[ColumnElement[bool]]:
    """Conditions on an event joined with its course. In a period only dates that are over count."""
    wanted: list[ColumnElement[bool]] = [Event.status != EventStatus.DRAFT]
    if about.event_id is not None:
        wanted.append(Event.id == about.event_id)
    else:
        wanted.append(Event.ends_at <= now)
    if about.course_id is not None:
        wanted.append(Event.course_id == about.course_id)
    if about.trainer_id is not None:
        wanted.append(trained_by(Event.id, about.trainer_id))
    if about.board_id is not None:
        wanted.append(Course.board_id == about.board_id)
    if about.first is not None and about.last is not None:
        start, end = day_bounds(about.first, about.last)
        wanted += [Event.starts_at >= start, Event.starts_at < end]
    return wanted


def responses(actor: Actor | None, about: ResultsFilter, *, now: datetime) -> Any:
    """The responses that `actor` may see results of, as a CTE. Without an actor, all responses.

    Each has its event, and its booking and agency unless it is anonymous. A named response counts only while its
    booking is completed, except for the "before" stage. An anonymous response always counts.
    """
    wanted = events_about(about, now=now)
    named = (
        select(
            Response.id.label("response_id"),
            Response.questionnaire_id,
            Booking.event_id.label("event_id"),
            Booking.id.label("booking_id"),
            Booking.agency_id.label("agency_id"),
        )
        .join(Invitation, Response.invitation_id == Invitation.id)
        .join(Booking, Invitation.booking_id == Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .where(*wanted, or_(Booking.status == Status.COMPLETED, Invitation.stage == Stage.BEFORE))
    )
    if about.agency_id is not None:
        named = named.where(Booking.agency_id == about.agency_id)
        return within_results(named, actor, about).cte("responses")
    anonymous = (
        select(
            Response.id,
            Response.questionnaire_id,
            Response.event_id,
            null().label("booking_id"),
            null().label("agency_id"),
        )
        .join(Event, Response.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .where(*wanted)
    )
    both = union_all(within_results(named, actor, about), within_results(anonymous, actor, about))
    return both.cte("responses")


def within_results(statement: Any, actor: Actor | None, about: ResultsFilter) -> Any:
    """Keep the course dates, or the agency's bookings, whose results `actor` may see."""
    if actor is None:
        return statement
    agency = Booking.agency_id if about.agency_id is not None else None
    trains = partial(trained_by, Event.id)
    return within(statement, actor, Permission.SEE_RESULTS, agency=agency, trained_by=trains)


class _Said(NamedTuple):
    """A group of equal answers, as `tallies` counts them."""

    event_id: int
    question_id: int
    agency_id: int | None
    value: int | None
    before: int | None
    chosen: str
    unpaired: str = ""


def tallies(actor: Actor | None, about: ResultsFilter, *, now: datetime) -> list[Tally]:
    """Counts of all answers except those in words, in a fixed number of statements.

    Without an actor, counts all answers by agency, to decide what may be shown of one agency.
    """
    given, by_agency = responses(actor, about, now=now), actor is None
    counts = _counts(given, by_agency=by_agency)
    asked = _questions({said.question_id for said in counts})
    events = _events(about, now=now) if counts else {}
    halves = [said for said in counts if said.before is None and asked[said.question_id][0].is_paired]
    for said in halves:
        del counts[said]
    if halves:
        topics = {id: topic for id, (topic, _) in asked.items() if topic.kind is QuestionKind.BEFORE_NOW}
        counts += _paired(given, topics, by_agency=by_agency)
    return [
        Tally(
            course_id=events[said.event_id][0],
            starts_on=events[said.event_id][1],
            topic=asked[said.question_id][0],
            is_anonymous=asked[said.question_id][1],
            number=number,
            **said._asdict(),
        )
        for said, number in counts.items()
    ]


def _counts(given: Any, *, by_agency: bool) -> Counter[_Said]:
    by = (given.c.event_id, Answer.question_id, *([given.c.agency_id] if by_agency else []))
    said = (Answer.value, Answer.before, Answer.chosen)
    # The questions are read in a second query: grouping by their columns too would take twice as long.
    rows = db.session.execute(
        select(*by, *said, func.count())
        .select_from(given)
        .join(Answer, Answer.response_id == given.c.response_id)
        .where(or_(Answer.value.is_not(None), Answer.before.is_not(None), Answer.chosen != ""))
        .group_by(*by, *said)
    )
    return Counter(
        {_Said(row[0], row[1], row[2] if by_agency else None, *row[-4:-1]): row[-1] for row in rows}
    )


def _paired(given: Any, topics: Mapping[int, Topic], *, by_agency: bool) -> Counter[_Said]:
    """Counts of answers for "now" only, each paired with the same person's earlier answer for "before".

    Returns only counts, never the writer of an answer.
    """
    rows = db.session.execute(
        select(
            given.c.event_id,
            Answer.question_id,
            given.c.agency_id,
            given.c.booking_id,
            Answer.value,
            Answer.before,
        )
        .join(Answer, Answer.response_id == given.c.response_id)
        .where(Answer.question_id.in_(topics))
    ).all()
    then = {
        (booking_id, question_id): before for _, question_id, _, booking_id, _, before in rows if booking_id
    }
    earlier = {
        question_id: _earlier_questions(topic, topics)
        for question_id, topic in topics.items()
        if topic.is_paired
    }
    found, alone = Counter[_Said](), Counter[tuple[int | None, _Said]]()
    for event_id, question_id, agency_id, booking_id, value, before in rows:
        if before is not None or question_id not in earlier:
            continue
        befores = [then.get((booking_id, other)) for other in earlier[question_id]]
        before = next((each for each in befores if each is not None), None)
        said = _Said(event_id, question_id, agency_id if by_agency else None, value, before, "")
        if before is not None:
            found[said] += 1
        else:
            alone[booking_id, said] += 1
    return found + (_unpaired(given, topics, alone) if alone else Counter())


def _earlier_questions(topic: Topic, topics: Mapping[int, Topic]) -> list[int]:
    """The earlier questions that may have asked for "before" where `topic` asks for "now"."""
    return [
        question_id
        for stage in EARLIER[topic.stage]
        for question_id, other in topics.items()
        if (other.stage, other.key) == (stage, topic.key)
    ]


def _unpaired(
    given: Any, topics: Mapping[int, Topic], alone: Mapping[tuple[int | None, _Said], int]
) -> Counter[_Said]:
    """Counts of answers for "now" that have no earlier answer for "before", each with the reason."""
    returns, found = _earlier_returns(given), Counter[_Said]()
    for (booking_id, said), number in alone.items():
        stages = EARLIER[topics[said.question_id].stage]
        asked = [returns[booking_id, stage] for stage in stages if (booking_id, stage) in returns]
        found[said._replace(unpaired=why_unpaired(asked, is_anonymous=booking_id is None))] += number
    return found


def _earlier_returns(given: Any) -> dict[tuple[int | None, Stage], EarlierReturn]:
    """For each of these bookings, the state of the forms asked before the course and at its end."""
    rows = db.session.execute(
        select(
            Invitation.booking_id,
            Invitation.stage,
            Invitation.returned_at.is_not(None),
            Invitation.is_imported,
            Response.id.is_not(None),
        )
        .outerjoin(Response, Response.invitation_id == Invitation.id)
        .where(Invitation.booking_id.in_(select(given.c.booking_id)))
        .where(Invitation.stage.in_((Stage.BEFORE, Stage.END)))
    )
    return {(row[0], row[1]): EarlierReturn(*row[2:]) for row in rows}


def _questions(question_ids: Collection[int]) -> dict[int, tuple[Topic, bool]]:
    """The topic of each of these questions, and whether its questionnaire is anonymous."""
    rows = db.session.execute(
        select(Question.id, Questionnaire.stage, Question.key, Question.kind, Questionnaire.confidentiality)
        .join(Questionnaire, Question.questionnaire_id == Questionnaire.id)
        .where(Question.id.in_(question_ids))
    )
    return {row[0]: (Topic(row[1], row[2], row[3]), row[4] is Confidentiality.ANONYMOUS) for row in rows}


def _events(about: ResultsFilter, *, now: datetime) -> dict[int, tuple[int, date]]:
    """The course and the first day of each course date."""
    rows = db.session.execute(
        select(Event.id, Event.course_id, Event.starts_at)
        .join(Course, Event.course_id == Course.id)
        .where(*events_about(about, now=now))
    )
    return {row[0]: (row[1], london_date(row[2])) for row in rows}


def wordings(question_ids: Iterable[int]) -> list[Wording]:
    """These questions, each with the version that asks it."""
    rows = db.session.execute(
        select(Questionnaire.name, Questionnaire.version, Questionnaire.stage, Question)
        .join(Questionnaire, Question.questionnaire_id == Questionnaire.id)
        .where(Question.id.in_(set(question_ids)))
    )
    return [Wording(*row) for row in rows]
