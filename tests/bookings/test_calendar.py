"""Calendar invitations, and their updates."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from icalendar import Calendar, Component
from sqlalchemy import func, select

from tests import make
from tests.conftest import NOW
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.call_off import cancel_event
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.moved import Told, edit_event, tell_moved
from training_hub.bookings.actions.substitute import substitute
from training_hub.bookings.actions.transfer import transfer
from training_hub.bookings.actions.undo import undo
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.actions import EventFacts
from training_hub.catalogue.models import Event
from training_hub.catalogue.rules import Times, WrongCapacity, event_version, times_of
from training_hub.config import Settings
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.mail.delivery import OutgoingMail, deliver
from training_hub.mail.models import Mail
from training_hub.mail.sending import Message
from training_hub.people.models import Person

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
    booking = book(ann, event, by=ann, now=NOW, access_needs="Hearing loop", dietary_needs="Halal")
    sent = invitations()
    # One entry in each email, because Outlook and Gmail read only the first.
    assert [(method, len(found)) for method, found in sent] == [("REQUEST", 1), ("REQUEST", 1)]
    entries = [entry for _, found in sent for entry in found]
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
    assert {entry["ATTENDEE"].params["RSVP"] for entry in entries} == {"FALSE"}
    assert {str(entry["URL"]) for entry in entries} == {f"http://localhost/bookings/{booking.reference}"}
    mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert [mail.subject for mail in mails] == [
        "Booked: Neglect, Thursday 5 June 2025",
        "For your diary: Neglect, session 2, Friday 6 June 2025",
    ]
    for mail in mails:
        assert "loop" not in mail.calendar
        assert "Halal" not in mail.calendar


def test_a_place_that_is_gone_is_taken_out_of_the_diary(app: Flask) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    ann = make.person("Ann")
    booking = book(ann, event, by=ann, now=NOW)
    cancel(booking, by=ann, now=NOW, reason="On leave")
    (_, (first,)), (method, (second,)) = invitations()
    assert (method, str(second["STATUS"])) == ("CANCEL", "CANCELLED")
    assert (second["UID"], second["DTSTART"].dt) == (first["UID"], first["DTSTART"].dt)
    assert int(second["SEQUENCE"]) > int(first["SEQUENCE"])


def test_call_off_removes_calendar_entries(app: Flask) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1)
    for name in ("Ann", "Ben"):
        person = make.person(name)
        book(person, event, by=person, now=NOW)
    officer = make.officer()
    assert cancel_event(event, by=officer, now=NOW, reason="Snow") == 2
    (_, (first,)), (method, (second,)) = invitations()
    assert (method, second["UID"]) == ("CANCEL", first["UID"])
    assert int(second["SEQUENCE"]) > int(first["SEQUENCE"])


def resized(event: Event, days: int, *, now: datetime = NOW) -> None:
    """Give a course date another number of sessions, one a day, as an officer does."""
    first = event.sessions[0]
    sessions = [
        Times(first.starts_at + timedelta(days=day), first.ends_at + timedelta(days=day))
        for day in range(days)
    ]
    facts = EventFacts(sessions=sessions, capacity=event.capacity, venue=event.venue)
    edit_event(event, facts, seen=event_version(event), now=now)


def test_removed_session_leaves_calendars(
    app: Flask,
) -> None:
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, days=2, capacity=1, venue=make.venue())
    for name in ("Ann", "Ben"):
        person = make.person(name)
        book(person, event, by=person, now=NOW)
    resized(event, 1)
    told = db.session.scalars(select(Mail).where(Mail.template == "session_gone")).one()
    assert (told.to_name, told.subject) == (
        "Ann",
        "Removed from your diary: Neglect, session 2, Friday 6 June 2025",
    )
    assert "You keep your place, and the other sessions stay in your diary." in told.text
    sent = [(method, str(entry["UID"])[11:], int(entry["SEQUENCE"])) for method, (entry,) in invitations()]
    assert sent == [
        ("REQUEST", "@localhost", 0),
        ("REQUEST", "-1@localhost", 0),
        ("REQUEST", "@localhost", 1),
        ("CANCEL", "-1@localhost", 1),
    ]
    resized(event, 2)
    assert [(method, int(entry["SEQUENCE"])) for method, (entry,) in invitations()[4:]] == [
        ("REQUEST", 2),
        ("REQUEST", 2),
    ]


def test_place_added_with_a_move_tells_the_new_day_only(app: Flask) -> None:
    course, venue = make.course("Neglect"), make.venue()
    event = make.event(course, starts_at=NEXT_MONTH, capacity=1, venue=venue, policies=make.AUTOMATIC)
    for name in ("Ann", "Ben", "Cat"):
        person = make.person(name)
        book(person, event, by=person, now=NOW)
    week = timedelta(days=7)
    sessions = [Times(each.starts_at + week, each.ends_at + week) for each in times_of(event)]
    facts = EventFacts(sessions=sessions, capacity=2, venue=venue)
    assert edit_event(event, facts, seen=event_version(event), now=NOW) == Told(moved=3, given=1)
    statuses = db.session.scalars(select(Booking.status).order_by(Booking.id))
    assert statuses.all() == [Status.CONFIRMED, Status.CONFIRMED, Status.WAITING]
    (ben,) = db.session.scalars(select(Mail).where(Mail.template == "booking_place_found"))
    for text in (ben.subject, ben.text):
        assert ("12 June 2025" in text, "5 June 2025" in text) == (True, False)
    _, (entry,) = invitations()[-1]
    assert (ben.to_name, entry["DTSTART"].dt, event.capacity) == ("Ben", NEXT_MONTH + week, 2)
    # Too small a capacity is refused as before, and nobody is told of a move that did not happen.
    told = db.session.scalar(select(func.count(Mail.id)))
    with pytest.raises(WrongCapacity):
        edit_event(event, replace(facts, capacity=1), seen=event_version(event), now=NOW)
    assert db.session.scalar(select(func.count(Mail.id))) == told


def test_lost_place_removes_both_sessions_from_calendar(app: Flask) -> None:
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, days=2)
    ann = make.person("Ann")
    booking = book(ann, event, by=ann, now=NOW)
    cancel(booking, by=ann, now=NOW, reason="On leave")
    mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()[2:]
    assert [mail.template for mail in mails] == ["booking_cancelled", "session_gone"]
    assert "You no longer have a place. Another email tells you why." in mails[1].text
    assert [method for method, _ in invitations()] == ["REQUEST", "REQUEST", "CANCEL", "CANCEL"]


def test_calendar_folds_and_escapes_titles(app: Flask) -> None:
    title = "Neglect; seeing, naming\nand acting: " + "what żółć and Łódź mean, " * 4
    event = make.event(make.course(title[:190]), starts_at=NEXT_MONTH)
    ann = make.person("Ann")
    book(ann, event, by=ann, now=NOW)
    text = db.session.scalars(select(Mail.calendar)).one()
    lines = text.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert "\\; seeing\\, naming\\nand" in text
    ((_, (entry,)),) = invitations()
    assert str(entry["SUMMARY"]) == title[:190]


def test_email_carries_the_calendar_entry_with_its_method(app: Flask, settings: Settings) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    ann = make.person("Ann")
    booking = book(ann, event, by=ann, now=NOW)
    cancel(booking, by=ann, now=NOW, reason="On leave")
    db.session.commit()
    sent: list[OutgoingMail] = []
    assert deliver(sent.append, now=NOW) == 2
    found = []
    for mail in sent:
        message = message_from_bytes(Message(mail, settings).as_bytes())
        alternatives = next(
            part for part in message.walk() if part.get_content_type() == "multipart/alternative"
        )
        part = alternatives.get_payload()[-1]
        found.append(
            (part.get_content_type(), part.get_param("method"), str(part.get_param("charset")).lower())
        )
        entry = Calendar.from_ical(part.get_payload(decode=True))
        assert str(entry["METHOD"]) == part.get_param("method")
    assert found == [("text/calendar", "REQUEST", "utf-8"), ("text/calendar", "CANCEL", "utf-8")]


STEPS = st.one_of(
    st.tuples(
        st.sampled_from(["book", "cancel", "move", "restore", "transfer", "undo transfer", "pass on"]),
        st.just(0),
    ),
    st.tuples(st.just("sessions"), st.integers(1, 3)),
    st.tuples(st.just("call off"), st.just(0)),
    st.tuples(st.just("wait again"), st.just(0)),
)


@example_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# A place is taken back, waited for and given again. None of the three changes is an undo.
@example(steps=[("book", 0), ("transfer", 0), ("undo transfer", 0), ("wait again", 0), ("cancel", 0)])
@example(
    steps=[("book", 0), ("cancel", 0), ("sessions", 1), ("restore", 0), ("sessions", 3), ("call off", 0)]
)
@given(steps=st.lists(STEPS, min_size=2, max_size=12))
def test_calendar_sequence_always_rises(app: Flask, steps: list[tuple[str, int]]) -> None:
    course, officer = make.course(), make.officer()
    here = make.event(course, starts_at=NEXT_MONTH, days=2, venue=make.venue(), policies=make.AUTOMATIC)
    there = make.event(course, starts_at=NEXT_MONTH + timedelta(days=20), days=2, policies=make.AUTOMATIC)
    ann = make.person()
    before = db.session.scalar(select(func.max(Mail.id))) or 0
    for number, (name, sessions) in enumerate(steps):
        now = NOW + timedelta(minutes=number)
        with suppress(Refused):
            take(name, sessions, ann, here, there, officer, now=now)
    # All emails are about these bookings.
    expected = {}
    for booking in db.session.scalars(select(Booking).where(Booking.person_id == ann.id)):
        for each in range(3):
            uid = f"{booking.reference}{f'-{each}' if each else ''}@localhost"
            expected[uid] = booking.flags.has_place and each < len(booking.event.sessions)
    told: dict[str, list[tuple[int, str]]] = {}
    mails = select(Mail.calendar).where(Mail.calendar != "", Mail.id > before, Mail.to_email == ann.email)
    for text in db.session.scalars(mails.order_by(Mail.id)):
        calendar = Calendar.from_ical(text)
        (entry,) = calendar.walk("VEVENT")
        told.setdefault(str(entry["UID"]), []).append((int(entry["SEQUENCE"]), str(calendar["METHOD"])))
    for uid, messages in told.items():
        ranks = [rank for rank, _ in messages]
        assert ranks == sorted(set(ranks)), (uid, messages)
    assert {uid for uid, has_place in expected.items() if has_place} == {
        uid for uid, messages in told.items() if messages[-1][1] == "REQUEST"
    }


def take(
    name: str, sessions: int, ann: Person, here: Event, there: Event, officer: Person, *, now: datetime
) -> None:
    """Do one thing to Ann's booking, or to its course date. A refusal changes nothing."""
    latest = select(Booking).where(Booking.person_id == ann.id).order_by(Booking.id.desc())
    booking = db.session.scalars(latest).first()
    if name == "book":
        book(ann, here, by=ann, now=now)
    elif name == "move":
        moved(here, timedelta(hours=1))
        tell_moved(here, now=now)
    elif name == "sessions":
        resized(here, sessions, now=now)
    elif name == "call off":
        cancel_event(here, by=officer, now=now, reason="Snow")
    elif booking is None:
        return
    elif name == "cancel":
        cancel(booking, by=ann, now=now, reason="On leave")
    elif name == "restore":
        undo(booking, Status.CONFIRMED, by=officer, now=now, reason="By mistake")
    elif name == "transfer":
        transfer(booking, there, by=ann, now=now)
    elif name == "undo transfer" and booking.follows is not None:
        undo(booking.follows, Status.CONFIRMED, by=officer, now=now, reason="By mistake")
    elif name == "pass on":
        substitute(booking, name="Ben", email="ben@example.org", by=ann, now=now)
    elif name == "wait again":
        # A place that was taken back can be waited for and given again.
        undo(booking, Status.WAITING, by=officer, now=now, reason="By mistake")


