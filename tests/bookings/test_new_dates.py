"""What happens to people who asked about a course once a date of it can be booked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.bookings.wanting import HOUR, SOON, a_date, at, letters, still_wanting, wants
from tests.conftest import NOW
from tests.page_client import PageClient
from training_hub import worker
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.claims import give_up_not_needed, lapse_claims
from training_hub.bookings.actions.groups import book_group
from training_hub.bookings.actions.interest import offer_new_dates, offer_to_interested, stop_asking
from training_hub.bookings.actions.reserved import CannotReserve, reserve
from training_hub.bookings.actions.transfer import transfer
from training_hub.bookings.actions.undo import undo
from training_hub.bookings.actions.waiting_list import fill_free_places, take_offer
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.equivalences import Equivalence
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.availability import NoRoom
from training_hub.bookings.rules.group_list import read_list
from training_hub.catalogue.models import EventStatus, Prerequisite
from training_hub.database import db
from training_hub.mail.models import Mail
from training_hub.people.models import Person, Sector

SignIn = Callable[..., PageClient]
S = Status


def test_publishing_offers_places_to_interested_in_order(app: Flask, signed_in: SignIn) -> None:
    course = make.course("Neglect")
    wants(course, "Ann", "Ben", "Cat")
    event = a_date(course, capacity=2, status=EventStatus.DRAFT, venue=make.venue())
    browser = signed_in(make.officer())
    page = browser.get(f"/manage/dates/{event.id}")
    assert (
        "3 people asked to be told when this course next runs. We email them when bookings open." in page.text
    )
    done = browser.send(page, "/publish")
    assert "3 people who asked about this course will be told by email." in done.text
    # Published in another window, and found by the worker.
    assert browser.post(f"/manage/dates/{event.id}/publish").status == 409
    assert offer_new_dates(now=NOW + HOUR) == 0
    db.session.expire_all()
    assert at(event) == [("Ann", S.OFFERED), ("Ben", S.OFFERED), ("Cat", S.WAITING)]
    assert letters() == [
        ("Ann", "runs_again_offered"),
        ("Ben", "runs_again_offered"),
        ("Cat", "runs_again_waiting"),
    ]
    assert still_wanting(course) == ["Ann", "Ben", "Cat"]
    changes = db.session.execute(
        select(BookingChange.was, BookingChange.became, BookingChange.cause, BookingChange.by_id)
        .join(Booking, BookingChange.booking_id == Booking.id)
        .order_by(Booking.id, BookingChange.id)
    ).all()
    assert changes[:2] == [(None, S.WAITING, Cause.INTEREST, None), (S.WAITING, S.OFFERED, None, None)]
    offer, _, turn = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert (offer.subject, offer.carries_key) == ("Neglect runs again: a place is held for you", True)
    assert (offer.expires_at, turn.expires_at) == (NOW + timedelta(hours=24), None)
    for words in ("A place is held for you until Wednesday 7 May 2025, 9:30am.", "http://localhost/offers/"):
        assert (words in offer.text, words in offer.html) == (True, True)
    for words in ("You are number 1 on the waiting list.", "we will tell you about the next date too"):
        assert (words in turn.text, words in turn.html) == (True, True)


def test_taking_the_offer_ends_the_interest(app: Flask, signed_in: SignIn, stranger: PageClient) -> None:
    course = make.course("Neglect")
    wants(course, "Ann")
    event = a_date(course)
    offer_to_interested(event, now=NOW)
    mail = db.session.scalars(select(Mail)).one()
    link = next(word for word in mail.text.split() if "/offers/" in word).removeprefix("http://localhost")
    page = stranger.get(link)
    assert still_wanting(course) == ["Ann"]
    taken = stranger.post(link, {**page.form(), "answer": "take"})
    assert taken.status == 303
    db.session.expire_all()
    assert (at(event), still_wanting(course)) == ([("Ann", S.CONFIRMED)], [])


def test_an_offer_until_midnight_names_the_day_that_ends_then(app: Flask) -> None:
    course = make.course("Neglect")
    wants(course, "Ann")
    midnight = NOW.replace(day=6, hour=23, minute=0)
    offer_to_interested(a_date(course), now=midnight)
    mail = db.session.scalars(select(Mail)).one()
    for text in (mail.text, mail.html):
        assert "A place is held for you until Wednesday 7 May 2025, 11:59pm." in text


def test_later_people_join_behind_those_who_asked_first(app: Flask) -> None:
    course = make.course("Neglect")
    wants(course, "Ann", "Ben")
    event = a_date(course)
    late = make.person("Late")
    offer_to_interested(event, now=NOW)
    # Clocks may differ, so an earlier moment gives no earlier turn.
    book(late, event, by=late, now=NOW - HOUR)
    assert at(event) == [("Ann", S.OFFERED), ("Ben", S.WAITING), ("Late", S.WAITING)]
    ann = db.session.scalars(select(Booking).order_by(Booking.id)).first()
    assert ann is not None
    cancel(ann, by=ann.person, now=NOW + HOUR)
    assert at(event) == [("Ann", S.WITHDRAWN), ("Ben", S.OFFERED), ("Late", S.WAITING)]
    db.session.commit()
    lapse_claims(now=NOW + timedelta(days=3))
    assert at(event) == [("Ann", S.WITHDRAWN), ("Ben", S.LAPSED), ("Late", S.OFFERED)]
    assert still_wanting(course) == ["Ann", "Ben"]


def test_new_booking_comes_after_interested_people(app: Flask) -> None:
    course = make.course("Neglect")
    (ann,) = wants(course, "Ann")
    event, late = a_date(course), make.person("Late")
    db.session.commit()
    book(late, event, by=late, now=NOW)
    assert at(event) == [("Ann", S.OFFERED), ("Late", S.WAITING)]
    mine = book(ann, event, by=ann, now=NOW)
    assert mine.status is S.OFFERED
    assert letters() == [("Ann", "runs_again_offered"), ("Late", "booking_waiting")]


def test_needs_are_kept_when_interest_became_a_turn(app: Flask, signed_in: SignIn) -> None:
    course = make.course("Neglect")
    first, second = wants(course, "Ann", "Ben")
    event = a_date(course, capacity=2)
    needs = {"access_needs": "A hearing loop", "dietary_needs": "Halal"}
    for person, text in ((first, needs), (second, {**needs, "dietary_needs": ""})):
        # The worker has not told Ann yet, and Ben joined the list while he typed his answers.
        browser = signed_in(person)
        for _ in range(2):
            done = browser.post(f"/dates/{event.id}/book", {**text, "step": "confirm"})
            assert done.status == 303
        assert "A hearing loop" in browser.get(done.response.headers["Location"]).text
        # Another form that was open changes nothing.
        browser.post(f"/dates/{event.id}/book", {"access_needs": "Nothing", "step": "confirm"})
    rows = db.session.execute(
        select(Person.name, BookingNeeds.access, BookingNeeds.dietary)
        .join(Booking, BookingNeeds.booking_id == Booking.id)
        .join(Person, Booking.person_id == Person.id)
        .order_by(Person.name)
    ).all()
    assert rows == [("Ann", "A hearing loop", "Halal"), ("Ben", "A hearing loop", "")]


def test_date_that_opens_later_is_offered_once(app: Flask) -> None:
    course = make.course("Neglect")
    wants(course, "Ann")
    event = a_date(course, policies={"opens_days": 10})
    assert offer_to_interested(event, now=NOW) == 0
    db.session.commit()
    assert worker.EACH_MINUTE.index(offer_new_dates) < worker.EACH_MINUTE.index(fill_free_places)
    assert offer_new_dates(now=NOW + timedelta(days=19)) == 0
    (ben,) = wants(course, "Ben")
    db.session.commit()
    opened = NOW + timedelta(days=20)
    assert [offer_new_dates(now=opened) for _ in range(2)] == [2, 0]
    # A person who asks once it can be booked waits for the next date.
    wants(course, "Late")
    db.session.commit()
    assert offer_new_dates(now=opened + HOUR) == 0
    assert at(event) == [("Ann", S.OFFERED), ("Ben", S.WAITING)]
    assert letters() == [("Ann", "runs_again_offered"), ("Ben", "runs_again_waiting")]
    assert ben.name == "Ben"


@pytest.mark.parametrize(
    "shut",
    [
        {"status": EventStatus.DRAFT},
        {"status": EventStatus.CALLED_OFF},
        {"starts_at": NOW + timedelta(days=1)},
        {"starts_at": NOW - timedelta(days=1)},
    ],
)
def test_a_date_that_cannot_be_booked_is_offered_to_nobody(app: Flask, shut: dict[str, Any]) -> None:
    course = make.course("Neglect")
    wants(course, "Ann")
    event = a_date(course, **shut)
    unlisted = make.course("Unlisted", is_listed=False)
    wants(unlisted, "Ben")
    hidden = a_date(unlisted)
    db.session.commit()
    assert (
        offer_new_dates(now=NOW),
        offer_to_interested(event, now=NOW),
    ) == (0, 0)
    assert (at(event), at(hidden), letters(), event.interested_told_at) == ([], [], [], None)


def test_no_agency_is_offered_more_than_its_cap(app: Flask) -> None:
    course = make.course("Neglect")
    oak, elm = make.agency("Oak School"), make.agency("Elm School")
    wants(course, "Ann", "Ben", of=oak)
    wants(course, "Cat", of=elm)
    event = a_date(course, capacity=2, policies={"agency_cap": 1})
    assert offer_to_interested(event, now=NOW) == 3
    # Cat asked at the same moment as Ann, and is the later row.
    assert dict(at(event)) == {"Ann": S.OFFERED, "Ben": S.WAITING, "Cat": S.OFFERED}


@pytest.mark.parametrize("held", [{"policies": {"waiting_list": "manual"}}, {"is_list_paused": True}])
def test_manual_list_makes_no_offers_to_interested(app: Flask, held: dict[str, Any]) -> None:
    course = make.course("Neglect")
    wants(course, "Ann", "Ben")
    event = a_date(course, capacity=5, **held)
    assert offer_to_interested(event, now=NOW) == 2
    assert at(event) == [("Ann", S.WAITING), ("Ben", S.WAITING)]
    assert letters() == [("Ann", "runs_again_waiting"), ("Ben", "runs_again_waiting")]
    mail = db.session.scalars(select(Mail)).first()
    assert mail is not None
    assert "The training team decides who gets a place." in mail.text


def test_automatic_list_still_offers_to_interested(app: Flask) -> None:
    course = make.course("Neglect")
    wants(course, "Ann", "Ben")
    event = a_date(course, policies=make.AUTOMATIC)
    late = make.person("Late")
    offer_to_interested(event, now=NOW)
    book(late, event, by=late, now=NOW)
    db.session.commit()
    assert at(event) == [("Ann", S.OFFERED), ("Ben", S.WAITING), ("Late", S.WAITING)]
    lapse_claims(now=NOW + timedelta(days=2))
    assert at(event) == [("Ann", S.LAPSED), ("Ben", S.OFFERED), ("Late", S.WAITING)]
    lapse_claims(now=NOW + timedelta(days=4))
    assert at(event) == [("Ann", S.LAPSED), ("Ben", S.LAPSED), ("Late", S.CONFIRMED)]


def test_second_date_is_offered_to_people_without_a_place(app: Flask) -> None:
    course = make.course("Neglect")
    ann, ben, _cat = wants(course, "Ann", "Ben", "Cat")
    first, second = a_date(course, capacity=2), a_date(course, capacity=5, starts_at=SOON + timedelta(days=7))
    offer_to_interested(first, now=NOW)
    bookings = {row.person.name: row for row in db.session.scalars(select(Booking))}
    take_offer(bookings["Ann"], by=ann, now=NOW)
    cancel(bookings["Ben"], by=ben, now=NOW)
    assert still_wanting(course) == ["Ben", "Cat"]
    offer_to_interested(second, now=NOW + HOUR)
    assert at(first) == [("Ann", S.CONFIRMED), ("Ben", S.WITHDRAWN), ("Cat", S.OFFERED)]
    # Cat has an offer from the same request, so no second place is promised.
    assert at(second) == [("Ben", S.OFFERED)]
    assert [row for row in letters() if row[0] == "Cat"][1:] == [("Cat", "place_offered")]


def test_interested_person_joins_one_list_only(app: Flask) -> None:
    course = make.course("Neglect")
    _ann, _ben, own = wants(course, "Ann", "Ben", "Own turn")
    first, second = a_date(course), a_date(course, capacity=5, starts_at=SOON + timedelta(days=7))
    offer_to_interested(first, now=NOW)
    turn = db.session.scalars(select(Booking).where(Booking.person_id == own.id)).one()
    cancel(turn, by=own, now=NOW)
    # A turn that someone asked for themselves is kept.
    full = make.event(course, starts_at=SOON + timedelta(days=3), capacity=1)
    make.booking(full)
    make.booking(full, own, S.WAITING)
    assert offer_to_interested(second, now=NOW) == 1
    assert at(first) == [("Ann", S.OFFERED), ("Ben", S.WAITING), ("Own turn", S.WITHDRAWN)]
    assert at(second) == [("Own turn", S.OFFERED)]


def test_place_ends_promises_at_other_dates(
    app: Flask,
) -> None:
    course, other = make.course("Neglect"), make.course("Another course")
    ann, ben = wants(course, "Ann", "Ben")
    wants(other, "Cat")
    first = a_date(course)
    offer_to_interested(first, now=NOW)
    elsewhere = a_date(other)
    offer_to_interested(elsewhere, now=NOW)
    late = make.person("Late")
    book(late, first, by=late, now=NOW)
    second = make.event(course, starts_at=SOON + timedelta(days=7))
    book(ben, second, by=ben, now=NOW)
    officers = make.booking(second, make.person("Own turn"), S.WAITING)
    book(officers.person, make.event(course, starts_at=SOON + timedelta(days=14)), by=ann, now=NOW)
    db.session.commit()
    assert give_up_not_needed(now=NOW) == 1
    assert at(first) == [("Ann", S.OFFERED), ("Ben", S.WITHDRAWN), ("Late", S.WAITING)]
    book(ann, second, by=ann, now=NOW)
    db.session.commit()
    assert worker.EACH_MINUTE.index(give_up_not_needed) < worker.EACH_MINUTE.index(fill_free_places)
    assert [give_up_not_needed(now=NOW) for _ in range(2)] == [1, 0]
    assert at(first) == [("Ann", S.WITHDRAWN), ("Ben", S.WITHDRAWN), ("Late", S.OFFERED)]
    assert at(elsewhere) == [("Cat", S.OFFERED)]
    assert officers.status is S.WAITING
    mail = db.session.scalars(
        select(Mail).where(Mail.template == "booking_withdrawn", Mail.to_name == "Ann")
    ).one()
    for words in (
        "The place on Neglect that was offered to you is no longer held for you.",
        "You have a place on another date of this course, so this place goes to the next person on the waiting list.",
    ):
        assert (words in mail.text, words in mail.html) == (True, True)
    # An officer's later decision about it is kept.
    bens = db.session.scalars(select(Booking).where(Booking.person_id == ben.id).order_by(Booking.id)).first()
    assert bens is not None
    undo(bens, S.WAITING, by=make.officer(), now=NOW, reason="Wants to change")
    db.session.commit()
    assert (give_up_not_needed(now=NOW), bens.status) == (0, S.WAITING)


def test_interest_skips_people_booked_or_not_eligible(app: Flask) -> None:
    needed = make.course("Basics")
    course = make.course("Neglect", policies={"sectors": ["school"]})
    db.session.add(Prerequisite(course_id=course.id, needs_id=needed.id))
    names = ("Placed", "Asked already", "No prerequisite", "Closed account", "Counts", "Done")
    placed, asked, _none, closed, counts, done = wants(course, *names)
    wants(course, "Nurse", of=make.agency("Hospital", Sector.HEALTH))
    make.booking(make.event(course, starts_at=SOON + timedelta(days=3)), placed)
    event = a_date(course, capacity=1)
    waits = make.booking(event, asked, S.REQUESTED)
    closed.is_active = False
    for person in (placed, asked, closed, done):
        make.booking(make.event(needed, starts_at=NOW - timedelta(days=60)), person, S.COMPLETED)
    officer = make.officer()
    db.session.add(
        Equivalence(person_id=counts.id, course_id=needed.id, reason="Elsewhere", at=NOW, by_id=officer.id)
    )
    db.session.flush()
    assert offer_to_interested(event, now=NOW) == 2
    assert at(event) == [("Asked already", S.REQUESTED), ("Counts", S.OFFERED), ("Done", S.WAITING)]
    assert waits.status is S.REQUESTED
    assert sorted(still_wanting(course)) == sorted([*names[1:], "Nurse"])


def test_interested_people_request_where_manager_approves(app: Flask) -> None:
    course = make.course("Neglect", policies={"approval": "line manager"})
    wants(course, "Ann")
    event = a_date(course)
    assert [offer_to_interested(event, now=NOW) for _ in range(2)] == [1, 0]
    assert (at(event), letters(), still_wanting(course)) == ([], [("Ann", "runs_again")], ["Ann"])
    mail = db.session.scalars(select(Mail)).one()
    for words in (f"http://localhost/dates/{event.id}/book", "your line manager has to approve this course"):
        assert (words in mail.text, words in mail.html) == (True, True)


def test_the_booking_says_how_it_came_to_be_on_the_list(app: Flask, signed_in: SignIn) -> None:
    course = make.course("Neglect")
    (ann,) = wants(course, "Ann")
    event = a_date(course, policies={"waiting_list": "manual"})
    offer_to_interested(event, now=NOW)
    booking = db.session.scalars(select(Booking)).one()
    page = signed_in(ann).get(f"/bookings/{booking.reference}")
    assert "The person joined the waiting list as soon as this date could be booked." in page.text
    assert "Reason: Asked to be told when the course next runs" in page.text
    assert "every place was taken" not in page.text


def test_groups_reservations_and_moves_come_after_interested(
    app: Flask,
) -> None:
    officer, course, agency = make.officer(), make.course(), make.agency()
    for way in ("list", "reserved", "move"):
        (ann,) = wants(course, f"Ann {way}")
        date = a_date(course)
        if way == "list":
            (entry,) = read_list("Ben <ben@example.org>")
            book_group(date, agency, [entry], by=officer, now=NOW, all_or_nothing=False)
            assert at(date) == [(ann.name, S.OFFERED), ("Ben", S.WAITING)]
        elif way == "reserved":
            with pytest.raises(CannotReserve, match="No more places"):
                reserve(date, agency, 1, had=0, by=officer, now=NOW)
            assert at(date) == [(ann.name, S.OFFERED)]
        else:
            place = make.booking(make.event(course, starts_at=SOON + timedelta(days=7)))
            with pytest.raises(NoRoom):
                transfer(place, date, by=officer, now=NOW)
            assert at(date) == [(ann.name, S.OFFERED)]
        stop_asking(ann, course, now=NOW)
