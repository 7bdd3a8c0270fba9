"""What people are told before the course, the record if they were not, and the last day to cancel freely."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from tests import make
from tests.bookings.test_calendar import moved
from tests.conftest import NOW, TestClock
from tests.page_client import PageClient
from training_hub.access import Role, link_token
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.moved import tell_moved
from training_hub.bookings.actions.reminders import remind_due
from training_hub.bookings.actions.undo import undo
from training_hub.bookings.actions.waiting_list import take_offer
from training_hub.bookings.models.reminders import MissedReminder
from training_hub.bookings.models.status import Status
from training_hub.database import db, transaction
from training_hub.mail.delivery import drop_what_ran_out
from training_hub.mail.models import Mail

SignIn = Callable[..., PageClient]
STARTS = datetime(2025, 6, 5, 8, 30, tzinfo=UTC)
"""Thursday 5 June 2025, 9:30am in London."""
REMINDER_DUE = datetime(2025, 5, 22, 7, 0, tzinfo=UTC)
JOINING_DUE = datetime(2025, 5, 31, 7, 0, tzinfo=UTC)


def seen(page_text: str) -> str:
    """What the booking's page says was not sent."""
    return page_text.partition("Emails not sent ")[2].partition(" History")[0]


def test_officers_read_which_reminders_were_missed(app: Flask, signed_in: SignIn, clock: TestClock) -> None:
    tia = make.person("Tia", Role.TRAINER)
    event = make.event(starts_at=STARTS, trainers=(tia,))
    ann = make.person("Ann")
    in_time = make.booking(event, ann, asked_at=NOW)
    late = make.booking(event, asked_at=JOINING_DUE)
    officer = make.officer()
    db.session.commit()
    remind_due(now=JOINING_DUE)
    with transaction():
        drop_what_ran_out(now=STARTS)
    remind_due(now=STARTS)
    clock.now = STARTS
    pages = signed_in(officer)
    assert seen(pages.get(f"/bookings/{in_time.reference}").text) == (
        "The reminder. The joining instructions, which say the same, were already due. "
        "Recorded on 31 May 2025, 8am. "
        "The joining instructions. The course started before this email could be sent. Recorded on 5 June 2025, 9:30am."
    )
    confirmed = "The place was booked after this email was due, and the confirmation said the same."
    assert seen(pages.get(f"/bookings/{late.reference}").text) == (
        f"The reminder. {confirmed} Recorded on 31 May 2025, 8am. "
        f"The joining instructions. {confirmed} Recorded on 5 June 2025, 9:30am."
    )
    listed = pages.get(f"/manage/dates/{event.id}/bookings").text
    assert listed.count("Email not sent: reminder, joining instructions") == 2
    trainer = signed_in(tia)
    assert "not sent" not in trainer.get(f"/manage/dates/{event.id}/bookings").text
    assert "not sent" not in trainer.get(f"/bookings/{late.reference}").text
    assert "not sent" not in signed_in(ann).get(f"/bookings/{in_time.reference}").text


def test_reminder_overtaken_by_a_move_says_so(app: Flask, signed_in: SignIn, clock: TestClock) -> None:
    event = make.event(starts_at=STARTS, policies={"reminder_days": None})
    booking = make.booking(event, asked_at=NOW)
    officer = make.officer()
    db.session.commit()
    remind_due(now=JOINING_DUE)
    moved(event, timedelta(hours=1))
    tell_moved(event, now=JOINING_DUE + timedelta(hours=2))
    db.session.commit()
    clock.now = event.starts_at
    remind_due(now=clock.now)
    assert seen(signed_in(officer).get(f"/bookings/{booking.reference}").text) == (
        "The joining instructions. The course date was moved after this email was due, and the email about the move "
        "said the same. Recorded on 5 June 2025, 10:30am."
    )


def test_date_entered_afterwards_has_no_missed_reminders(app: Flask) -> None:
    event = make.event(starts_at=STARTS, entered_at=STARTS + timedelta(hours=1))
    make.booking(event, status=Status.COMPLETED)
    db.session.commit()
    remind_due(now=STARTS + timedelta(hours=2))
    assert db.session.scalars(select(MissedReminder.kind)).all() == []


