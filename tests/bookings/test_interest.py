"""The waiting list without a date: asking, taking back, and what comes of it when a date is published."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.event import listen, remove

from tests import make
from tests.conftest import NOW
from tests.page_client import PageClient
from training_hub import worker
from training_hub.access import Role
from training_hub.bookings import actions
from training_hub.bookings.models import Booking, BookingChange, BookingNeeds, Equivalence, Interest, Status
from training_hub.bookings.rules.lists import read_list
from training_hub.catalogue.models import Course, Event, EventStatus, Prerequisite
from training_hub.database import db
from training_hub.mail.models import Mail
from training_hub.people.models import Agency, Person, Sector

SignIn = Callable[..., PageClient]
SOON = NOW + timedelta(days=30)
HOUR = timedelta(hours=1)
S = Status


def wants(course: Course, *names: str, of: Agency | None = None) -> list[Person]:
    """People of these names who have asked to be told of `course`, an hour after one another, in this order."""
    people = [make.person(name, of=of) for name in names]
    for number, person in enumerate(people):
        asked_at = NOW - timedelta(days=9) + number * HOUR
        db.session.add(Interest(course=course, person=person, agency_id=person.agency_id, asked_at=asked_at))
    db.session.flush()
    return people


def a_date(course: Course, capacity: int = 1, *, starts_at: datetime = SOON, **columns: Any) -> Event:
    """A date of `course` of which nobody has heard, published unless `columns` say otherwise."""
    return make.event(course, starts_at=starts_at, capacity=capacity, interested_told_at=None, **columns)


def at(event: Event) -> list[tuple[str, Status]]:
    """Who has which booking at `event`, in the order in which they were made."""
    rows = db.session.scalars(select(Booking).where(Booking.event_id == event.id).order_by(Booking.id))
    return [(row.person.name, row.status) for row in rows]


def letters() -> list[tuple[str, str]]:
    """To whom which mails were written, in order."""
    rows = db.session.execute(select(Mail.to_name, Mail.template).order_by(Mail.id))
    return [(row.to_name, row.template) for row in rows]


def still_wanting(course: Course) -> list[str]:
    """Who still waits to be told of `course`."""
    rows = db.session.scalars(
        select(Interest)
        .where(Interest.course_id == course.id, Interest.ended_at.is_(None))
        .order_by(Interest.asked_at, Interest.id)
    )
    return [row.person.name for row in rows]


def test_somebody_asks_on_the_page_of_a_course_without_dates_and_takes_it_back_there(
    app: Flask, signed_in: SignIn
) -> None:
    course, ann = make.course("Neglect"), make.person("Ann")
    browser = signed_in(ann)
    page = browser.get(f"/courses/{course.slug}")
    assert "Tell me when this course next runs" in page.text
    done = browser.send(page, "/tell-me")
    assert "We will tell you when this course next runs" in done.text
    assert "You asked on Tuesday 6 May 2025." in done.text
    # Pressed twice.
    assert browser.post(f"/courses/{course.slug}/tell-me").status == 303
    rows = db.session.scalars(select(Interest)).all()
    assert [(row.person, row.agency_id, row.asked_at, row.ended_at) for row in rows] == [
        (ann, ann.agency_id, NOW, None)
    ]
    gone = browser.send(done, "/do-not-tell-me")
    assert "You are no longer on the list" in gone.text
    assert browser.post(f"/courses/{course.slug}/do-not-tell-me").status == 303
    db.session.expire_all()
    assert [row.ended_at for row in db.session.scalars(select(Interest))] == [NOW]
    again = browser.send(gone, "/tell-me")
    assert "We will tell you when this course next runs" in again.text
    assert (still_wanting(course), letters()) == (["Ann"], [])


def test_it_can_be_taken_back_on_my_bookings_and_an_old_address_tells_no_old_story(
    app: Flask, signed_in: SignIn
) -> None:
    course = make.course("Neglect")
    (ann,) = wants(course, "Ann")
    browser = signed_in(ann)
    page = browser.get("/bookings")
    assert (
        "Courses you want to be told of" in page.text,
        "You have not booked anything yet" in page.text,
    ) == (
        True,
        False,
    )
    gone = browser.send(page, "/do-not-tell-me")
    assert (gone.h1, "You are no longer on the list" in gone.text) == ("My bookings", True)
    assert still_wanting(course) == []
    for told, words in (("asked", "We will tell you"), ("nonsense", "You are no longer on the list")):
        assert words not in browser.get(f"/courses/{course.slug}?told={told}").text


def test_it_is_the_main_thing_where_nothing_can_be_booked_and_small_where_something_can(
    app: Flask, signed_in: SignIn
) -> None:
    nothing, full, free, booked = (make.course(title) for title in ("Nothing", "Full", "Free", "Booked"))
    ann = make.person("Ann")
    make.booking(make.event(full, starts_at=SOON, capacity=1))
    make.event(free, starts_at=SOON)
    make.booking(make.event(booked, starts_at=SOON), ann)
    browser = signed_in(ann)
    small = "No date suits you?"
    seen = {}
    for course in (nothing, full, free, booked):
        text = browser.get(f"/courses/{course.slug}").text
        seen[course.title] = ("Tell me when this course next runs" in text, small in text)
    assert seen == {
        "Nothing": (True, False),
        "Full": (True, False),
        "Free": (True, True),
        "Booked": (False, False),
    }
    answer = browser.post(f"/courses/{booked.slug}/tell-me")
    assert (answer.status, "You have a place on this course already" in answer.text) == (409, True)
    assert still_wanting(booked) == []


def test_strangers_are_led_to_sign_in_and_then_back_to_the_course(app: Flask, stranger: PageClient) -> None:
    course = make.course("Neglect")
    make.course("Unlisted", is_listed=False)
    db.session.commit()
    page = stranger.get(f"/courses/{course.slug}")
    assert ("/sign-in?next=/courses/" + course.slug, "Sign in to be told") in page.links
    answer = stranger.post(f"/courses/{course.slug}/tell-me")
    assert (answer.status, answer.response.headers["Location"]) == (303, "/sign-in")
    assert still_wanting(course) == []


def test_who_may_not_book_the_course_is_told_why_and_is_not_on_the_list(
    app: Flask, signed_in: SignIn
) -> None:
    first = make.course("Basics")
    course = make.course("Neglect", audience="Social workers.", policies={"sectors": ["health"]})
    db.session.add(Prerequisite(course_id=course.id, needs_id=first.id))
    ann, unlisted = make.person("Ann"), make.course("Unlisted", is_listed=False)
    browser = signed_in(ann)
    answer = browser.post(f"/courses/{course.slug}/tell-me")
    assert (answer.status, answer.h1) == (409, "This course is not open to you")
    for words in (
        "Your agency is listed as “school”.",
        "You need to have completed Basics first.",
        "Social workers.",
    ):
        assert words in answer.text
    assert browser.post(f"/courses/{unlisted.slug}/tell-me").status == 404
    assert browser.post("/courses/nothing/tell-me").status == 404
    assert db.session.scalars(select(Interest)).all() == []


def test_publishing_offers_the_free_places_in_order_and_tells_those_who_wait(
    app: Flask, signed_in: SignIn
) -> None:
    course = make.course("Neglect")
    wants(course, "Ann", "Ben", "Cat")
    event = a_date(course, capacity=2, status=EventStatus.DRAFT, venue=make.venue())
    browser = signed_in(make.officer())
    page = browser.get(f"/manage/dates/{event.id}")
    assert "3 people asked to be told when this course next runs, and are told by email" in page.text
    done = browser.send(page, "/publish")
    assert "3 people who asked to be told when this course next runs are being told by email." in done.text
    # Pressed twice, and looked at by the worker.
    assert browser.post(f"/manage/dates/{event.id}/publish").status == 303
    assert actions.offer_new_dates(now=NOW + HOUR) == 0
    db.session.expire_all()
    assert at(event) == [("Ann", S.OFFERED), ("Ben", S.OFFERED), ("Cat", S.WAITING)]
    assert letters() == [
        ("Ann", "runs_again_offered"),
        ("Ben", "runs_again_offered"),
        ("Cat", "runs_again_waiting"),
    ]
    assert still_wanting(course) == ["Ann", "Ben", "Cat"]
    changes = db.session.execute(
        select(BookingChange.was, BookingChange.became, BookingChange.why, BookingChange.by_id)
        .join(Booking, BookingChange.booking_id == Booking.id)
        .order_by(Booking.id, BookingChange.id)
    ).all()
    why = "Asked to be told when the course next runs"
    assert changes[:2] == [(None, S.WAITING, why, None), (S.WAITING, S.OFFERED, "", None)]
    offer, _, turn = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert (offer.subject, offer.carries_key) == ("Neglect runs again: a place is held for you", True)
    assert (offer.expires_at, turn.expires_at) == (NOW + timedelta(hours=24), None)
    for words in ("A place is held for you until Wednesday 7 May 2025, 9:30am.", "http://localhost/offers/"):
        assert (words in offer.text, words in offer.html) == (True, True)
    for words in ("You are number 1 on the waiting list.", "you are then told of the next date too"):
        assert (words in turn.text, words in turn.html) == (True, True)


def test_the_offer_is_taken_with_the_link_of_its_mail_and_ends_the_interest(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    course = make.course("Neglect")
    wants(course, "Ann")
    event = a_date(course)
    actions.offer_to_interested(event, now=NOW)
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
    actions.offer_to_interested(a_date(course), now=midnight)
    mail = db.session.scalars(select(Mail)).one()
    for text in (mail.text, mail.html):
        assert "A place is held for you until Wednesday 7 May 2025, 11:59pm." in text


def test_who_comes_later_stands_behind_those_who_had_asked(app: Flask) -> None:
    course = make.course("Neglect")
    wants(course, "Ann", "Ben")
    event = a_date(course)
    late = make.person("Late")
    actions.offer_to_interested(event, now=NOW)
    # Two clocks may differ: an earlier moment is no earlier turn.
    actions.book(late, event, by=late, now=NOW - HOUR)
    assert at(event) == [("Ann", S.OFFERED), ("Ben", S.WAITING), ("Late", S.WAITING)]
    ann = db.session.scalars(select(Booking).order_by(Booking.id)).first()
    assert ann is not None
    actions.cancel(ann, by=ann.person, now=NOW + HOUR)
    assert at(event) == [("Ann", S.WITHDRAWN), ("Ben", S.OFFERED), ("Late", S.WAITING)]
    db.session.commit()
    actions.lapse_offers(now=NOW + timedelta(days=3))
    assert at(event) == [("Ann", S.WITHDRAWN), ("Ben", S.LAPSED), ("Late", S.OFFERED)]
    assert still_wanting(course) == ["Ann", "Ben"]


def test_somebody_who_books_before_the_worker_has_looked_comes_after_those_who_had_asked(app: Flask) -> None:
    course = make.course("Neglect")
    (ann,) = wants(course, "Ann")
    event, late = a_date(course), make.person("Late")
    db.session.commit()
    actions.book(late, event, by=late, now=NOW)
    assert at(event) == [("Ann", S.OFFERED), ("Late", S.WAITING)]
    mine = actions.book(ann, event, by=ann, now=NOW)
    assert mine.status is S.OFFERED
    assert letters() == [("Ann", "runs_again_offered"), ("Late", "booking_waiting")]


def test_what_somebody_needs_is_kept_where_booking_finds_that_they_had_asked(
    app: Flask, signed_in: SignIn
) -> None:
    course = make.course("Neglect")
    first, second = wants(course, "Ann", "Ben")
    event = a_date(course, capacity=2)
    needs = {"access_needs": "A hearing loop", "dietary_needs": "Halal"}
    for person, text in ((first, needs), (second, {**needs, "dietary_needs": ""})):
        # Of Ann the worker has not heard yet; Ben has joined the list while his answers were typed.
        browser = signed_in(person)
        for _ in range(2):
            done = browser.post(f"/dates/{event.id}/book", {**text, "step": "confirm"})
            assert done.status == 303
        assert "A hearing loop" in browser.get(done.response.headers["Location"]).text
        # Another form that was open says nothing against what stands.
        browser.post(f"/dates/{event.id}/book", {"access_needs": "Nothing", "step": "confirm"})
    rows = db.session.execute(
        select(Person.name, BookingNeeds.access, BookingNeeds.dietary)
        .join(Booking, BookingNeeds.booking_id == Booking.id)
        .join(Person, Booking.person_id == Person.id)
        .order_by(Person.name)
    ).all()
    assert rows == [("Ann", "A hearing loop", "Halal"), ("Ben", "A hearing loop", "")]


def test_a_date_whose_bookings_open_later_is_offered_by_the_worker_when_they_do_and_once(app: Flask) -> None:
    course = make.course("Neglect")
    wants(course, "Ann")
    event = a_date(course, policies={"opens_days": 10})
    assert actions.offer_to_interested(event, now=NOW) == 0
    db.session.commit()
    assert worker.EACH_MINUTE.index(actions.offer_new_dates) < worker.EACH_MINUTE.index(
        actions.fill_free_places
    )
    assert actions.offer_new_dates(now=NOW + timedelta(days=19)) == 0
    (ben,) = wants(course, "Ben")
    db.session.commit()
    opened = NOW + timedelta(days=20)
    assert [actions.offer_new_dates(now=opened) for _ in range(2)] == [2, 0]
    # Who asks once it can be booked waits for the next date.
    wants(course, "Late")
    db.session.commit()
    assert actions.offer_new_dates(now=opened + HOUR) == 0
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
    assert (actions.offer_new_dates(now=NOW), actions.offer_to_interested(event, now=NOW)) == (0, 0)
    assert (at(event), at(hidden), letters(), event.interested_told_at) == ([], [], [], None)


def test_no_agency_is_offered_more_than_its_cap(app: Flask) -> None:
    course = make.course("Neglect")
    oak, elm = make.agency("Oak School"), make.agency("Elm School")
    wants(course, "Ann", "Ben", of=oak)
    wants(course, "Cat", of=elm)
    event = a_date(course, capacity=2, policies={"agency_cap": 1})
    assert actions.offer_to_interested(event, now=NOW) == 3
    # Cat asked at the same moment as Ann, and is the later row.
    assert dict(at(event)) == {"Ann": S.OFFERED, "Ben": S.WAITING, "Cat": S.OFFERED}


@pytest.mark.parametrize("held", [{"policies": {"waiting_list": "manual"}}, {"is_list_paused": True}])
def test_where_officers_decide_everybody_joins_the_list_and_nobody_is_offered_a_place(
    app: Flask, held: dict[str, Any]
) -> None:
    course = make.course("Neglect")
    wants(course, "Ann", "Ben")
    event = a_date(course, capacity=5, **held)
    assert actions.offer_to_interested(event, now=NOW) == 2
    assert at(event) == [("Ann", S.WAITING), ("Ben", S.WAITING)]
    assert letters() == [("Ann", "runs_again_waiting"), ("Ben", "runs_again_waiting")]
    mail = db.session.scalars(select(Mail)).first()
    assert mail is not None
    assert "The training team decides who gets a place." in mail.text


def test_on_a_list_that_gives_places_at_once_those_who_asked_for_any_date_are_still_asked(app: Flask) -> None:
    course = make.course("Neglect")
    wants(course, "Ann", "Ben")
    event = a_date(course, policies=make.AUTOMATIC)
    late = make.person("Late")
    actions.offer_to_interested(event, now=NOW)
    actions.book(late, event, by=late, now=NOW)
    db.session.commit()
    assert at(event) == [("Ann", S.OFFERED), ("Ben", S.WAITING), ("Late", S.WAITING)]
    actions.lapse_offers(now=NOW + timedelta(days=2))
    assert at(event) == [("Ann", S.LAPSED), ("Ben", S.OFFERED), ("Late", S.WAITING)]
    actions.lapse_offers(now=NOW + timedelta(days=4))
    assert at(event) == [("Ann", S.LAPSED), ("Ben", S.LAPSED), ("Late", S.CONFIRMED)]


def test_a_second_date_is_offered_to_those_who_have_no_place_on_the_first(app: Flask) -> None:
    course = make.course("Neglect")
    ann, ben, _cat = wants(course, "Ann", "Ben", "Cat")
    first, second = a_date(course, capacity=2), a_date(course, capacity=5, starts_at=SOON + timedelta(days=7))
    actions.offer_to_interested(first, now=NOW)
    bookings = {row.person.name: row for row in db.session.scalars(select(Booking))}
    actions.take_offer(bookings["Ann"], by=ann, now=NOW)
    actions.cancel(bookings["Ben"], by=ben, now=NOW)
    assert still_wanting(course) == ["Ben", "Cat"]
    actions.offer_to_interested(second, now=NOW + HOUR)
    assert at(first) == [("Ann", S.CONFIRMED), ("Ben", S.WITHDRAWN), ("Cat", S.OFFERED)]
    # Cat holds an offer that came of the same wish: it is not promised twice.
    assert at(second) == [("Ben", S.OFFERED)]
    assert [row for row in letters() if row[0] == "Cat"][1:] == [("Cat", "place_offered")]


def test_who_waits_at_a_date_because_they_had_asked_is_not_put_on_the_list_of_the_next(app: Flask) -> None:
    course = make.course("Neglect")
    _ann, _ben, own = wants(course, "Ann", "Ben", "Own turn")
    first, second = a_date(course), a_date(course, capacity=5, starts_at=SOON + timedelta(days=7))
    actions.offer_to_interested(first, now=NOW)
    turn = db.session.scalars(select(Booking).where(Booking.person_id == own.id)).one()
    actions.cancel(turn, by=own, now=NOW)
    # A list that somebody joined of themselves is another wish.
    full = make.event(course, starts_at=SOON + timedelta(days=3), capacity=1)
    make.booking(full)
    make.booking(full, own, S.WAITING)
    assert actions.offer_to_interested(second, now=NOW) == 1
    assert at(first) == [("Ann", S.OFFERED), ("Ben", S.WAITING), ("Own turn", S.WITHDRAWN)]
    assert at(second) == [("Own turn", S.OFFERED)]


def test_who_gets_a_place_loses_what_they_were_promised_at_other_dates_and_the_next_gets_it(
    app: Flask,
) -> None:
    course, other = make.course("Neglect"), make.course("Another course")
    ann, ben = wants(course, "Ann", "Ben")
    wants(other, "Cat")
    first = a_date(course)
    actions.offer_to_interested(first, now=NOW)
    elsewhere = a_date(other)
    actions.offer_to_interested(elsewhere, now=NOW)
    late = make.person("Late")
    actions.book(late, first, by=late, now=NOW)
    second = make.event(course, starts_at=SOON + timedelta(days=7))
    actions.book(ben, second, by=ben, now=NOW)
    officers = make.booking(second, make.person("Own turn"), S.WAITING)
    actions.book(officers.person, make.event(course, starts_at=SOON + timedelta(days=14)), by=ann, now=NOW)
    db.session.commit()
    assert actions.give_up_not_needed(now=NOW) == 1
    assert at(first) == [("Ann", S.OFFERED), ("Ben", S.WITHDRAWN), ("Late", S.WAITING)]
    actions.book(ann, second, by=ann, now=NOW)
    db.session.commit()
    assert worker.EACH_MINUTE.index(actions.give_up_not_needed) < worker.EACH_MINUTE.index(
        actions.fill_free_places
    )
    assert [actions.give_up_not_needed(now=NOW) for _ in range(2)] == [1, 0]
    assert at(first) == [("Ann", S.WITHDRAWN), ("Ben", S.WITHDRAWN), ("Late", S.OFFERED)]
    assert at(elsewhere) == [("Cat", S.OFFERED)]
    assert officers.status is S.WAITING
    mail = db.session.scalars(
        select(Mail).where(Mail.template == "booking_withdrawn", Mail.to_name == "Ann")
    ).one()
    for words in (
        "The place on Neglect that was offered to you is no longer held for you.",
        "You have a place at another date of this course, so this one goes to the next person.",
    ):
        assert (words in mail.text, words in mail.html) == (True, True)
    # What an officer decides about it afterwards stands.
    bens = db.session.scalars(select(Booking).where(Booking.person_id == ben.id).order_by(Booking.id)).first()
    assert bens is not None
    actions.undo(bens, S.WAITING, by=make.officer(), now=NOW, reason="Wants to change")
    db.session.commit()
    assert (actions.give_up_not_needed(now=NOW), bens.status) == (0, S.WAITING)


def test_who_has_a_place_an_open_booking_or_no_right_to_one_is_left_out(app: Flask) -> None:
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
    assert actions.offer_to_interested(event, now=NOW) == 2
    assert at(event) == [("Asked already", S.REQUESTED), ("Counts", S.OFFERED), ("Done", S.WAITING)]
    assert waits.status is S.REQUESTED
    assert sorted(still_wanting(course)) == sorted([*names[1:], "Nurse"])


def test_where_a_line_manager_approves_people_are_told_and_ask_for_a_place_themselves(app: Flask) -> None:
    course = make.course("Neglect", policies={"approval": "line manager"})
    wants(course, "Ann")
    event = a_date(course)
    assert [actions.offer_to_interested(event, now=NOW) for _ in range(2)] == [1, 0]
    assert (at(event), letters(), still_wanting(course)) == ([], [("Ann", "runs_again")], ["Ann"])
    mail = db.session.scalars(select(Mail)).one()
    for words in (f"http://localhost/dates/{event.id}/book", "your line manager has to approve this course"):
        assert (words in mail.text, words in mail.html) == (True, True)


def test_however_a_place_comes_about_the_person_no_longer_waits_to_be_told(app: Flask) -> None:
    course, other = make.course("Neglect"), make.course("Another course")
    booked, moved, walked_in, picked = wants(course, "Booked", "Moved", "Walked in", "Picked")
    wants(other, "Elsewhere")
    elsewhere = db.session.scalars(select(Person).where(Person.name == "Elsewhere")).one()
    officer = make.officer()
    event = make.event(course, starts_at=SOON, capacity=9)
    actions.book(booked, event, by=booked, now=NOW)
    away = make.booking(event, make.person("Away", of=moved.agency))
    actions.substitute(away, name=moved.name, email=moved.email, by=officer, now=NOW)
    waiting = make.booking(event, picked, S.WAITING)
    actions.pick(waiting, by=officer, now=NOW, outright=True, reason="First")
    assert still_wanting(course) == ["Walked in"]
    actions.add_walk_in(walked_in, event, by=officer, now=SOON)
    assert still_wanting(course) == []
    actions.book(elsewhere, event, by=elsewhere, now=NOW)
    assert still_wanting(other) == ["Elsewhere"]
    ended = db.session.scalars(
        select(Interest.ended_at).where(Interest.course_id == course.id).order_by(Interest.id)
    )
    assert ended.all() == [NOW, NOW, SOON, NOW]


def test_confirming_a_booking_costs_one_statement_for_whoever_waited_to_be_told(app: Flask) -> None:
    course = make.course("Neglect")
    event = make.event(course, starts_at=SOON)
    (ann,) = wants(course, "Ann")
    db.session.commit()
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    listen(db.engine, "before_cursor_execute", note)
    actions.book(ann, event, by=ann, now=NOW)
    remove(db.engine, "before_cursor_execute", note)
    about = [
        statement.split()[:2] for statement in seen if {"interest", "interest."} & set(statement.split())
    ]
    assert about == [["UPDATE", "interest"]]


def test_officers_see_how_many_want_a_course_since_when_and_from_where_and_nobody_else_does(
    app: Flask, signed_in: SignIn
) -> None:
    course, other = make.course("Neglect"), make.course("Another course")
    oak, elm = make.agency("Oak School"), make.agency("Elm School")
    ann, _ben, gone = wants(course, "Ann Archer", "Ben Baker", "Gone", of=oak)
    wants(course, "Cat Cole", of=elm)
    actions.stop_asking(gone, course, now=NOW)
    officer = signed_in(make.officer())
    courses = officer.get("/manage/courses")
    assert "2 want a date" not in courses.text
    assert "3 want a date of Neglect since 27 April 2025" in courses.text
    assert (
        "3 people want it to run , the first since 27 April 2025."
        in officer.get(f"/courses/{course.slug}").text
    )
    page = officer.get(f"/manage/courses/{course.slug}/interest")
    assert (page.status, page.h1) == (200, "Who wants Neglect")
    for words in (
        "3 people have asked",
        "Oak School 2",
        "Elm School 1",
        "Ann Archer",
        "Ben Baker",
        "Cat Cole",
    ):
        assert words in page.text
    assert "Gone" not in page.text
    assert "Nobody has asked" in officer.get(f"/manage/courses/{other.slug}/interest").text
    assert officer.get("/manage/courses/nothing/interest").status == 404
    for person in (
        ann,
        *(make.person(role.value, role, of=oak) for role in Role if role is not Role.HUB_OFFICER),
    ):
        browser = signed_in(person)
        assert browser.get(f"/manage/courses/{course.slug}/interest").status == 403
        text = browser.get(f"/courses/{course.slug}").text
        assert ("want it to run" in text, "Ben Baker" in text, "Cat Cole" in text) == (False, False, False)
        assert "Ben Baker" not in browser.get("/bookings").text


def test_the_pages_ask_as_much_of_the_database_for_three_as_for_one(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    course = make.course("Neglect")
    (ann,) = wants(course, "Ann")
    officer, browser = signed_in(make.officer()), signed_in(ann)
    looks: list[Callable[[], object]] = [
        lambda: officer.get("/manage/courses"),
        lambda: officer.get(f"/manage/courses/{course.slug}/interest"),
        lambda: officer.get(f"/courses/{course.slug}"),
        lambda: browser.get("/bookings"),
    ]
    few = [queries(look) for look in looks]
    wants(course, "Ben", "Cat")
    for title in ("Second", "Third"):
        more = make.course(title)
        wants(more, "Dan")
        db.session.add(Interest(course=more, person=ann, agency_id=ann.agency_id, asked_at=NOW))
    db.session.commit()
    assert [queries(look) for look in looks] == few


def test_the_names_come_fifty_to_a_page(app: Flask, signed_in: SignIn) -> None:
    course = make.course("Neglect")
    wants(course, *(f"Person {number:02}" for number in range(51)))
    officer = signed_in(make.officer())
    first, second = (officer.get(f"/manage/courses/{course.slug}/interest?page={page}") for page in (1, 2))
    assert ("Person 49" in first.text, "Person 50" in first.text) == (True, False)
    assert ("Person 49" in second.text, "Person 50" in second.text) == (False, True)
    assert "Page 2 of 2" in second.text


def test_the_booking_says_how_it_came_to_be_on_the_list(app: Flask, signed_in: SignIn) -> None:
    course = make.course("Neglect")
    (ann,) = wants(course, "Ann")
    event = a_date(course, policies={"waiting_list": "manual"})
    actions.offer_to_interested(event, now=NOW)
    booking = db.session.scalars(select(Booking)).one()
    page = signed_in(ann).get(f"/bookings/{booking.reference}")
    assert "Put on the waiting list, as soon as this date could be booked." in page.text
    assert "Reason: Asked to be told when the course next runs" in page.text
    assert "every place was taken" not in page.text


def test_a_list_a_reserved_place_and_a_move_leave_a_new_date_to_those_who_had_asked_for_it(
    app: Flask,
) -> None:
    officer, course, agency = make.officer(), make.course(), make.agency()
    for way in ("list", "reserved", "move"):
        (ann,) = wants(course, f"Ann {way}")
        date = a_date(course)
        if way == "list":
            (entry,) = read_list("Ben <ben@example.org>")
            actions.book_group(date, agency, [entry], by=officer, now=NOW, all_or_nothing=False)
            assert at(date) == [(ann.name, S.OFFERED), ("Ben", S.WAITING)]
        elif way == "reserved":
            with pytest.raises(actions.CannotReserve, match="No more places"):
                actions.reserve(date, agency, 1, had=0, by=officer, now=NOW)
            assert at(date) == [(ann.name, S.OFFERED)]
        else:
            place = make.booking(make.event(course, starts_at=SOON + timedelta(days=7)))
            with pytest.raises(actions.NoRoom):
                actions.transfer(place, date, by=officer, now=NOW)
            assert at(date) == [(ann.name, S.OFFERED)]
        actions.stop_asking(ann, course, now=NOW)
