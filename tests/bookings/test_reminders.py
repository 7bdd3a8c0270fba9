"""Reminders and joining instructions: once each, in office hours, and only to people with a place."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from tests import make
from tests.bookings.test_calendar import moved
from tests.conftest import NOW
from training_hub.bookings.actions.call_off import cancel_event
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.moved import tell_moved
from training_hub.bookings.actions.needs import KEPT, forget_needs
from training_hub.bookings.actions.reminders import remind_due
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.reminders import MissedReminder
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.mail.delivery import deliver
from training_hub.mail.models import Mail, MailState
from training_hub.people.models import Person

STARTS = datetime(2025, 6, 5, 8, 30, tzinfo=UTC)
"""Thursday 5 June 2025, 9:30am in London."""
REMINDER_DUE = datetime(2025, 5, 22, 7, 0, tzinfo=UTC)
"""Thursday 22 May, 8am in London."""
JOINING_DUE = datetime(2025, 5, 31, 7, 0, tzinfo=UTC)
"""Saturday 31 May, 8am in London: it leaves on the Monday."""
MONDAY = datetime(2025, 6, 2, 7, 0, tzinfo=UTC)


def queued() -> list[tuple[str, str]]:
    """Each reminder that waits or has left, and its recipient."""
    rows = db.session.execute(
        select(Mail.template, Mail.to_name)
        .where(
            Mail.template.in_(["booking_reminder", "joining_instructions"]), Mail.state != MailState.DROPPED
        )
        .order_by(Mail.id)
    )
    return [(row.template, row.to_name) for row in rows]


def missed() -> list[tuple[str, str]]:
    """The emails that people missed, because it was too late."""
    rows = db.session.execute(
        select(Person.name, MissedReminder.kind)
        .join(Booking, MissedReminder.booking_id == Booking.id)
        .join(Person, Booking.person_id == Person.id)
        .order_by(Person.name, MissedReminder.kind)
    )
    return [(row.name, row.kind) for row in rows]


def test_reminder_and_joining_instructions_fall_due(app: Flask) -> None:
    event = make.event(make.course("Neglect"), starts_at=STARTS, notes="Bring a pen.")
    booking = make.booking(event, make.person("Ann"), asked_at=NOW)
    db.session.commit()
    assert remind_due(now=REMINDER_DUE - timedelta(seconds=1)) == 0
    assert remind_due(now=REMINDER_DUE) == 1
    assert remind_due(now=REMINDER_DUE) == 0
    assert remind_due(now=JOINING_DUE - timedelta(seconds=1)) == 0
    assert remind_due(now=JOINING_DUE) == 1
    assert remind_due(now=JOINING_DUE + timedelta(minutes=1)) == 0
    mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert [(mail.key, mail.next_try_at, mail.expires_at) for mail in mails] == [
        (f"booking:{booking.reference}:reminder", REMINDER_DUE, STARTS),
        (f"booking:{booking.reference}:joining", MONDAY, STARTS),
    ]
    assert [mail.subject for mail in mails] == [
        "Coming up: Neglect, Thursday 5 June 2025",
        "Joining instructions: Neglect, Thursday 5 June 2025",
    ]
    assert "You can be let in up to 15 minutes after the start, but no later." in mails[1].text
    assert "Bring a pen." in mails[1].text
    # The email leaves on Monday, after the last free day.
    assert "cancelling now counts as a late cancellation" in mails[1].text


def test_joining_for_half_days_and_online_dates(app: Flask) -> None:
    event = make.event(
        starts_at=STARTS, hours=3, is_online=True, online_link="https://meet.example.org/neglect"
    )
    make.booking(event, make.person("Ann"), asked_at=NOW)
    db.session.commit()
    remind_due(now=JOINING_DUE)
    mail = db.session.scalars(select(Mail)).one()
    assert "You cannot be let in once the course has started." in mail.text
    assert "https://meet.example.org/neglect" in mail.text
    assert 'href="https://meet.example.org/neglect"' in mail.html


def test_reminders_go_to_places_held_before_they_were_due(app: Flask) -> None:
    event = make.event(starts_at=STARTS)
    make.booking(event, make.person("In time"), asked_at=REMINDER_DUE - timedelta(minutes=1))
    make.booking(event, make.person("Since then"), asked_at=REMINDER_DUE)
    make.booking(event, make.person("Waiting"), Status.WAITING, asked_at=NOW)
    make.booking(event, make.person("Gone"), Status.CANCELLED, asked_at=NOW)
    make.booking(event, make.person("Came"), asked_at=NOW, walk_in=True)
    called_off = make.event(starts_at=STARTS)
    make.booking(called_off, make.person("Called off"), asked_at=NOW)
    cancel_event(called_off, by=make.officer(), now=NOW, reason="Snow")
    db.session.commit()
    assert remind_due(now=REMINDER_DUE + timedelta(hours=1)) == 1
    assert queued() == [("booking_reminder", "In time")]


def test_nothing_is_sent_once_the_course_has_started(app: Flask) -> None:
    event = make.event(starts_at=STARTS)
    make.booking(event, make.person("Ann"), asked_at=NOW)
    db.session.commit()
    # A worker that was away until the evening before could send it only at 8 in the morning.
    assert remind_due(now=STARTS - timedelta(hours=12)) == 1
    make.booking(event, make.person("Cat"), asked_at=NOW)
    db.session.commit()
    assert remind_due(now=STARTS) == 0
    early = make.event(starts_at=STARTS.replace(hour=7, minute=0))
    make.booking(early, make.person("Ben"), asked_at=NOW)
    db.session.commit()
    assert remind_due(now=STARTS - timedelta(hours=12)) == 0


def test_joining_instructions_replace_a_missed_reminder(app: Flask) -> None:
    event = make.event(starts_at=STARTS)
    make.booking(event, make.person("Ann"), asked_at=NOW)
    db.session.commit()
    assert remind_due(now=JOINING_DUE) == 1
    assert queued() == [("joining_instructions", "Ann")]
    assert missed() == [("Ann", "reminder")]


def test_unsent_joining_instructions_are_recorded_as_missed(app: Flask) -> None:
    event = make.event(starts_at=STARTS, policies={"reminder_days": None})
    make.booking(event, make.person("Ann"), asked_at=NOW)
    make.booking(event, make.person("Since then"), asked_at=JOINING_DUE)
    db.session.commit()
    assert remind_due(now=STARTS) == 0
    assert remind_due(now=STARTS + timedelta(minutes=1)) == 0
    assert (queued(), missed()) == ([], [("Ann", "joining"), ("Since then", "joining")])


def test_reminders_follow_the_policies_of_the_date(app: Flask) -> None:
    event = make.event(starts_at=STARTS, policies={"reminder_days": 7, "joining_days": None})
    make.booking(event, make.person("Ann"), asked_at=NOW)
    db.session.commit()
    week_before = REMINDER_DUE + timedelta(days=7)
    assert remind_due(now=week_before - timedelta(seconds=1)) == 0
    assert remind_due(now=week_before) == 1
    assert remind_due(now=STARTS - timedelta(minutes=1)) == 0
    assert (queued(), missed()) == ([("booking_reminder", "Ann")], [])


def test_cancelling_a_place_drops_its_reminder(app: Flask) -> None:
    event = make.event(starts_at=STARTS)
    booking = make.booking(event, make.person("Ann"), asked_at=NOW)
    db.session.commit()
    remind_due(now=JOINING_DUE)
    cancel(booking, by=booking.person, now=JOINING_DUE, reason="On leave")
    db.session.commit()
    assert queued() == []
    assert remind_due(now=JOINING_DUE) == 0


def test_sent_reminders_are_not_repeated_after_a_move(
    app: Flask,
) -> None:
    event = make.event(starts_at=STARTS)
    make.booking(event, make.person("Ann"), asked_at=NOW)
    db.session.commit()
    remind_due(now=REMINDER_DUE)
    assert deliver([].append, now=REMINDER_DUE) == 1
    event.sequence += 1
    tell_moved(event, now=REMINDER_DUE + timedelta(hours=1))
    db.session.commit()
    assert remind_due(now=REMINDER_DUE + timedelta(hours=2)) == 0
    moved(event, timedelta(days=28))
    tell_moved(event, now=REMINDER_DUE + timedelta(hours=3))
    db.session.commit()
    assert remind_due(now=REMINDER_DUE + timedelta(hours=4)) == 0
    assert remind_due(now=REMINDER_DUE + timedelta(days=28)) == 0
    assert remind_due(now=JOINING_DUE + timedelta(days=28)) == 1


def test_waiting_reminder_moves_with_the_date(app: Flask) -> None:
    event = make.event(starts_at=STARTS)
    make.booking(event, make.person("Ann"), asked_at=NOW)
    db.session.commit()
    remind_due(now=REMINDER_DUE)
    moved(event, timedelta(days=28))
    tell_moved(event, now=REMINDER_DUE + timedelta(hours=3))
    db.session.commit()
    assert queued() == []
    assert remind_due(now=REMINDER_DUE + timedelta(days=28)) == 1
    assert queued() == [("booking_reminder", "Ann")]


def test_waiting_joining_instructions_are_dropped_after_a_move(app: Flask) -> None:
    event = make.event(starts_at=STARTS)
    make.booking(event, make.person("Ann"), asked_at=NOW)
    db.session.commit()
    remind_due(now=JOINING_DUE)
    assert queued() == [("joining_instructions", "Ann")]
    moved(event, timedelta(hours=1))
    tell_moved(event, now=JOINING_DUE + timedelta(minutes=5))
    db.session.commit()
    assert queued() == []
    assert remind_due(now=JOINING_DUE + timedelta(minutes=6)) == 0


def test_finding_due_reminders_takes_fixed_queries(
    app: Flask, queries: Callable[[Callable[[], object]], int]
) -> None:
    event = make.event(starts_at=STARTS)
    make.booking(event, make.person("Ann"), asked_at=NOW)
    db.session.commit()
    remind_due(now=REMINDER_DUE)
    few = queries(lambda: remind_due(now=REMINDER_DUE))
    for number in range(5):
        other = make.event(starts_at=STARTS)
        make.booking(other, make.person(f"Person {number}"), asked_at=NOW)
    db.session.commit()
    assert remind_due(now=REMINDER_DUE) == 5
    assert queries(lambda: remind_due(now=REMINDER_DUE)) == few


def test_needs_are_deleted_after_the_event(app: Flask) -> None:
    over, coming = make.event(starts_at=STARTS), make.event(starts_at=STARTS + timedelta(days=1))
    for event in (over, coming):
        booking = make.booking(event, asked_at=NOW)
        db.session.add(BookingNeeds(booking_id=booking.id, access="Hearing loop"))
    db.session.commit()
    assert forget_needs(now=over.ends_at + KEPT) == 0
    assert forget_needs(now=coming.ends_at + KEPT) == 1
    assert len(db.session.scalars(select(BookingNeeds.booking_id)).all()) == 1
