"""Officers and a waiting list: why each person waits, picking someone, pausing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.actions.call_off import cancel_event
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.claims import lapse_claims
from training_hub.bookings.actions.waiting_list import pick
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.waiting_list import events_to_fill
from training_hub.bookings.rules.places import Share, next_in_line
from training_hub.bookings.rules.waiting_list import ListState, Wait, Waiting, why_waiting
from training_hub.bookings.rules.wording import waiting_sentence
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.mail.models import Mail

pytestmark = pytest.mark.postgres

SignIn = Callable[..., PageClient]
SOON = NOW + timedelta(days=30)
S = Status


@dataclass(frozen=True)
class Waits:
    """A person of an agency who waits."""

    id: int
    agency_id: int


def of_agencies(*agencies: int) -> list[Waits]:
    return [Waits(number, agency) for number, agency in enumerate(agencies)]


def state(free: int = 0, **more: object) -> ListState:
    return ListState(free=free, **{"shares": {}, **more})  # type: ignore[arg-type]


def sentences(waiting: list[Waits], state: ListState) -> list[str]:
    return [waiting_sentence(each, state) for each in why_waiting(waiting, state)]


def test_waiting_sentence_says_how_many_are_ahead() -> None:
    assert sentences(of_agencies(1, 2, 3), state()) == [
        "First on the list, but no place is available",
        "One person is ahead",
        "Two people are ahead",
    ]


def test_a_free_place_goes_to_the_first() -> None:
    free = Waiting(Wait.FREE)
    assert why_waiting(of_agencies(1, 2, 3), state(2)) == [
        free,
        Waiting(Wait.FREE, 1),
        Waiting(Wait.IN_LINE, 2),
    ]
    assert sentences(of_agencies(1), state(1)) == [
        "A place is available, and goes to this person within a few minutes"
    ]


def test_people_over_their_agency_limit_are_ahead_of_nobody() -> None:
    said = sentences(
        of_agencies(1, 2, 2, 3),
        state(cap=4, cap_ends_on=date(2025, 5, 16), shares={1: Share(held=4), 2: Share(held=3)}),
    )
    assert said == [
        "This person’s agency has reached its 4 places until 16 May 2025",
        "First on the list, but no place is available",
        "With the people ahead, this person’s agency reaches its 4 places until 16 May 2025",
        "One person is ahead",
    ]


@pytest.mark.parametrize(
    ("stopped", "sentence"),
    [
        ({"is_paused": True}, "The waiting list is paused"),
        ({"is_manual": True}, "The training team chooses who gets a place"),
        ({"is_closed": True, "is_paused": True, "is_manual": True}, "Bookings have closed"),
        ({"is_published": False}, "The course date is not in the programme"),
    ],
)
def test_stopped_waiting_list_says_why(stopped: dict[str, bool], sentence: str) -> None:
    assert sentences(of_agencies(1, 2), state(2, **stopped)) == [sentence, sentence]


@given(
    agencies=st.lists(st.integers(1, 3), max_size=8),
    free=st.integers(0, 4),
    cap=st.none() | st.integers(1, 3),
    held=st.lists(st.integers(0, 3), min_size=3, max_size=3),
)
def test_promised_places_go_to_the_promised_people(
    agencies: list[int], free: int, cap: int | None, held: list[int]
) -> None:
    waiting = of_agencies(*agencies)
    shares = {number + 1: Share(held=places) for number, places in enumerate(held)}
    found = why_waiting(waiting, state(free, cap=cap, shares=shares, cap_ends_on=date(2025, 5, 16)))
    chosen = next_in_line(waiting, free, cap=cap, shares=shares)
    assert [turn for turn, why in zip(waiting, found, strict=True) if why.cause is Wait.FREE] == chosen
    # With one place more, the next person gets it too.
    more = next_in_line(waiting, free + 1, cap=cap, shares=shares)
    if not free:
        assert [
            turn for turn, why in zip(waiting, found, strict=True) if why == Waiting(Wait.IN_LINE)
        ] == more


def full(policies: dict[str, object] | None = None, waiting: int = 2, capacity: int = 1) -> Event:
    """A date that is full, with Ann, Ben and so on waiting in this order."""
    event = make.event(
        make.course(),
        starts_at=SOON,
        capacity=capacity,
        policies=policies or {"waiting_list": "manual"},
    )
    for _ in range(capacity):
        make.booking(event)
    for number, name in enumerate(("Ann", "Ben", "Cat", "Dan")[:waiting]):
        make.booking(event, make.person(name), S.WAITING, asked_at=NOW - timedelta(hours=9 - number))
    return event


def called(event: Event, name: str) -> Booking:
    rows = db.session.scalars(select(Booking).where(Booking.event_id == event.id))
    return next(booking for booking in rows if booking.person.name == name)


def free_a_place(event: Event) -> None:
    booking = db.session.scalars(
        select(Booking).where(Booking.event_id == event.id, Booking.status == S.CONFIRMED)
    ).first()
    assert booking is not None
    cancel(booking, by=booking.person, now=NOW)
    db.session.commit()


def page_of(event: Event) -> str:
    return f"/manage/dates/{event.id}/bookings"


def pick_page(event: Event, booking: Booking) -> str:
    return f"/manage/dates/{event.id}/waiting/{booking.reference}/pick"


def letters() -> list[tuple[str, str]]:
    """Each email and its recipient, in order, without emails to people who cancelled."""
    rows = db.session.execute(select(Mail.to_name, Mail.template).order_by(Mail.id))
    return [(row.to_name, row.template) for row in rows if row.template != "booking_cancelled"]


def test_officers_read_why_people_wait(app: Flask, signed_in: SignIn) -> None:
    event = full({"waiting_list": "offers"}, waiting=3)
    trainer, officer = make.person("Tess", Role.TRAINER, of=make.agency()), make.officer()
    free_a_place(event)
    page = signed_in(officer).get(page_of(event))
    for words in (
        "First on the list, but no place is available",
        "One person is ahead",
        "Places that were offered",
        "Has an offer until 7 May 2025, 9:30am",
    ):
        assert words in page.text
    cancel(called(event, "Ann"), by=called(event, "Ann").person, now=NOW + timedelta(hours=1))
    db.session.commit()
    lapse_claims(now=NOW + timedelta(days=2))
    page = signed_in(officer).get(page_of(event))
    for words in (
        "Declined the offer on 6 May 2025, 10:30am",
        "Did not answer the offer by 8 May 2025, 9:30am",
        "Has an offer until 9 May 2025, 9:30am",
        "Nobody is waiting.",
    ):
        assert words in page.text
    assert signed_in(trainer).get(page_of(event)).status == 404


def test_trainers_see_the_list_without_reasons_or_buttons(app: Flask, signed_in: SignIn) -> None:
    trainer = make.person("Tess", Role.TRAINER)
    event = make.event(starts_at=SOON, capacity=2, trainers=(trainer,))
    booking = make.booking(event, make.person("Ann"), S.WAITING)
    db.session.commit()
    browser = signed_in(trainer)
    page = browser.get(page_of(event))
    assert (
        "Ann" in page.text,
        "Why they are waiting" in page.text,
        "Pause the waiting list" in page.text,
    ) == (
        True,
        False,
        False,
    )
    assert (
        browser.get(pick_page(event, booking)).status,
        browser.post(pick_page(event, booking)).status,
    ) == (403, 403)
    assert browser.post(f"/manage/dates/{event.id}/waiting/pause", {"answer": "pause"}).status == 403
    db.session.expire_all()
    assert (booking.status, event.is_list_paused) == (S.WAITING, False)


def test_waiting_list_page_takes_fixed_queries(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    event = full({"waiting_list": "offers", "agency_cap": 1}, waiting=1, capacity=2)
    browser = signed_in(make.officer())
    make.booking(event, status=S.OFFERED)
    db.session.commit()
    few = queries(lambda: browser.get(page_of(event)))
    for status in (S.WAITING, S.WAITING, S.OFFERED, S.LAPSED):
        make.booking(event, status=status)
    db.session.commit()
    assert queries(lambda: browser.get(page_of(event))) == few


def test_officer_offers_a_place_to_the_second_in_line(app: Flask, signed_in: SignIn) -> None:
    event = full()
    ben = called(event, "Ben")
    free_a_place(event)
    browser = signed_in(make.officer())
    page = browser.get(page_of(event))
    assert page.text.count("The training team chooses who gets a place") == 2
    ask = browser.get(pick_page(event, ben))
    assert (ask.status, ask.h1) == (200, "Give a place to Ben")
    assert (
        "We tell Ben by email, and nobody else. People ahead of them on the waiting list keep their position."
        in ask.text
    )
    assert "We hold the place until Wednesday 7 May 2025, 9:30am." in ask.text
    wrong = browser.post(pick_page(event, ben), {})
    assert wrong.status == 422
    for words in ("Choose how they get the place", "Say in a few words why this person gets the place"):
        assert words in wrong.text
    sent = {**ask.form("/pick"), "how": "offer", "reason": "She chairs the panel"}
    done = browser.follow(browser.post(pick_page(event, ben), sent))
    assert "A place is held for Ben" in done.text
    # Sent twice, or from a tab left open, it is answered, and nothing more happens.
    again = browser.follow(browser.post(pick_page(event, ben), sent))
    assert (again.status, "A place is held for Ben" in again.text) == (200, True)
    other = browser.post(pick_page(event, ben), {"how": "outright", "reason": "She chairs the panel"})
    assert other.status == 409
    assert "Ben has been offered a place, and can accept it until 7 May 2025, 9:30am." in other.text
    db.session.expire_all()
    assert [called(event, name).status for name in ("Ann", "Ben")] == [S.WAITING, S.OFFERED]
    assert letters() == [("Ben", "place_offered")]
    mail = db.session.scalars(select(Mail).where(Mail.template == "place_offered")).one()
    for words in ("The training team chose you from the waiting list.", "Reason: She chairs the panel"):
        assert (words in mail.text, words in mail.html) == (True, True)


def test_officer_gives_a_place_after_bookings_close(app: Flask, signed_in: SignIn, clock: TestClock) -> None:
    event = full()
    ann = called(event, "Ann")
    free_a_place(event)
    clock.now = SOON - timedelta(days=1)
    browser = signed_in(make.officer())
    assert "Bookings have closed" in browser.get(page_of(event)).text
    ask = browser.get(pick_page(event, ann))
    assert "there is no time left to answer an offer" in ask.text
    sent = {**ask.form("/pick"), "how": "outright", "reason": "A cancellation at the last moment"}
    assert browser.post(pick_page(event, ann), {"how": "offer", "reason": "A cancellation"}).status == 422
    done = browser.follow(browser.post(pick_page(event, ann), sent))
    assert "Ann has a place" in done.text
    assert browser.post(pick_page(event, ann), sent).status == 303
    db.session.expire_all()
    assert ann.status is S.CONFIRMED
    assert letters() == [("Ann", "booking_place_found")]
    mail = db.session.scalars(select(Mail).where(Mail.template == "booking_place_found")).one()
    assert "You were on the waiting list for this course date." not in mail.text
    assert "METHOD:REQUEST" in mail.calendar


def test_pick_that_is_too_late_says_why(app: Flask, signed_in: SignIn, clock: TestClock) -> None:
    event, other = full(), full_of_another_course()
    ann, ben = called(event, "Ann"), called(event, "Ben")
    browser = signed_in(make.officer())
    sent = {"how": "offer", "reason": "First to ask"}

    nothing_free = browser.post(pick_page(event, ann), sent)
    assert nothing_free.status == 409
    assert "No place is available. Raise the capacity first, or cancel a booking." in nothing_free.text
    assert "No place is available" in browser.get(pick_page(event, ann)).text

    free_a_place(event)
    elsewhere = browser.post(f"/manage/dates/{other.id}/waiting/{ann.reference}/pick", sent)
    assert elsewhere.status == 409
    assert "This person is waiting for another course date." in elsewhere.text
    assert browser.post(f"/manage/dates/{event.id}/waiting/TH-NOBODY/pick", sent).status == 404
    assert browser.post(f"/manage/dates/9999/waiting/{ann.reference}/pick", sent).status == 404

    cancel(ben, by=ben.person, now=NOW)
    db.session.commit()
    for answer in (browser.get(pick_page(event, ben)), browser.post(pick_page(event, ben), sent)):
        assert answer.status == 409
        assert "Ben is no longer waiting for a place." in answer.text

    clock.now = SOON
    started = browser.post(pick_page(event, ann), {**sent, "how": "outright"})
    assert started.status == 409
    assert "The course has started, so its places can no longer be given." in started.text
    db.session.expire_all()
    assert [ann.status, ben.status] == [S.WAITING, S.WITHDRAWN]
    assert letters() == [("Ben", "booking_withdrawn")]


def full_of_another_course() -> Event:
    event = make.event(make.course("Another course"), starts_at=SOON, capacity=1)
    make.booking(event)
    return event


def test_a_paused_list_gives_nothing_until_resumed(app: Flask, signed_in: SignIn) -> None:
    event = full({"waiting_list": "offers"})
    browser = signed_in(make.officer())
    page = browser.get(page_of(event))
    paused = browser.send(page, "/pause")
    assert (
        "Until you resume the list, a place goes only to someone you choose. Nobody has been told."
        in paused.text
    )
    assert browser.post(f"/manage/dates/{event.id}/waiting/pause", {"answer": "pause"}).status == 303
    free_a_place(event)
    page = browser.get(page_of(event))
    assert page.text.count("The waiting list is paused") >= 2
    assert letters() == []
    resumed = browser.send(page, "/pause")
    assert "Waiting list resumed" in resumed.text
    assert "Has an offer until 7 May 2025, 9:30am" in resumed.text
    # A tab left open: the list is running again already, and nobody is told twice.
    assert browser.post(f"/manage/dates/{event.id}/waiting/pause", {"answer": "resume"}).status == 303
    assert letters() == [("Ann", "place_offered")]
    assert browser.post(f"/manage/dates/{event.id}/waiting/pause", {"answer": "burn"}).status == 400


def test_started_or_called_off_list_cannot_be_paused(app: Flask, signed_in: SignIn, clock: TestClock) -> None:
    event, gone = full(), full()
    officer = make.officer()
    cancel_event(gone, by=officer, now=NOW, reason="Snow")
    db.session.commit()
    browser = signed_in(officer)
    off = browser.post(f"/manage/dates/{gone.id}/waiting/pause", {"answer": "pause"})
    assert (off.status, "has been called off" in off.text) == (409, True)
    clock.now = SOON
    begun = browser.post(f"/manage/dates/{event.id}/waiting/pause", {"answer": "pause"})
    assert (begun.status, "The course has started" in begun.text) == (409, True)
    assert "Pause the waiting list" not in browser.get(page_of(event)).text
    db.session.expire_all()
    assert (event.is_list_paused, gone.is_list_paused) == (False, False)
    assert browser.post("/manage/dates/9999/waiting/pause", {"answer": "pause"}).status == 404


def test_pick_is_in_the_history_with_reason_and_officer(app: Flask) -> None:
    event, officer = full(), make.officer()
    free_a_place(event)
    ann = called(event, "Ann")
    pick(ann, by=officer, now=NOW, outright=False, reason="Waited longest")
    last = db.session.scalars(
        select(BookingChange).where(
            BookingChange.id
            == select(func.max(BookingChange.id)).where(BookingChange.booking_id == ann.id).scalar_subquery()
        )
    ).one()
    assert (last.was, last.became, last.by, last.why) == (S.WAITING, S.OFFERED, officer, "Waited longest")


def test_worker_fills_only_dates_with_waiting_people(app: Flask) -> None:
    kept, wide, free = (make.event(starts_at=SOON, capacity=2) for _ in range(3))
    walked = make.event(starts_at=SOON, capacity=1)
    make.event(starts_at=SOON)
    for event in (kept, wide, free, walked):
        make.booking(event, status=S.WAITING)
    for status in (S.CONFIRMED, S.OFFERED):
        make.booking(wide, status=status)
    make.booking(kept, status=S.REQUESTED, is_held=True)
    officer = make.officer()
    for event, ended_at in ((kept, None), (free, NOW)):
        given = {
            "event_id": event.id,
            "agency_id": make.agency().id,
            "reserved_at": NOW,
            "ended_at": ended_at,
        }
        db.session.add(ReservedPlace(reserved_by_id=officer.id, **given))
    db.session.flush()
    make.booking(free, status=S.REQUESTED)
    make.booking(free, status=S.CANCELLED)
    # Walk-ins take none of the places.
    make.booking(walked, status=S.COMPLETED, walk_in=True)
    assert sorted(events_to_fill(now=NOW)) == [free.id, walked.id]
