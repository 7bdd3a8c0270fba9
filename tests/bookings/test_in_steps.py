"""However many people asked for a course or wait for it, each write that tells them is short."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.event import listen, remove

from tests import make
from tests.bookings.wanting import HOUR, a_date, letters, wants
from tests.conftest import NOW
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.interest import TOLD_AT_ONCE, offer_new_dates, offer_to_interested
from training_hub.bookings.actions.waiting_list import pick
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.interest import Interest
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Course, Event, Prerequisite
from training_hub.database import db
from training_hub.mail.models import Mail

S = Status
MANY = 2 * TOLD_AT_ONCE + 5


def statements(do: object) -> list[int]:
    """How many statements each writing transaction took."""
    taken: list[int] = []
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    def end(_connection: object) -> None:
        if any(statement.startswith(("INSERT", "UPDATE")) for statement in seen):
            taken.append(len(seen))
        seen.clear()

    listen(db.engine, "before_cursor_execute", note)
    for ends in ("commit", "rollback"):
        listen(db.engine, ends, end)
    do()  # type: ignore[operator]
    db.session.commit()
    remove(db.engine, "before_cursor_execute", note)
    for ends in ("commit", "rollback"):
        remove(db.engine, ends, end)
    return taken


def crowd(course: Course, number: int) -> None:
    oak = make.agency()
    wants(course, *(f"{course.title} {each:03}" for each in range(number)), of=oak)


def counts(event: Event) -> dict[Status, int]:
    rows = db.session.execute(
        select(Booking.status, func.count()).where(Booking.event_id == event.id).group_by(Booking.status)
    )
    return {row[0]: row[1] for row in rows}


def test_publishing_takes_fixed_statements_for_a_crowd(app: Flask) -> None:
    first = make.course("Basics")
    cost = []
    for number in (MANY, 2 * MANY):
        course = make.course(f"Course for {number}")
        db.session.add(Prerequisite(course_id=course.id, needs_id=first.id))
        crowd(course, number)
        past = make.event(first, starts_at=NOW - timedelta(days=60))
        for interest in db.session.scalars(select(Interest).where(Interest.course_id == course.id)):
            make.booking(past, interest.person, S.COMPLETED)
        event = a_date(course, capacity=40)
        db.session.commit()
        (taken,) = statements(lambda at=event: offer_to_interested(at, now=NOW))  # type: ignore[misc]
        cost.append(taken)
        assert counts(event) == {S.OFFERED: 40, S.WAITING: number - 40}
        assert len(letters()) == TOLD_AT_ONCE
        db.session.query(Mail).delete()
        db.session.commit()
    assert cost[0] == cost[1]


def test_worker_tells_the_crowd_in_short_steps_once(app: Flask) -> None:
    course = make.course("Neglect")
    crowd(course, MANY)
    event = a_date(course, capacity=TOLD_AT_ONCE + 1)
    db.session.commit()
    assert offer_to_interested(event, now=NOW) == MANY
    db.session.commit()
    # People who join meanwhile come last.
    late = make.person("Late")
    assert book(late, event, by=late, now=NOW).status is S.WAITING
    db.session.commit()
    steps = statements(lambda: offer_new_dates(now=NOW + HOUR))
    assert len(steps) == 2
    assert max(steps) <= 8 * TOLD_AT_ONCE
    assert offer_new_dates(now=NOW + HOUR) == 0
    told = [row for row in letters() if row[0] != "Late"]
    offered = TOLD_AT_ONCE + 1
    assert told == [
        (f"Neglect {each:03}", "runs_again_offered" if each < offered else "runs_again_waiting")
        for each in range(MANY)
    ]
    last = db.session.scalars(select(Mail).where(Mail.to_name == f"Neglect {MANY - 1:03}")).one()
    assert f"You are number {MANY - offered} on the waiting list." in last.text
    # Each has the history that one person's would have.
    rows = db.session.execute(
        select(BookingChange.was, BookingChange.became, BookingChange.cause, func.count())
        .join(Booking, BookingChange.booking_id == Booking.id)
        .where(Booking.person_id != late.id)
        .group_by(BookingChange.was, BookingChange.became, BookingChange.cause)
        .order_by(func.count().desc())
    ).all()
    assert rows == [(None, S.WAITING, Cause.INTEREST, MANY), (S.WAITING, S.OFFERED, None, offered)]


def test_people_who_left_or_heard_are_not_told_again(app: Flask) -> None:
    course = make.course("Neglect")
    crowd(course, TOLD_AT_ONCE + 3)
    event = a_date(course, capacity=1)
    offer_to_interested(event, now=NOW)
    rows = db.session.scalars(select(Booking).order_by(Booking.id)).all()
    left, picked, _still = rows[TOLD_AT_ONCE:]
    cancel(left, by=left.person, now=NOW)
    event.capacity = 2
    db.session.flush()
    pick(picked, by=make.officer(), now=NOW, outright=False, reason="First aid")
    db.session.commit()
    before = len(letters())
    assert offer_new_dates(now=NOW) == 1
    assert letters()[before:] == [(f"Neglect {TOLD_AT_ONCE + 2:03}", "runs_again_waiting")]


def test_people_who_need_approval_are_told_in_steps_too(app: Flask) -> None:
    course = make.course("Neglect", policies={"approval": "line manager"})
    crowd(course, MANY)
    event = a_date(course)
    db.session.commit()
    assert offer_to_interested(event, now=NOW) == TOLD_AT_ONCE
    assert event.interested_told_at is None
    db.session.commit()
    steps = statements(lambda: offer_new_dates(now=NOW + HOUR))
    assert max(steps) <= 8 * TOLD_AT_ONCE
    assert offer_new_dates(now=NOW + HOUR) == 0
    assert letters() == [(f"Neglect {each:03}", "runs_again") for each in range(MANY)]
    db.session.refresh(event)
    assert event.interested_told_at == NOW + HOUR
