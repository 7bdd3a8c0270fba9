"""Alerts to hub officers: too few people, and a date that a late cancellation leaves half empty."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from tests import make
from tests.bookings.test_moved import move
from tests.conftest import NOW, TestClock
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.actions.alerts import alert_few
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event, EventStatus
from training_hub.database import db
from training_hub.mail.models import Mail

SignIn = Callable[..., PageClient]
STARTS = datetime(2025, 6, 4, 8, 30, tzinfo=UTC)
"""A Wednesday; ten working days before it, with a bank holiday between, is Tuesday 20 May."""
DUE = datetime(2025, 5, 20, 7, 0, tzinfo=UTC)
LATE = STARTS - timedelta(hours=20)


def told() -> list[tuple[str, str]]:
    """Each email and its officer, oldest first."""
    rows = db.session.execute(
        select(Mail.template, Mail.to_name)
        .where(Mail.template.in_(["few_booked", "half_empty"]))
        .order_by(Mail.id)
    )
    return [(row.template, row.to_name) for row in rows]


def filled(event: Event, people: int, status: Status = Status.CONFIRMED) -> list[Booking]:
    """This many people booked at an event."""
    return [make.booking(event, status=status) for _ in range(people)]


def test_few_booked_alert_leaves_once_from_8am(app: Flask) -> None:
    event = make.event(make.course("Neglect"), starts_at=STARTS)
    filled(event, 7)
    filled(event, 3, Status.WAITING)
    make.booking(event, walk_in=True)
    enough = make.event(starts_at=STARTS)
    filled(enough, 8)
    make.officer("Olive"), make.officer("Oscar")
    make.person("Closed", Role.HUB_OFFICER, is_active=False)
    make.person("Mo", Role.HUB_MEMBER)
    db.session.commit()
    assert alert_few(now=DUE - timedelta(minutes=1)) == 0
    assert alert_few(now=DUE) == 2
    assert alert_few(now=DUE + timedelta(minutes=1)) == 0
    assert told() == [("few_booked", "Olive"), ("few_booked", "Oscar")]
    mail = db.session.scalars(select(Mail).order_by(Mail.id)).first()
    assert mail is not None
    assert mail.subject == "Too few booked: Neglect, Wednesday 4 June 2025"
    assert "Only 7 people have a place on Neglect on Wednesday 4 June 2025." in mail.text
    assert "The minimum for this date is 8 people." in mail.text
    assert "Places: 7 of 24 taken, 3 waiting" in mail.text
    assert f"http://localhost/manage/dates/{event.id}/bookings" in mail.text
    people = db.session.scalars(select(Booking)).all()
    assert [row.person.name for row in people if row.person.name in mail.text + mail.html] == []


def test_few_booked_alert_reaches_new_officers_and_moved_dates(
    app: Flask,
) -> None:
    event = make.event(starts_at=STARTS)
    make.officer("Olive")
    db.session.commit()
    assert alert_few(now=DUE) == 1
    make.officer("Oscar")
    db.session.commit()
    assert alert_few(now=DUE) == 1
    move(event, days=30, now=DUE)
    assert alert_few(now=DUE) == 0
    assert alert_few(now=DUE + timedelta(days=31)) == 2


def test_few_booked_alert_follows_policy_and_capacity(
    app: Flask,
) -> None:
    course = make.course(policies={"least_people": 3, "least_people_working_days": 1})
    event, small = make.event(course, starts_at=STARTS), make.event(starts_at=STARTS, capacity=5)
    filled(event, 2)
    filled(small, 5)
    make.officer("Olive")
    db.session.commit()
    assert alert_few(now=DUE) == 0
    assert alert_few(now=datetime(2025, 6, 3, 7, 0, tzinfo=UTC)) == 1
    mail = db.session.scalars(select(Mail)).one()
    assert "The minimum for this date is 3 people. We check the numbers 1 working day before" in mail.text


def test_no_few_booked_alert_for_drafts_or_past_or_at_night(
    app: Flask,
) -> None:
    make.event(starts_at=STARTS, status=EventStatus.DRAFT)
    make.event(starts_at=STARTS, status=EventStatus.CALLED_OFF, called_off_at=NOW)
    make.officer("Olive")
    db.session.commit()
    assert alert_few(now=DUE) == 0
    make.event(starts_at=STARTS)
    db.session.commit()
    assert alert_few(now=STARTS) == 0
    # Saturday night: it leaves on Tuesday, after the bank holiday.
    assert alert_few(now=datetime(2025, 5, 24, 22, 0, tzinfo=UTC)) == 1
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.next_try_at, mail.expires_at) == (datetime(2025, 5, 27, 7, 0, tzinfo=UTC), STARTS)


def test_looking_costs_the_same_for_three_dates_as_for_one(
    app: Flask, queries: Callable[[Callable[[], object]], int]
) -> None:
    make.officer("Olive")

    def look() -> int:
        filled(make.event(starts_at=STARTS), 1)
        db.session.commit()
        alert_few(now=DUE)
        return queries(lambda: alert_few(now=DUE))

    first = look()
    look()
    assert look() == first


def test_the_first_page_lists_the_same_dates_by_the_same_rule(
    app: Flask, signed_in: SignIn, clock: TestClock
) -> None:
    event = make.event(make.course("Neglect"), starts_at=STARTS)
    filled(event, 2)
    filled(make.event(make.course("Enough"), starts_at=STARTS), 8)
    make.event(make.course("Small", policies={"least_people": 0}), starts_at=STARTS)
    officer = make.officer()
    db.session.commit()
    clock.now = DUE - timedelta(minutes=1)
    assert "Nothing is waiting." in signed_in(officer).get("/").text
    clock.now = DUE
    page = signed_in(officer).get("/")
    assert "Too few booked Neglect 4 June 2025: 2 people have a place, 8 needed" in page.text
    assert ("Enough 4" in page.text, "Small 4" in page.text) == (False, False)


def test_half_empty_alert_leaves_once_a_day(app: Flask) -> None:
    event = make.event(make.course("Neglect"), starts_at=STARTS, capacity=10)
    bookings = filled(event, 7)
    make.officer("Olive"), make.officer("Oscar")
    db.session.commit()
    for booking in bookings[:2]:
        cancel(booking, by=booking.person, now=LATE, reason="I have to go into hospital")
    assert told() == []
    for booking in bookings[2:4]:
        cancel(booking, by=booking.person, now=LATE, reason="I have to go into hospital")
    assert told() == [("half_empty", "Olive"), ("half_empty", "Oscar")]
    mail = db.session.scalars(select(Mail).where(Mail.template == "half_empty").order_by(Mail.id)).first()
    assert mail is not None
    assert mail.subject == "Half empty after a late cancellation: Neglect, Wednesday 4 June 2025"
    assert "Places: 4 of 10 taken, 0 waiting" in mail.text
    said = mail.text + mail.html
    assert [word for word in ("hospital", bookings[2].person.name) if word in said] == []
    next_day = LATE + timedelta(hours=12)
    officer = make.officer("Ottilie")
    cancel(bookings[4], by=officer, now=next_day, reason="Ill")
    # The officer who cancelled knows already.
    assert told()[2:] == [("half_empty", "Olive"), ("half_empty", "Oscar")]


def test_no_half_empty_alert_when_on_time_excused_or_filled(
    app: Flask,
) -> None:
    make.officer("Olive")
    in_time, excused, passed_on = (
        make.event(starts_at=STARTS, capacity=10, policies={"closes_working_days": 0}) for _ in range(3)
    )
    cancel(filled(in_time, 2)[0], by=make.person(), now=NOW)
    arranged = filled(excused, 2)[0]
    # Someone else arranged the place, and its person never accepted it.
    arranged.history[0].by = make.person()
    db.session.flush()
    cancel(arranged, by=arranged.person, now=LATE, cause=Cause.NOT_WANTED)
    assert arranged.status is Status.CANCELLED
    booking = filled(passed_on, 2)[0]
    passed_on.capacity = 5
    filled(passed_on, 1, Status.WAITING)
    cancel(booking, by=booking.person, now=LATE)
    assert booking.status is Status.CANCELLED_LATE
    assert told() == []


def test_half_empty_alert_costs_one_query(app: Flask, queries: Callable[[Callable[[], object]], int]) -> None:
    event = make.event(starts_at=STARTS, capacity=4)
    make.officer("Olive")
    in_time, late, *_ = filled(event, 4)
    db.session.commit()
    counts = []
    for booking, now in ((in_time, NOW), (late, LATE)):
        person = booking.person
        counts.append(
            queries(lambda booking=booking, person=person, now=now: cancel(booking, by=person, now=now))
        )
        db.session.commit()
    assert counts[1] - counts[0] == 1
