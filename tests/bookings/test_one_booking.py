"""One booking: who may see it, and cancelling it on time, late, or for someone else."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.register import record_outcome
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.mail.models import Mail

SignIn = Callable[..., PageClient]
NEXT_MONTH = NOW + timedelta(days=30)


def stored() -> list[tuple[str, Status]]:
    """Who has which booking, in the order in which they were made."""
    db.session.expire_all()
    rows = db.session.scalars(select(Booking).order_by(Booking.id))
    return [(row.person.name, row.status) for row in rows]


def mails() -> list[tuple[str, str]]:
    """Each email and who gets it, in the order they were queued."""
    rows = db.session.execute(select(Mail.template, Mail.to_name).order_by(Mail.id))
    return [(row.template, row.to_name) for row in rows]


def booked(event: Event, *names: str) -> list[Booking]:
    """Book places for these people, one after the other, and remove the emails about it."""
    bookings = []
    for minute, name in enumerate(names):
        person = make.person(name)
        bookings.append(book(person, event, by=person, now=NOW + timedelta(minutes=minute)))
    for mail in db.session.scalars(select(Mail)):
        db.session.delete(mail)
    db.session.commit()
    return bookings


def test_booking_page_is_for_person_officers_and_trainers(app: Flask, signed_in: SignIn) -> None:
    trainer, elsewhere = make.person("Tess", Role.TRAINER), make.person("Ted", Role.TRAINER)
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, trainers=(trainer,))
    make.event(starts_at=NEXT_MONTH, trainers=(elsewhere,))
    (booking,) = booked(event, "Ann Archer")
    officer, member, admin, other = (
        make.officer(),
        make.person("Mo", Role.HUB_MEMBER),
        make.person("Ada", Role.ADMINISTRATOR),
        make.person("Ben"),
    )
    db.session.commit()
    address = f"/bookings/{booking.reference}"
    assert signed_in(booking.person).get(address).h1 == "Your booking"
    assert [signed_in(person).get(address).h1 for person in (officer, trainer)] == [
        "Booking of Ann Archer"
    ] * 2
    for person in (elsewhere, member, admin, other):
        for path in (address, f"{address}.ics", f"{address}/cancel"):
            page = signed_in(person).get(path)
            assert page.status == 404
            assert "Ann Archer" not in page.text
            assert "Neglect" not in page.text


def test_others_and_trainers_cannot_cancel_a_booking(app: Flask, signed_in: SignIn) -> None:
    trainer = make.person("Tess", Role.TRAINER)
    event = make.event(starts_at=NEXT_MONTH, trainers=(trainer,))
    (booking,) = booked(event, "Ann")
    ben = make.person("Ben")
    db.session.commit()
    for person in (ben, trainer):
        page = signed_in(person).post(
            f"/bookings/{booking.reference}/cancel", {"reason": "Mischief", "told": "cancelled"}
        )
        assert page.status == 404
    assert stored() == [("Ann", Status.CONFIRMED)]
    assert mails() == []


def test_the_history_says_what_happened_when_and_who_did_it(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1, policies=make.AUTOMATIC)
    first, second = booked(event, "Ann", "Ben")
    officer = make.officer("Olive")
    cancel(first, by=officer, now=NOW + timedelta(hours=2), reason="Double booked")
    db.session.commit()
    page = signed_in(second.person).get(f"/bookings/{second.reference}")
    history = page.text.partition("History")[2]
    assert (
        "The person joined the waiting list, because every place was taken. 6 May 2025, 9:31am , you "
        "The person got a place from the waiting list. Reason: A place became available 6 May 2025, 11:30am"
    ) in history
    page = signed_in(first.person).get(f"/bookings/{first.reference}")
    assert (
        "The place was cancelled, with enough notice. Reason: Double booked 6 May 2025, 11:30am , Olive"
    ) in page.text


def test_free_cancellation_says_so_and_passes_the_place_on(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1, policies=make.AUTOMATIC)
    first, _second, _third = booked(event, "Ann", "Ben", "Cat")
    browser = signed_in(first.person)
    page = browser.get(f"/bookings/{first.reference}/cancel")
    assert (page.h1, page.status) == ("Cancel this place", 200)
    assert "This will not count as a late cancellation" in page.text
    assert "This is a late cancellation" not in page.text
    done = browser.send(page, "/cancel", reason="On leave")
    assert done.h1 == "Your place is cancelled"
    assert stored() == [("Ann", Status.CANCELLED), ("Ben", Status.CONFIRMED), ("Cat", Status.WAITING)]
    assert mails() == [("booking_cancelled", "Ann"), ("booking_place_found", "Ben")]


def test_cancelling_late_is_said_beforehand_and_stored(
    app: Flask, signed_in: SignIn, clock: TestClock
) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    (booking,) = booked(event, "Ann")
    browser = signed_in(booking.person)
    clock.now = NEXT_MONTH - timedelta(days=2)
    page = browser.get(f"/bookings/{booking.reference}/cancel")
    assert "This is a late cancellation" in page.text
    assert "The last day to cancel without it counting as late was Sunday 1 June 2025." in page.text
    done = browser.send(page, "/cancel", reason="Ill")
    assert "This counts as a late cancellation" in done.text
    assert stored() == [("Ann", Status.CANCELLED_LATE)]
    assert mails() == [("booking_cancelled_late", "Ann")]


def test_cancel_page_open_past_midnight_asks_again(app: Flask, signed_in: SignIn, clock: TestClock) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    (booking,) = booked(event, "Ann")
    browser = signed_in(booking.person)
    clock.now = NEXT_MONTH.replace(day=1, hour=22, minute=59)
    page = browser.get(f"/bookings/{booking.reference}/cancel")
    assert "This will not count as a late cancellation" in page.text
    clock.now = NEXT_MONTH.replace(day=1, hour=23, minute=0)
    again = browser.send(page, "/cancel", reason="On leave")
    assert again.status == 409
    assert "Nothing has been cancelled yet." in again.text
    assert "This is a late cancellation" in again.text
    assert stored() == [("Ann", Status.CONFIRMED)]
    assert browser.send(again, "/cancel").h1 == "Your place is cancelled"
    assert stored() == [("Ann", Status.CANCELLED_LATE)]


def test_a_place_needs_a_reason_and_a_turn_on_the_list_does_not(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1)
    first, second = booked(event, "Ann", "Ben")
    page = signed_in(first.person).post(
        f"/bookings/{first.reference}/cancel", {"reason": " ", "told": "cancelled"}
    )
    assert page.status == 422
    assert "Say in a few words why you are cancelling" in page.text
    browser = signed_in(second.person)
    page = browser.get(f"/bookings/{second.reference}/cancel")
    assert page.h1 == "Leave the waiting list"
    assert browser.send(page, "/cancel").h1 == "You have left the waiting list"
    assert stored() == [("Ann", Status.CONFIRMED), ("Ben", Status.WITHDRAWN)]


def test_cancelling_in_two_windows_cancels_once(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    (booking,) = booked(event, "Ann")
    browser, path = signed_in(booking.person), f"/bookings/{booking.reference}/cancel"
    windows = [{**browser.get(path).form("/cancel"), "reason": "On leave"} for _ in range(2)]
    answers = [browser.post(path, window) for window in windows]
    assert [answer.status for answer in answers] == [303, 409]
    assert "This booking has already ended, so there is nothing to cancel." in answers[1].text
    assert mails() == [("booking_cancelled", "Ann")]
    assert len(booking.history) == 2


def test_a_course_that_has_started_can_no_longer_be_cancelled(
    app: Flask, signed_in: SignIn, clock: TestClock
) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    (booking,) = booked(event, "Ann")
    browser = signed_in(booking.person)
    clock.now = NEXT_MONTH
    assert "Cancel this place" not in browser.get(f"/bookings/{booking.reference}").text
    page = browser.post(f"/bookings/{booking.reference}/cancel", {"reason": "Ill", "told": "cancelled late"})
    assert page.status == 409
    assert "The course has started, so the place can no longer be cancelled." in page.text
    assert stored() == [("Ann", Status.CONFIRMED)]


def test_an_officer_cancels_for_a_person_and_gives_the_reason(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1)
    first, second = booked(event, "Ann", "Ben")
    officer = make.officer("Olive")
    db.session.commit()
    browser = signed_in(officer)
    for booking in (first, second):
        page = browser.post(f"/bookings/{booking.reference}/cancel", {"reason": "", "told": "withdrawn"})
        assert page.status == 422
    page = browser.get(f"/bookings/{second.reference}/cancel")
    browser.send(page, "/cancel", reason="Asked by telephone")
    assert stored() == [("Ann", Status.CONFIRMED), ("Ben", Status.WITHDRAWN)]
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.template, mail.to_name) == ("booking_withdrawn", "Ben")
    assert "for this reason: Asked by telephone" in mail.text


def test_an_old_address_does_not_tell_an_old_story(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    (booking,) = booked(event, "Ann")
    browser = signed_in(booking.person)
    assert browser.get(f"/bookings/{booking.reference}?done=booked").h1 == "Your place is booked"
    cancel(booking, by=booking.person, now=NOW, reason="On leave")
    db.session.commit()
    assert browser.get(f"/bookings/{booking.reference}?done=booked").h1 == "Your booking"
    assert browser.get(f"/bookings/{booking.reference}?done=nonsense").h1 == "Your booking"


def test_needs_are_shown_on_the_booking_to_its_person_alone(app: Flask, signed_in: SignIn) -> None:
    trainer = make.person("Tess", Role.TRAINER)
    event = make.event(starts_at=NEXT_MONTH, trainers=(trainer,))
    (booking,) = booked(event, "Ann")
    db.session.add(BookingNeeds(booking_id=booking.id, access="Hearing loop", dietary=""))
    officer = make.officer()
    db.session.commit()
    seen = [
        "Hearing loop" in signed_in(person).get(f"/bookings/{booking.reference}").html
        for person in (booking.person, officer, trainer)
    ]
    assert seen == [True, False, False]


def test_place_has_a_calendar_entry_and_a_turn_has_none(app: Flask, signed_in: SignIn) -> None:
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=1)
    first, second = booked(event, "Ann", "Ben")
    answer = signed_in(first.person).get(f"/bookings/{first.reference}.ics").response
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/calendar", "no-store")
    calendar = Calendar.from_ical(answer.get_data())
    (entry,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], entry["SUMMARY"]) == ("PUBLISH", "Neglect")
    assert signed_in(second.person).get(f"/bookings/{second.reference}.ics").status == 404


def test_booking_page_takes_fixed_queries(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    (booking,) = booked(event, "Ann")
    browser = signed_in(booking.person)
    address = f"/bookings/{booking.reference}"
    few = queries(lambda: browser.get(address))
    officer = make.officer()
    for status in (Status.COMPLETED, Status.PARTIAL, Status.CONFIRMED) * 3:
        record_outcome(booking, status, by=officer, now=NOW)
    db.session.commit()
    assert queries(lambda: browser.get(address)) == few
