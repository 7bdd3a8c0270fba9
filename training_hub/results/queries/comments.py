"""The comments that a reader may see, with the names that the reader may know."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, false, func, literal, or_, select, true

from training_hub.access import Actor, Permission, Scope, scopes
from training_hub.bookings.models.booking import Booking
from training_hub.catalogue.models import Course, Event
from training_hub.catalogue.queries import trained_by
from training_hub.database import db
from training_hub.evaluation.models.answers import Answer, AnswerTheme, Review, Theme
from training_hub.people.models import Agency, Person
from training_hub.questionnaires.models import Confidentiality, Question, Questionnaire, Stage
from training_hub.questionnaires.rules.questions import WORDS_OF
from training_hub.results.queries.counting import ResultsFilter, responses
from training_hub.results.queries.results import sees_small_groups
from training_hub.results.queries.themes import MOST_THEMES, themes_of
from training_hub.results.rules.small_groups import FEWEST

COMMENTS_ON_A_PAGE = 25
_NOTHING = literal("", literal_execute=True)
"""A literal and not a parameter, so that databases use the index of comments."""


@dataclass(frozen=True, kw_only=True)
class CommentFilter:
    """The comments that a reader chose. An empty field matches all comments."""

    words: str = ""
    theme_id: int | None = None
    state: Review | None = None
    stage: Stage | None = None
    answer_id: int | None = None


class Comment(NamedTuple):
    """One comment as one reader may see it."""

    id: int
    words: str
    """The original words, or the published words for readers who may see only those."""
    published: str
    state: Review
    question: str
    stage: Stage
    course: str
    event_id: int
    starts_at: datetime
    name: str
    """The writer's name. Empty if the reader must not know the writer."""
    agency: str
    themes: tuple[str, ...] = ()


def comments(
    actor: Actor,
    about: ResultsFilter,
    wanted: CommentFilter = CommentFilter(),
    *,
    now: datetime,
    limit: int = COMMENTS_ON_A_PAGE,
    page: int = 1,
) -> list[Comment]:
    """One page of the comments that `actor` may read, the latest course dates first.

    Within a course date they are ordered by their ids, which are random.
    """
    statement = _with_facts(_readable(actor, about, wanted, now=now))
    statement = (
        statement.order_by(Event.starts_at.desc(), Event.id.desc(), Question.position, Answer.id)
        .limit(limit)
        .offset((page - 1) * limit)
    )
    rows = db.session.execute(statement).all()
    themes = themes_of([row[0] for row in rows]) if sees_small_groups(actor) else {}
    return [Comment._make([*row, tuple(themes.get(row[0], ()))]) for row in rows]


def number_of_comments(
    actor: Actor, about: ResultsFilter, wanted: CommentFilter = CommentFilter(), *, now: datetime
) -> int:
    """How many comments `actor` may read."""
    found = _readable(actor, about, wanted, now=now).statement.subquery()
    return int(db.session.scalar(select(func.count()).select_from(found)) or 0)


class _Readable(NamedTuple):
    """The ids of the comments that a reader may see, the responses they are in, and whether the reader may see the
    original words and the writer's name."""

    statement: Any
    given: Any
    is_whole: ColumnElement[bool]
    is_named: ColumnElement[bool]


def _with_facts(found: _Readable) -> Any:
    """The statement, with the columns of a `Comment` in the order of its fields."""
    return (
        found.statement.add_columns(
            case((found.is_whole, Answer.text), else_=Answer.published),
            Answer.published,
            Answer.review,
            Question.text,
            Questionnaire.stage,
            Course.title,
            Event.id,
            Event.starts_at,
            case((found.is_named, Person.name), else_=""),
            case((found.is_named, Agency.name), else_=""),
        )
        .join(Course, Event.course_id == Course.id)
        .outerjoin(Booking, found.given.c.booking_id == Booking.id)
        .outerjoin(Person, Booking.person_id == Person.id)
        .outerjoin(Agency, Booking.agency_id == Agency.id)
    )