def moved(event: Event, by: timedelta) -> None:
    """Move a course date, as the catalogue does for an officer."""
    for session in event.sessions:
        session.starts_at, session.ends_at = session.starts_at + by, session.ends_at + by
    event.starts_at, event.ends_at = event.starts_at + by, event.ends_at + by
    event.sequence += 1
    db.session.flush()


def test_a_move_is_told_once_to_everyone_and_changes_the_diary(app: Flask) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1)
    for name in ("Ann", "Ben"):
        person = make.person(name)
        book(person, event, by=person, now=NOW)
    moved(event, timedelta(days=1))
    assert tell_moved(event, now=NOW) == 2
    assert tell_moved(event, now=NOW) == 0
    told = db.session.scalars(select(Mail).where(Mail.template == "event_moved").order_by(Mail.id)).all()
    assert [(mail.to_name, bool(mail.calendar)) for mail in told] == [("Ann", True), ("Ben", False)]
    assert "Friday 6 June 2025, 9:30am to 4:30pm" in told[0].text
    assert "You keep your place." in told[0].text
    assert "You are still on the waiting list." in told[1].text
    (_, (first,)), (method, (second,)) = invitations()
    assert (method, second["UID"]) == ("REQUEST", first["UID"])
    assert second["DTSTART"].dt == first["DTSTART"].dt + timedelta(days=1)
    assert int(second["SEQUENCE"]) == int(first["SEQUENCE"]) + 1


def test_a_later_date_lets_people_waiting_in_again(app: Flask) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1, policies=make.AUTOMATIC)
    ann, ben = make.person("Ann"), make.person("Ben")
    first = book(ann, event, by=ann, now=NOW)
    second = book(ben, event, by=ben, now=NOW)
    closed = NEXT_MONTH - timedelta(days=1)
    cancel(first, by=ann, now=closed, reason="Ill")
    assert second.status.value == "waiting"
    moved(event, timedelta(days=14))
    assert tell_moved(event, now=closed) == 1
    assert second.status.value == "confirmed"