FREE = "You can cancel without it counting as late until Sunday 1 June 2025, 11:59pm."
"""Three clear working days before Thursday 5 June: the Monday to the Wednesday lie between."""


def test_joining_instructions_say_all_there_is_to_know(
    app: Flask,
) -> None:
    venue = make.venue("Town Hall")
    venue.directions = "Parking is behind the building."
    event = make.event(
        starts_at=STARTS, venue=venue, notes="Bring a pen.", policies={"joining_days": 8, "late_full_day": 20}
    )
    booking = make.booking(event, make.person("Ann"), asked_at=NOW)
    db.session.commit()
    remind_due(now=JOINING_DUE - timedelta(days=3))
    mail = db.session.scalars(select(Mail).where(Mail.template == "joining_instructions")).one()
    assert mail.text.partition("Ann,\n\n")[2].partition("\n\nSee your booking")[0] == (
        f"What you need for {event.course.title} on Thursday 5 June 2025.\n\n"
        "When: Thursday 5 June 2025, 9:30am to 4:30pm\n"
        "Where: Town Hall\n  1 High Street, Chester\n"
        f"Reference: {booking.reference}\n\n"
        "Getting there: Parking is behind the building.\n\n"
        "See it on a map:\nhttps://www.openstreetmap.org/search?query=1%20High%20Street%2C%20Chester\n\n"
        "What to know beforehand: Bring a pen.\n\n"
        "Come in good time. You can be let in up to 20 minutes after the start, but no later.\n\n"
        f"{FREE} After that it counts as a late cancellation. Cancel on your booking page."
    )
    assert 'href="https://www.openstreetmap.org/search?query=1%20High%20Street%2C%20Chester"' in mail.html


def test_a_venue_whose_address_is_not_known_has_no_map(app: Flask) -> None:
    venue = make.venue("Town Hall")
    venue.address = ""
    booking = make.booking(make.event(starts_at=STARTS, venue=venue), asked_at=NOW)
    db.session.commit()
    remind_due(now=JOINING_DUE)
    assert "map" not in db.session.scalars(select(Mail.html)).one()
    assert booking.event.venue is not None
    assert booking.event.venue.map_href == ""


def test_free_cancellation_deadline_reads_the_same_everywhere(app: Flask, signed_in: SignIn) -> None:
    course = make.course()
    event = make.event(course, starts_at=STARTS, capacity=3)
    ann, ben = make.person("Ann"), make.person("Ben")
    offered = make.booking(event, ben, Status.OFFERED)
    other = make.booking(make.event(course, starts_at=STARTS + timedelta(days=30)), ann)
    db.session.commit()
    browser = signed_in(ann)
    pages = [
        browser.get(f"/dates/{event.id}"),
        browser.get(f"/bookings/{other.reference}/transfer"),
        browser.get(f"/dates/{event.id}/book"),
        signed_in(ben).get(f"/bookings/{offered.reference}"),
        signed_in(ben).get(f"/offers/{link_token('offer', offered.id)}"),
    ]
    booking = book(ann, event, by=ann, now=NOW)
    take_offer(offered, by=ben, now=NOW)
    db.session.commit()
    browser = signed_in(ann)
    pages += [
        browser.get(f"/dates/{event.id}"),
        browser.get(f"/bookings/{booking.reference}"),
        browser.get(f"/bookings/{booking.reference}/cancel"),
    ]
    assert [page.h1 for page in pages if FREE.removeprefix("You can ") not in page.text] == []
    moved(event, timedelta(0))
    tell_moved(event, now=NOW)
    cancel(booking, by=ann, now=NOW, reason="On leave")
    undo(booking, Status.CONFIRMED, by=make.officer(), now=NOW, reason="By mistake")
    db.session.commit()
    remind_due(now=REMINDER_DUE)
    mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    # People who were asked whether they can still come are never late.
    assert {mail.template for mail in mails if FREE not in mail.text or FREE not in mail.html} == {
        "booking_cancelled",
        "event_moved",
    }
    assert {mail.template for mail in mails} == {
        "booking_confirmed", "event_moved", "booking_cancelled", "booking_restored", "booking_reminder",
    }  # fmt: skip
