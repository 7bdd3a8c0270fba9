"""Questions about what was answered: counted as finely as results need it, by the database, in one place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, null, or_, select, union_all
from sqlalchemy.orm import aliased

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
from training_hub.results.rules.counting import Tally, Topic, Wording


@dataclass(frozen=True, kw_only=True)
class About:
    """Whose results are asked for: every part that is given narrows them."""

    event_id: int | None = None
    course_id: int | None = None
    trainer_id: int | None = None
    agency_id: int | None = None
    """The agency as at booking. Anonymous forms belong to none."""
    board_id: int | None = None
    first: date | None = None
    last: date | None = None
    """The first days of the course dates lie between these, both included."""

    @property
    def is_of_whole_years(self) -> bool:
        """Whether it takes in whole financial years of whole courses."""
        if self.first is None or self.last is None or self.event_id or self.trainer_id:
            return False
        return self.first == financial_year(self.first)[0] and self.last == financial_year(self.last)[1]


def agency_seen_by(actor: Actor, agency_id: int) -> Agency | None:
    """The agency with this id, where `actor` may see results of its people."""
    return db.session.scalar(
        within(select(Agency).where(Agency.id == agency_id), actor, Permission.SEE_RESULTS, agency=Agency.id)
    )


def events_about(about: About, *, now: datetime) -> list[ColumnElement[bool]]:
    """What must hold of an event, joined with its course, for its answers to be asked for.

    Over a period only course dates that are over count (domain 4.1).
    """
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


def responses(actor: Actor | None, about: About, *, now: datetime) -> Any:
    """The returned forms that `actor` may see results of, to select from: each with its event, and its booking and
    agency unless it is anonymous. Found once in a statement, however often it names them. Without an actor everybody's:
    to decide what of one agency's may be shown.

    A return counts while its place is due: a correction away from completed takes it away (domain 4.6). Of an anonymous
    form nobody knows whose it was, so it stays.
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
    return union_all(within_results(named, actor, about), within_results(anonymous, actor, about)).cte(
        "responses"
    )


def within_results(statement: Any, actor: Actor | None, about: About) -> Any:
    """Keep the course dates whose results `actor` may see; of an agency, where it is asked about, its bookings."""
    if actor is None:
        return statement
    agency = Booking.agency_id if about.agency_id is not None else None
    return within(
        statement, actor, Permission.SEE_RESULTS, agency=agency, trained_by=partial(trained_by, Event.id)
    )


def tallies(actor: Actor, about: About, *, now: datetime) -> list[Tally]:
    """The answers to everything that is not answered in words, counted: as many statements however much there is."""
    return _tallies(actor, about, by_agency=False, now=now)


def everybodys_tallies(about: About, *, now: datetime) -> list[Tally]:
    """The answers of every agency, counted by it, whoever asks: to decide what of one agency's may be shown."""
    return _tallies(None, about, by_agency=True, now=now)


class _Count(NamedTuple):
    """So many gave this answer: `group` is the event, the question, and the agency where it is counted by it."""

    group: tuple[int, ...]
    value: int | None
    before: int | None
    chosen: str
    unpaired: str
    number: int


def _tallies(actor: Actor | None, about: About, *, by_agency: bool, now: datetime) -> list[Tally]:
    given = responses(actor, about, now=now)
    by = [given.c.event_id, Answer.question_id, *([given.c.agency_id] if by_agency else [])]
    said = (Answer.value, Answer.before, Answer.chosen)
    # What it is an answer to is looked up afterwards: to group by it too takes the database twice as long.
    counts = [
        _Count(tuple(row[:-4]), row[-4], row[-3], row[-2], "", row[-1])
        for row in db.session.execute(
            select(*by, *said, func.count())
            .select_from(given)
            .join(Answer, Answer.response_id == given.c.response_id)
            .where(or_(Answer.value.is_not(None), Answer.before.is_not(None), Answer.chosen != ""))
            .group_by(*by, *said)
        )
    ]
    asked = _questions({count.group[1] for count in counts})
    events = _events(about, now=now) if counts else {}
    alone = {count.group[1] for count in counts if count.before is None}
    for stages, earlier in _PAIRED:
        half = {
            question_id
            for question_id in alone
            if asked[question_id][0].kind is QuestionKind.BEFORE_NOW and asked[question_id][0].stage in stages
        }
        if half:
            counts = [count for count in counts if count.group[1] not in half or count.before is not None]
            rows = db.session.execute(_paired(given, by, half, earlier))
            counts += [_Count(tuple(row[:-5]), *row[-5:]) for row in rows]
    return [
        Tally(
            event_id=count.group[0],
            course_id=events[count.group[0]][0],
            starts_on=events[count.group[0]][1],
            question_id=count.group[1],
            topic=asked[count.group[1]][0],
            is_anonymous=asked[count.group[1]][1],
            agency_id=count.group[2] if by_agency else None,
            value=count.value,
            before=count.before,
            chosen=count.chosen,
            unpaired=count.unpaired,
            number=count.number,
        )
        for count in counts
    ]


