"""A date that moves: everyone is told, and everyone with a place is asked whether they can still come."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.actions.call_off import cancel_event
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.moved import answer_move, tell_moved
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.wording import sentence_of
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.mail.models import Mail

SignIn = Callable[..., PageClient]
NEXT_MONTH = NOW + timedelta(days=30)
CANNOT = "I can’t come"


def move(event: Event, *, days: int = 1, now: datetime = NOW) -> int:
    """Move a date of one session by this many days. Returns how many people were told."""
    for row in (event, event.sessions[0]):
        row.starts_at, row.ends_at = row.starts_at + timedelta(days=days), row.ends_at + timedelta(days=days)
    event.sequence += 1
    db.session.flush()
    told = tell_moved(event, now=now)
    db.session.commit()
    return told


def links() -> list[str]:
    """The link of each mail that asks, oldest first."""
    mails = db.session.scalars(select(Mail).where(Mail.template == "event_moved").order_by(Mail.id))
    found = [re.search(r"http://localhost(/answer/\S+)", mail.text) for mail in mails]
    return [match[1] for match in found if match]


def mails() -> list[tuple[str, str]]:
    """Each email and who gets it, oldest first."""
    rows = db.session.execute(select(Mail.template, Mail.to_name).order_by(Mail.id))
    return [(row.template, row.to_name) for row in rows]


def statuses() -> list[Status]:
    """The status of each booking, oldest first."""
    db.session.expire_all()
    return list(db.session.scalars(select(Booking.status).order_by(Booking.id)))


def test_everyone_is_told_and_only_people_with_places_are_asked(app: Flask) -> None:
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=1)
    ann = make.booking(event, make.person("Ann"))
    ben = make.booking(event, make.person("Ben"), Status.WAITING)
    assert move(event) == 2
    assert mails() == [("event_moved", "Ann"), ("event_moved", "Ben")]
    assert (ann.asked_sequence, ben.asked_sequence) == (1, None)
    of_ann, of_ben = db.session.scalars(select(Mail).order_by(Mail.id))
    assert ("Can you still come?" in of_ann.text, "METHOD:REQUEST" in of_ann.calendar) == (True, True)
    assert ("Can you still come?" in of_ben.text, of_ben.calendar) == (False, "")
    assert (of_ann.carries_key, of_ben.carries_key) == (True, False)


def test_the_link_shows_before_it_acts_and_a_yes_keeps_the_place(app: Flask, stranger: PageClient) -> None:
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH)
    booking = make.booking(event, make.person("Ann"))
    move(event)
    (link,) = links()
    page = stranger.get(link)
    assert (page.status, page.h1) == (200, "Can you still come?")
    assert booking.asked_sequence == 1
    done = stranger.send(page, link, answer="yes")
    assert (done.status, done.h1) == (200, "Your place is kept")
    assert (statuses(), booking.asked_sequence) == ([Status.CONFIRMED], None)
    assert sentence_of(booking.history[-1]) == "The person can still come after the date was moved."
    again = stranger.get(link)
    assert (again.status, again.h1) == (200, "You do not need to reply")
    assert "You have said that you can still come." in again.text
    assert stranger.post(link, {"answer": "no"}).status == 409
    assert statuses() == [Status.CONFIRMED]
    assert mails() == [("event_moved", "Ann")]


def test_saying_cannot_come_is_on_time_and_frees_the_place(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    event = make.event(
        starts_at=NEXT_MONTH, capacity=1, policies={**make.AUTOMATIC, "closes_working_days": 0}
    )
    make.booking(event, make.person("Ann"))
    make.booking(event, make.person("Ben"), Status.WAITING)
    clock.now = NEXT_MONTH - timedelta(hours=20)
    move(event, days=0, now=clock.now)
    (link,) = links()
    done = stranger.send(stranger.get(link), link, answer="no")
    assert (done.status, done.h1) == (200, "You have given up your place")
    assert "This does not count as a late cancellation." in done.text
    assert statuses() == [Status.CANCELLED, Status.CONFIRMED]
    assert mails()[2:] == [("booking_cancelled", "Ann"), ("booking_place_found", "Ben")]
    again = stranger.get(link)
    assert (again.status, "You have said that you cannot come." in again.text) == (200, True)
    assert stranger.post(link, {"answer": "yes"}).status == 409
    assert statuses() == [Status.CANCELLED, Status.CONFIRMED]


def test_later_move_asks_again_and_ignores_old_answers(app: Flask, stranger: PageClient) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    booking = make.booking(event, make.person("Ann"))
    move(event)
    stranger.send(stranger.get(links()[0]), links()[0], answer="yes")
    move(event)
    db.session.refresh(booking)
    assert booking.asked_sequence == 2
    first, second = links()
    for page in (stranger.get(first), stranger.post(first, {"answer": "no"})):
        assert (page.status, page.h1) == (410, "You do not need to reply")
        assert "This course date has changed again." in page.text
    assert statuses() == [Status.CONFIRMED]
    assert stranger.send(stranger.get(second), second, answer="yes").h1 == "Your place is kept"


def test_no_answer_after_start_cancellation_or_call_off(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    started, given_up, called_off = (make.event(starts_at=NEXT_MONTH) for _ in range(3))
    bookings = [make.booking(event) for event in (started, given_up, called_off)]
    for event in (started, given_up, called_off):
        move(event)
    cancel(bookings[1], by=bookings[1].person, now=NOW, reason="On leave")
    cancel_event(called_off, by=make.officer(), now=NOW, reason="Snow")
    db.session.commit()
    clock.now = started.starts_at
    said = []
    for link in links():
        page = stranger.get(link)
        said.append((page.status, page.h1, stranger.post(link, {"answer": "no"}).status))
    assert said == [(200, "You do not need to reply", 409)] * 3
    assert [stranger.get(link).text.partition("do not need to reply ")[2][:36] for link in links()] == [
        "The course has started, so it is too",
        "You no longer have a place on this c",
        "The course date has been called off,",
    ]
    assert statuses() == [Status.CONFIRMED, Status.CANCELLED, Status.EVENT_CANCELLED]


def test_booking_page_asks_for_the_answer_to_a_move(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    bookings = [make.booking(event, make.person(name)) for name in ("Ann", "Ben")]
    officer, other = make.officer(), make.person("Other")
    move(event)
    ann, ben = (f"/bookings/{booking.reference}" for booking in bookings)
    own = signed_in(bookings[0].person)
    page = own.get(ann)
    assert ("Can you still come?" in page.text, CANNOT in page.text) == (True, True)
    done = own.send(page, "/answer", answer="yes")
    assert ("You can still come" in done.text, CANNOT in done.text) == (True, False)
    for_ben = signed_in(officer)
    page = for_ben.get(ben)
    assert "Can Ben still come?" in page.text
    done = for_ben.send(page, "/answer", answer="no")
    assert done.h1 == "The place is cancelled"
    assert statuses() == [Status.CONFIRMED, Status.CANCELLED]
    twice = for_ben.post(f"{ben}/answer", {"answer": "no", "asked": "1"})
    assert (twice.status, twice.h1) == (409, "Someone has already replied, or the date has changed")
    assert own.post(f"{ann}/answer", {"answer": "no", "asked": ""}).status == 400
    assert signed_in(other).post(f"{ann}/answer", {"answer": "no", "asked": "1"}).status == 404
    assert statuses() == [Status.CONFIRMED, Status.CANCELLED]


def test_cancelling_before_answering_a_move_is_on_time(
    app: Flask, signed_in: SignIn, clock: TestClock
) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    booking = make.booking(event, make.person("Ann"))
    clock.now = NEXT_MONTH - timedelta(hours=20)
    move(event, days=0, now=clock.now)
    own = signed_in(booking.person)
    page = own.get(f"/bookings/{booking.reference}/cancel")
    assert "This will not count against you" in page.text
    assert own.send(page, "/cancel", reason="On leave").h1 == "Your place is cancelled"
    assert statuses() == [Status.CANCELLED]


def test_officers_see_answers_and_trainers_do_not(app: Flask, signed_in: SignIn) -> None:
    trainer = make.person("Tess", Role.TRAINER)
    event = make.event(starts_at=NEXT_MONTH, trainers=(trainer,))
    ann, ben, *_ = (make.booking(event, make.person(name)) for name in ("Ann", "Ben", "Cat", "Dan"))
    officer = make.officer()
    address = f"/manage/dates/{event.id}/bookings"
    assert "still come" not in signed_in(officer).get(address).text
    move(event)
    answer_move(ann, can_come=True, sequence=1, by=ann.person, now=NOW)
    answer_move(ben, can_come=False, sequence=1, by=ben.person, now=NOW)
    db.session.commit()
    page = signed_in(officer).get(address)
    assert "1 person can still come, 1 cannot, and 2 have not answered." in page.text
    assert (
        page.text.count("Can still come"),
        page.text.count("Has not said whether they can still come"),
    ) == (1, 2)
    seen = signed_in(trainer).get(address)
    assert ("still come" in seen.text, "not answered" in seen.text) == (False, False)


def test_a_change_of_neither_time_nor_place_asks_nobody(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH, venue=make.venue())
    booking = make.booking(event)
    officer = make.officer()
    browser = signed_in(officer)
    page = browser.get(f"/manage/dates/{event.id}/edit")
    browser.send(page, "/edit", notes="Bring a pen.", capacity="30")
    db.session.expire_all()
    assert (event.notes, event.capacity, booking.asked_sequence, mails()) == ("Bring a pen.", 30, None, [])
