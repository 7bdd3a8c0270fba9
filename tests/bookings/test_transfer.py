"""Moving a place to another date of the course: both at once, and neither a cancellation nor a DNA."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import make
from tests.bookings.told import NEXT_MONTH, booked, folded, forget_mails, history, mail, mails, stored
from tests.conftest import NOW, TestClock
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.actions.call_off import cancel_event
from training_hub.bookings.actions.transfer import transfer
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import places
from training_hub.bookings.queries.booking import open_booking
from training_hub.bookings.rules.availability import NoRoom
from training_hub.catalogue.models import Event, EventStatus
from training_hub.commands.report import Operator
from training_hub.database import db
from training_hub.london import london_date
from training_hub.reporting.models import Filters
from training_hub.reporting.queries.programme import programme

SignIn = Callable[..., PageClient]
WEEK = timedelta(days=7)


def dates(**other: object) -> tuple[Event, Event]:
    """Two dates of a course, a week apart. `other` has the special facts of the second."""
    course = make.course("Neglect")
    first = make.event(course, starts_at=NEXT_MONTH, capacity=1)
    given = {"starts_at": NEXT_MONTH + WEEK, "capacity": 1, **other}
    return first, make.event(course, **given)  # type: ignore[arg-type]


def at(event: Event, person: object) -> Booking:
    """The person's open booking at this date."""
    found = open_booking(person.id, event.id)  # type: ignore[attr-defined]
    assert found is not None
    return found


def test_a_place_moves_and_the_old_one_goes_to_the_next_in_line(app: Flask, signed_in: SignIn) -> None:
    first, second = dates()
    ann, _ben = booked(first, "Ann", "Ben")
    db.session.add(BookingNeeds(booking_id=ann.id, access="Hearing loop", dietary=""))
    browser = signed_in(ann.person)
    page = browser.get(f"/bookings/{ann.reference}/transfer")
    assert page.h1 == "Move to another date"
    assert "The move does not count as a cancellation." in page.text
    done = browser.send(page, "/transfer", event_id=str(second.id))
    assert (done.status, done.h1) == (200, "Your place is booked")
    moved = at(second, ann.person)
    assert stored() == [
        ("Ann", Status.TRANSFERRED),
        ("Ben", Status.OFFERED),
        ("Ann", Status.CONFIRMED),
    ]
    assert (moved.follows_id, moved.agency_id) == (ann.id, ann.agency_id)
    assert db.session.get_one(BookingNeeds, moved.id).access == "Hearing loop"
    assert mails() == [("place_transferred", "Ann"), ("booking_confirmed", "Ann"), ("place_offered", "Ben")]
    gone, new = mail("place_transferred", "Ann"), mail("booking_confirmed", "Ann")
    assert "on Thursday 5 June 2025 has been moved to another date." in folded(gone.text)
    assert new.subject == "Booked: Neglect, Thursday 12 June 2025"
    assert ["METHOD:CANCEL" in gone.calendar, "METHOD:REQUEST" in new.calendar] == [True, True]
    assert "arranged this for you" not in new.text
    old = browser.get(f"/bookings/{ann.reference}")
    assert f"This booking was replaced by booking {moved.reference}" in old.text
    assert history(old).endswith(
        "The place was moved to another date of the course. 6 May 2025, 9:30am , you"
    )
    assert f"This booking replaced booking {ann.reference}" in done.text


def test_a_move_in_two_windows_moves_once(app: Flask, signed_in: SignIn) -> None:
    first, second = dates()
    (ann,) = booked(first, "Ann")
    browser = signed_in(ann.person)
    windows = [browser.get(f"/bookings/{ann.reference}/transfer") for _ in range(2)]
    done = [browser.send(page, "/transfer", event_id=str(second.id)) for page in windows]
    assert [each.status for each in done] == [200, 409]
    assert "This is not a place that can be moved or passed on." in done[1].text
    assert stored() == [("Ann", Status.TRANSFERRED), ("Ann", Status.CONFIRMED)]
    assert mails() == [("place_transferred", "Ann"), ("booking_confirmed", "Ann")]


def full(event: Event) -> None:
    make.booking(event)


def called_off(event: Event) -> None:
    cancel_event(event, by=make.officer(), now=NOW, reason="Ill")


def over_in_three_days(event: Event) -> None:
    event.policies = {"closes_working_days": 40}


CLOSED = [
    (full, "That date is full."),
    (called_off, "This course date was called off."),
    (over_in_three_days, "Bookings have closed."),
]


@pytest.mark.parametrize(("what", "sentence"), CLOSED)
def test_transfer_to_a_closed_date_says_why(
    app: Flask, signed_in: SignIn, what: Callable[[Event], None], sentence: str
) -> None:
    first, second = dates()
    (ann,) = booked(first, "Ann")
    browser = signed_in(ann.person)
    page = browser.get(f"/bookings/{ann.reference}/transfer")
    what(second)
    db.session.commit()
    forget_mails()
    again = browser.send(page, "/transfer", event_id=str(second.id))
    assert (again.status, again.title[:6], sentence in again.text) == (422, "Error:", True)
    assert at(first, ann.person).status is Status.CONFIRMED
    assert open_booking(ann.person_id, second.id) is None
    assert mails() == []
    # And it is no longer offered.
    assert "No other date of this course has a place available." in browser.get(page_of(ann)).text