_PAIRED = (
    ({Stage.END}, (Stage.BEFORE,)),
    ({Stage.SIX_WEEKS, Stage.THREE_MONTHS}, (Stage.BEFORE, Stage.END)),
)
"""Where an answer for now that stands alone finds the one for then: in the form from before the course; of a follow-up,
else in that from its end."""


def _questions(question_ids: Iterable[int]) -> dict[int, tuple[Topic, bool]]:
    """What each of these is to results, and whether it stands in an anonymous form."""
    rows = db.session.execute(
        select(Question.id, Questionnaire.stage, Question.key, Question.kind, Questionnaire.confidentiality)
        .join(Questionnaire, Question.questionnaire_id == Questionnaire.id)
        .where(Question.id.in_(question_ids))
    )
    return {row[0]: (Topic(row[1], row[2], row[3]), row[4] is Confidentiality.ANONYMOUS) for row in rows}


def _events(about: About, *, now: datetime) -> dict[int, tuple[int, date]]:
    """The course and the first day of each of the course dates."""
    rows = db.session.execute(
        select(Event.id, Event.course_id, Event.starts_at)
        .join(Course, Event.course_id == Course.id)
        .where(*events_about(about, now=now))
    )
    return {row[0]: (row[1], london_date(row[2])) for row in rows}


def _paired(given: Any, by: Sequence[Any], question_ids: Iterable[int], earlier: Sequence[Stage]) -> Any:
    """The answers for now whose answers for then stand in a form of an earlier stage, person by person.

    What goes out is how many gave which two answers, never who.
    """
    forms = [_Earlier(stage) for stage in earlier]
    then = func.coalesce(*(each.said.before for each in forms)) if len(forms) > 1 else forms[0].said.before
    why = case(
        (then.is_not(None), ""),
        (given.c.booking_id.is_(None), "anonymous"),
        (and_(*(each.asked.id.is_(None) for each in forms)), "not asked"),
        (and_(*(each.asked.returned_at.is_(None) for each in forms)), "not returned"),
        (or_(*(each.asked.is_imported for each in forms)), "imported"),
        (and_(*(each.form.id.is_(None) for each in forms)), "anonymous"),
        else_="left out",
    )
    statement: Any = (
        select(*by, Answer.value, then, Answer.chosen, why.label("unpaired"), func.count())
        .select_from(given)
        .join(Answer, Answer.response_id == given.c.response_id)
        .join(Question, Answer.question_id == Question.id)
    )
    for each in forms:
        statement = each.joined(statement, given)
    return statement.where(
        Answer.question_id.in_(question_ids), Answer.before.is_(None), Answer.value.is_not(None)
    ).group_by(*by, Answer.value, then, Answer.chosen, "unpaired")


class _Earlier:
    """The form of an earlier stage beside each returned one: what was asked, the form that came back, and the answer to
    the same question in it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.asked, self.form, self.said = aliased(Invitation), aliased(Response), aliased(Answer)
        self.question = aliased(Question)

    def joined(self, statement: Any, given: Any) -> Any:
        """The statement about returned forms and their answers, with this one beside each where there is one."""
        asked, form, question, said = self.asked, self.form, self.question, self.said
        return (
            statement.outerjoin(
                asked, and_(asked.booking_id == given.c.booking_id, asked.stage == self.stage)
            )
            .outerjoin(form, form.invitation_id == asked.id)
            .outerjoin(
                question,
                and_(
                    question.questionnaire_id == form.questionnaire_id,
                    question.key == Question.key,
                    question.kind == Question.kind,
                ),
            )
            .outerjoin(said, and_(said.response_id == form.id, said.question_id == question.id))
        )


def wordings(question_ids: Iterable[int]) -> list[Wording]:
    """These questions, each with the version of the form in which it stands."""
    rows = db.session.execute(
        select(Question, Questionnaire.name, Questionnaire.version, Questionnaire.stage)
        .join(Questionnaire, Question.questionnaire_id == Questionnaire.id)
        .where(Question.id.in_(set(question_ids)))
    )
    return [
        Wording(form=name, version=version, stage=stage, question=question)
        for question, name, version, stage in rows
    ]