def _readable(actor: Actor, about: ResultsFilter, wanted: CommentFilter, *, now: datetime) -> _Readable:
    """The comments that `actor` may read. Nobody reads anonymous comments of fewer than five people.

    Officers read all other comments. Other readers see none if fewer than five people answered. Trainers of the date
    read all that are not hidden, and everyone else only published ones.
    """
    given = responses(actor, about, now=now)
    is_anonymous = given.c.booking_id.is_(None)
    groups = _groups(given)
    is_trainer = Scope.EVENT in scopes(actor, Permission.SEE_RESULTS)
    trains = trained_by(Event.id, actor.id) if is_trainer else false()
    # Of a published comment, trainers too read only the published words, which identify nobody.
    is_whole: ColumnElement[bool] = and_(trains, Answer.review != Review.PUBLISHED)
    is_named = and_(trains, Questionnaire.confidentiality == Confidentiality.ATTRIBUTED)
    if sees_small_groups(actor):
        # The second condition is a safeguard: a wrong row must not reveal the writer of an anonymous answer.
        is_named = and_(~is_anonymous, Questionnaire.confidentiality != Confidentiality.ANONYMOUS)
        is_whole = true()
    statement: Any = (
        select(Answer.id)
        .select_from(given)
        .join(Event, given.c.event_id == Event.id)
        .join(Questionnaire, given.c.questionnaire_id == Questionnaire.id)
        .join(groups, and_(groups.c.event_id == Event.id, groups.c.stage == Questionnaire.stage))
        .join(Answer, Answer.response_id == given.c.response_id)
        .join(Question, Answer.question_id == Question.id)
        .where(Question.kind.in_(WORDS_OF), Answer.text != _NOTHING)
        .where(or_(~is_anonymous, groups.c.anonymous >= FEWEST))
    )
    if not sees_small_groups(actor):
        countable = groups.c.named + case((groups.c.anonymous >= FEWEST, groups.c.anonymous), else_=0)
        statement = statement.where(
            countable >= FEWEST,
            Answer.review != Review.HIDDEN,
            or_(trains, Answer.review == Review.PUBLISHED),
        )
    return _Readable(statement.where(*_narrowed(wanted)), given, is_whole, is_named)


def _groups(given: Any) -> Any:
    """How many people answered each stage of each course date, with names and anonymously."""
    return (
        select(
            given.c.event_id,
            Questionnaire.stage,
            func.count(given.c.booking_id).label("named"),
            (func.count() - func.count(given.c.booking_id)).label("anonymous"),
        )
        .join(Questionnaire, given.c.questionnaire_id == Questionnaire.id)
        .group_by(given.c.event_id, Questionnaire.stage)
        .subquery("groups")
    )


def _narrowed(wanted: CommentFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        func.lower(Answer.text).contains(word, autoescape=True) for word in wanted.words.lower().split()[:6]
    ]
    if wanted.theme_id is not None:
        found.append(
            exists().where(AnswerTheme.answer_id == Answer.id, AnswerTheme.theme_id == wanted.theme_id)
        )
    if wanted.state is not None:
        found.append(Answer.review == wanted.state)
    if wanted.stage is not None:
        found.append(Questionnaire.stage == wanted.stage)
    if wanted.answer_id is not None:
        found.append(Answer.id == wanted.answer_id)
    return found


def comment_to_review(actor: Actor, answer_id: int, *, now: datetime) -> Comment | None:
    """The comment with this id, if `actor` may review it."""
    if not sees_small_groups(actor):
        return None
    found = comments(actor, ResultsFilter(), CommentFilter(answer_id=answer_id), now=now, limit=1)
    return found[0] if found else None


def next_unread(actor: Actor, about: ResultsFilter, wanted: CommentFilter, *, now: datetime) -> int | None:
    """The id of the first unread comment that `wanted` finds."""
    unread = replace(wanted, state=Review.UNREAD, answer_id=None)
    found = comments(actor, about, unread, now=now, limit=1)
    return found[0].id if found else None


def theme_counts(
    actor: Actor, about: ResultsFilter, wanted: CommentFilter = CommentFilter(), *, now: datetime
) -> list[tuple[int, str, int]]:
    """The id, name and number of comments of each theme, the most used first."""
    found = _readable(actor, about, wanted, now=now).statement.subquery()
    rows = db.session.execute(
        select(Theme.id, Theme.name, func.count())
        .join(AnswerTheme, AnswerTheme.theme_id == Theme.id)
        .join(found, found.c.id == AnswerTheme.answer_id)
        .group_by(Theme.id, Theme.name)
        .order_by(func.count().desc(), Theme.name)
        .limit(MOST_THEMES)
    )
    return [(row[0], row[1], row[2]) for row in rows]