def page_of(booking: Booking) -> str:
    return f"/bookings/{booking.reference}/transfer"


@pytest.mark.parametrize("number", ["99999999999999999999", "-1", "0", "1000000000", "first"])
def test_an_unknown_date_number_is_refused_on_the_page(app: Flask, signed_in: SignIn, number: str) -> None:
    (ann,) = booked(dates()[0], "Ann")
    browser = signed_in(ann.person)
    page = browser.get(page_of(ann))
    again = browser.post(page_of(ann), {**page.form("/transfer"), "event_id": number})
    assert (again.status, "Choose the date" in again.text) == (422, True)
    assert (stored(), mails()) == ([("Ann", Status.CONFIRMED)], [])


def test_other_dates_page_takes_fixed_queries(
    app: Flask, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    count = request.getfixturevalue("queries")
    first, _second = dates()
    (ann,) = booked(first, "Ann")
    browser = signed_in(ann.person)
    few = count(lambda: browser.get(page_of(ann)))
    for week in (2, 3):
        make.event(first.course, starts_at=NEXT_MONTH + week * WEEK)
    db.session.commit()
    assert count(lambda: browser.get(page_of(ann))) == few


def test_transfer_only_to_other_dates_of_the_course(app: Flask, signed_in: SignIn) -> None:
    first, _second = dates()
    (ann,) = booked(first, "Ann")
    draft = make.event(first.course, starts_at=NEXT_MONTH + 2 * WEEK, status=EventStatus.DRAFT)
    elsewhere = make.event(starts_at=NEXT_MONTH + WEEK)
    browser = signed_in(ann.person)
    page = browser.get(page_of(ann))
    for event_id in (draft.id, elsewhere.id, 999_999, "x", ""):
        again = browser.send(page, "/transfer", event_id=str(event_id))
        assert (again.status, "Choose the date" in again.text) == (422, True)
        assert "19 June" not in again.text
    here = browser.send(page, "/transfer", event_id=str(first.id))
    assert (here.status, "Choose another date of the same course." in here.text) == (422, True)
    assert stored() == [("Ann", Status.CONFIRMED)]


def test_a_free_place_belongs_to_people_waiting(app: Flask, signed_in: SignIn) -> None:
    first, second = dates(capacity=2, policies={"waiting_list": "manual"})
    (ann,) = booked(first, "Ann")
    make.booking(second)
    make.booking(second, make.person("Ben"), Status.WAITING)
    page = signed_in(ann.person).get(page_of(ann))
    assert "No other date of this course has a place available." in page.text


def test_transfer_leaves_out_dates_at_the_agency_cap(app: Flask, signed_in: SignIn) -> None:
    first, second = dates(capacity=5, policies={"agency_cap": 1})
    (ann,) = booked(first, "Ann")
    make.booking(second, make.person("Cat", of=ann.agency))
    db.session.commit()
    browser = signed_in(ann.person)
    page = browser.get(f"/bookings/{ann.reference}/transfer")
    assert "No other date of this course has a place available." in page.text
    assert f'href="/dates/{second.id}/book"' in page.html
    assert browser.get(f"/dates/{second.id}/book").status == 200
    second.policies = {}
    db.session.commit()
    assert "Move to this date" in browser.get(f"/bookings/{ann.reference}/transfer").text


def test_a_transfer_ends_a_turn_on_the_other_date(app: Flask, signed_in: SignIn) -> None:
    first, second = dates(capacity=3, policies={"waiting_list": "manual"})
    (ann,) = booked(first, "Ann")
    turn = make.booking(second, ann.person, Status.WAITING)
    moved = transfer(ann, second, by=ann.person, now=NOW)
    assert [turn.status, moved.status] == [Status.WITHDRAWN, Status.CONFIRMED]
    assert mails() == [("place_transferred", "Ann"), ("booking_confirmed", "Ann")]


@pytest.mark.parametrize("claim", [Status.OFFERED, Status.REQUESTED])
def test_transfer_uses_a_place_held_for_the_person(app: Flask, signed_in: SignIn, claim: Status) -> None:
    first, second = dates()
    (ann,) = booked(first, "Ann")
    held = make.booking(second, ann.person, claim, is_held=claim is Status.REQUESTED)
    waits = make.booking(second, make.person("Ben"), Status.WAITING)
    browser = signed_in(ann.person)
    done = browser.send(browser.get(page_of(ann)), "/transfer", event_id=str(second.id))
    assert done.h1 == "Your place is booked"
    moved = at(second, ann.person)
    assert [row.status for row in (held, moved, waits)] == [
        Status.WITHDRAWN,
        Status.CONFIRMED,
        Status.WAITING,
    ]
    assert places(second).held == 1
    assert mails() == [("place_transferred", "Ann"), ("booking_confirmed", "Ann")]


def test_transfer_ignores_claims_without_a_place(app: Flask, signed_in: SignIn) -> None:
    first, second = dates(capacity=2)
    (ann,) = booked(first, "Ann")
    make.booking(second)
    make.booking(second, make.person("Ben"), Status.WAITING)
    third = make.event(first.course, starts_at=NEXT_MONTH + 2 * WEEK, capacity=1)
    make.booking(third)
    make.booking(second, ann.person, Status.OFFERED, decide_by=NOW)
    make.booking(third, ann.person, Status.REQUESTED)
    page = signed_in(ann.person).get(page_of(ann))
    assert "No other date of this course has a place available." in page.text
    for event in (second, third):
        with pytest.raises(NoRoom, match="That date is full"):
            transfer(ann, event, by=ann.person, now=NOW)


def test_transfer_ignores_place_held_for_former_agency(app: Flask) -> None:
    first, second = dates(policies={"waiting_list": "manual"})
    (ann,) = booked(first, "Ann")
    make.booking(second, ann.person, Status.OFFERED, agency=make.agency("Where Ann went"))
    make.booking(second, make.person("Ben"), Status.WAITING)
    with pytest.raises(NoRoom, match="That date is full"):
        transfer(ann, second, by=ann.person, now=NOW)


def test_a_clash_on_the_new_date_is_shown_before_the_move(app: Flask, signed_in: SignIn) -> None:
    first, second = dates()
    (ann,) = booked(first, "Ann")
    make.booking(make.event(make.course("Online Safety"), starts_at=second.starts_at), ann.person)
    browser = signed_in(ann.person)
    clash = browser.send(browser.get(page_of(ann)), "/transfer", event_id=str(second.id))
    assert (clash.status, clash.h1) == (409, "You have another booking at that time")
    assert ("Online Safety" in clash.text, "Thursday 12 June 2025, 9:30am" in clash.text) == (True, True)
    assert f"/bookings/{ann.reference}" in [href for href, _ in clash.links]
    assert at(first, ann.person).status is Status.CONFIRMED
    assert browser.send(clash, "/transfer").h1 == "Your place is booked"
    assert at(second, ann.person).status is Status.CONFIRMED


def test_the_two_dates_may_overlap_each_other(app: Flask) -> None:
    first, second = dates(starts_at=NEXT_MONTH + timedelta(hours=2))
    (ann,) = booked(first, "Ann")
    assert transfer(ann, second, by=ann.person, now=NOW).status is Status.CONFIRMED


def test_nothing_moves_once_the_course_has_started(app: Flask, signed_in: SignIn, clock: TestClock) -> None:
    first, second = dates()
    (ann,) = booked(first, "Ann")
    browser = signed_in(ann.person)
    page = browser.get(page_of(ann))
    clock.now = NEXT_MONTH
    assert "Move to another date" not in browser.get(f"/bookings/{ann.reference}").text
    for answer in (browser.get(page_of(ann)), browser.send(page, "/transfer", event_id=str(second.id))):
        assert answer.status == 409
        assert "The course has started, so the place can no longer be moved or passed on." in answer.text
    assert stored() == [("Ann", Status.CONFIRMED)]


def test_only_officers_move_places_of_others(app: Flask, signed_in: SignIn) -> None:
    first, second = dates()
    trainer = make.person("Tess", Role.TRAINER)
    (ann,) = booked(first, "Ann")
    for person in (make.person("Eve"), trainer, make.person("Mo", Role.HUB_MEMBER)):
        browser = signed_in(person)
        for page in (browser.get(page_of(ann)), browser.post(page_of(ann), {"event_id": second.id})):
            assert (page.status, "Ann" in page.text) == (404, False)
    browser = signed_in(make.officer("Olive"))
    page = browser.get(page_of(ann))
    assert "You are doing this for Ann" in page.text
    done = browser.send(page, "/transfer", event_id=str(second.id), reason="Asked by telephone")
    assert done.h1 == "The place is booked"
    gone = folded(mail("place_transferred", "Ann").text)
    assert "The training team did this, for this reason: Asked by telephone" in gone
    new = mail("booking_confirmed", "Ann")
    assert "The training team arranged this for you." in folded(new.text)
    assert "Olive" not in gone + new.text + new.html


def test_the_place_counts_where_it_moved_to(app: Flask) -> None:
    first, second = dates()
    (ann,) = booked(first, "Ann")
    moved = transfer(ann, second, by=ann.person, now=NOW)
    moved.status = Status.COMPLETED
    db.session.commit()
    now = second.ends_at + timedelta(days=1)
    for event, expected in ((first, 0), (second, 1)):
        day = london_date(event.starts_at)
        figures = programme(Operator(), Filters(first=day, last=day), now=now).totals
        assert (figures.booked, sum(figures.outcomes.values())) == (expected, expected)
