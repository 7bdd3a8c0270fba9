"""Calendar invitations: what a diary is told, and when it is told otherwise."""

from datetime import timedelta

from flask import Flask
from icalendar import Calendar, Component
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from training_hub.bookings import actions
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.mail.models import Mail

NEXT_MONTH = NOW + timedelta(days=30)


def invitations() -> list[tuple[str, list[Component]]]:
    """METHOD and entries of each calendar text in the outbox, in the order in which they were queued."""
    texts = db.session.scalars(select(Mail.calendar).where(Mail.calendar != "").order_by(Mail.id))
    calendars = [Calendar.from_ical(text) for text in texts]
    return [(str(calendar["METHOD"]), calendar.walk("VEVENT")) for calendar in calendars]


def test_a_place_invites_to_every_session_in_universal_time(app: Flask) -> None:
    event = make.event(
        make.course("Neglect"), starts_at=NEXT_MONTH, days=2, venue=make.venue("Town Hall"), sequence=3
    )
    ann = make.person("Ann", email="ann@example.org")
    booking = actions.book(ann, event, by=ann, now=NOW, access_needs="Hearing loop", dietary_needs="Halal")
    ((method, entries),) = invitations()
    assert method == "REQUEST"
    assert [str(entry["UID"]) for entry in entries] == [
        f"{booking.reference}@localhost",
        f"{booking.reference}-1@localhost",
    ]
    assert [str(entry["SUMMARY"]) for entry in entries] == ["Neglect (1 of 2)", "Neglect (2 of 2)"]
    assert [entry["DTSTART"].dt for entry in entries] == [NEXT_MONTH, NEXT_MONTH + timedelta(days=1)]
    assert b"DTSTART:20250605T083000Z" in entries[0].to_ical()
    assert {int(entry["SEQUENCE"]) for entry in entries} == {3}
    assert {str(entry["STATUS"]) for entry in entries} == {"CONFIRMED"}
    assert {str(entry["LOCATION"]) for entry in entries} == {"Town Hall, 1 High Street, Chester"}
    assert {str(entry["ORGANIZER"]) for entry in entries} == {"mailto:training@example.org"}
    assert {str(entry["ATTENDEE"]) for entry in entries} == {"mailto:ann@example.org"}
    text = db.session.scalars(select(Mail.calendar)).one()
    assert "loop" not in text
    assert "Halal" not in text


def test_a_place_that_is_gone_is_taken_out_of_the_diary(app: Flask) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    ann = make.person("Ann")
    booking = actions.book(ann, event, by=ann, now=NOW)
    actions.cancel(booking, by=ann, now=NOW, reason="On leave")
    (_, (first,)), (method, (second,)) = invitations()
    assert (method, str(second["STATUS"])) == ("CANCEL", "CANCELLED")
    assert (second["UID"], second["DTSTART"].dt) == (first["UID"], first["DTSTART"].dt)
    assert int(second["SEQUENCE"]) > int(first["SEQUENCE"])


def test_a_date_called_off_leaves_the_diaries_of_those_who_had_a_place(app: Flask) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1)
    for name in ("Ann", "Ben"):
        person = make.person(name)
        actions.book(person, event, by=person, now=NOW)
    officer = make.officer()
    assert actions.cancel_event(event, by=officer, now=NOW, reason="Snow") == 2
    (_, (first,)), (method, (second,)) = invitations()
    assert (method, second["UID"]) == ("CANCEL", first["UID"])
    assert int(second["SEQUENCE"]) > int(first["SEQUENCE"])


def moved(event: Event, by: timedelta) -> None:
    """What the catalogue does when an officer moves a course date."""
    for session in event.sessions:
        session.starts_at, session.ends_at = session.starts_at + by, session.ends_at + by
    event.starts_at, event.ends_at = event.starts_at + by, event.ends_at + by
    event.sequence += 1
    db.session.flush()


def test_a_move_is_told_once_to_everyone_and_changes_the_diary(app: Flask) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1)
    for name in ("Ann", "Ben"):
        person = make.person(name)
        actions.book(person, event, by=person, now=NOW)
    moved(event, timedelta(days=1))
    assert actions.tell_moved(event, now=NOW) == 2
    assert actions.tell_moved(event, now=NOW) == 0
    told = db.session.scalars(select(Mail).where(Mail.template == "event_moved").order_by(Mail.id)).all()
    assert [(mail.to_name, bool(mail.calendar)) for mail in told] == [("Ann", True), ("Ben", False)]
    assert "Friday 6 June 2025, 9:30am to 4:30pm" in told[0].text
    assert "You keep your place." in told[0].text
    assert "You are still on the waiting list." in told[1].text
    (_, (first,)), (method, (second,)) = invitations()
    assert (method, second["UID"]) == ("REQUEST", first["UID"])
    assert second["DTSTART"].dt == first["DTSTART"].dt + timedelta(days=1)
    assert int(second["SEQUENCE"]) == int(first["SEQUENCE"]) + 1


def test_a_later_date_lets_those_who_wait_in_again(app: Flask) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1, policies=make.AUTOMATIC)
    ann, ben = make.person("Ann"), make.person("Ben")
    first = actions.book(ann, event, by=ann, now=NOW)
    second = actions.book(ben, event, by=ben, now=NOW)
    closed = NEXT_MONTH - timedelta(days=1)
    actions.cancel(first, by=ann, now=closed, reason="Ill")
    assert second.status.value == "waiting"
    moved(event, timedelta(days=14))
    assert actions.tell_moved(event, now=closed) == 1
    assert second.status.value == "confirmed"
