"""Offers: a place held for the first person in line for some hours, then accepted, declined or passed on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import make
from tests.bookings.told import (
    NEXT_MONTH,
    booked,
    folded,
    forget_mails,
    history,
    link,
    mail,
    mails,
    move,
    stored,
)
from tests.conftest import NOW, TestClock
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.actions.call_off import cancel_event
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.claims import lapse_claims
from training_hub.bookings.actions.undo import undo
from training_hub.bookings.actions.waiting_list import take_offer
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import places
from training_hub.bookings.rules.cancel import AlreadyOver
from training_hub.bookings.rules.claims import Decided
from training_hub.catalogue.models import Event
from training_hub.database import db

SignIn = Callable[..., PageClient]
LATER = NOW + timedelta(hours=1)
TOMORROW = LATER + timedelta(hours=24)


def offered(event: Event | None = None) -> tuple[Booking, Booking, Booking]:
    """Ann has given her place up, Ben is offered it, and Cat is next."""
    event = event or make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=1)
    ann, ben, cat = booked(event, "Ann", "Ben", "Cat")
    cancel(ann, by=ann.person, now=LATER, reason="On leave")
    db.session.commit()
    return ann, ben, cat


def path_of(booking: Booking) -> str:
    """The path of the link in the mail that offers the place."""
    return link(mail("place_offered", booking.person.name), "/offers")


def test_freed_place_is_offered_and_taken_by_email(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    _ann, ben, _cat = offered()
    assert stored() == [("Ann", Status.CANCELLED), ("Ben", Status.OFFERED), ("Cat", Status.WAITING)]
    assert mails() == [("booking_cancelled", "Ann"), ("place_offered", "Ben")]
    letter = mail("place_offered", "Ben")
    assert letter.subject == "You have been offered a place: Neglect, Thursday 5 June 2025"
    assert "A place on Neglect is held for you until Wednesday 7 May 2025, 10:30am." in folded(letter.text)
    assert (letter.calendar, letter.expires_at) == ("", TOMORROW)
    path = path_of(ben)
    forget_mails()
    page = stranger.get(path)
    assert (page.status, page.h1) == (200, "You have been offered a place")
    assert "Held until Wednesday 7 May 2025, 10:30am" in page.text
    assert (
        "Once you have accepted the place, you can cancel without it counting as late until Sunday 1"
        in page.text
    )
    done = stranger.send(page, path, answer="take")
    assert (done.status, done.h1) == (200, "The place is yours")
    assert ben.reference in done.text
    assert stored() == [("Ann", Status.CANCELLED), ("Ben", Status.CONFIRMED), ("Cat", Status.WAITING)]
    assert mails() == [("booking_confirmed", "Ben")]
    confirmed = mail("booking_confirmed", "Ben")
    assert ("METHOD:REQUEST" in confirmed.calendar, "/refuse/" in confirmed.text) == (True, False)
    assert history(signed_in(ben.person).get(f"/bookings/{ben.reference}")) == (
        "The person joined the waiting list, because every place was taken. 6 May 2025, 9:31am , you "
        "A place became available and was offered to this person. Reason: A place became available 6 May 2025, 10:30am "
        "The offer was accepted, and the place is booked. 6 May 2025, 9:30am , you"
    )


def test_opening_the_offer_accepts_and_declines_nothing(app: Flask, stranger: PageClient) -> None:
    _ann, ben, _cat = offered()
    path = path_of(ben)
    for _ in range(3):
        assert stranger.get(path).h1 == "You have been offered a place"
        assert stranger.http.head(path).status_code == 200
        # An address that says it is done changes nothing.
        assert stranger.get(f"{path}?done=taken").h1 == "You have been offered a place"
    assert stored()[1:] == [("Ben", Status.OFFERED), ("Cat", Status.WAITING)]


def test_an_offer_is_taken_once_however_often_it_is_pressed(app: Flask, stranger: PageClient) -> None:
    _ann, ben, _cat = offered()
    path = path_of(ben)
    page = stranger.get(path)
    forget_mails()
    seen = [stranger.send(page, path, answer="take") for _ in range(2)]
    assert [(each.status, each.h1) for each in seen] == [(200, "The place is yours")] * 2
    late = stranger.send(page, path, answer="decline")
    assert (late.status, late.h1) == (200, "The place is yours")
    assert "You have accepted this place already." in late.text
    assert stored()[1] == ("Ben", Status.CONFIRMED)
    assert mails() == [("booking_confirmed", "Ben")]


def test_declining_an_offer_keeps_a_place_just_taken(app: Flask) -> None:
    _ann, ben, _cat = offered()
    take_offer(ben, by=ben.person, now=NOW)
    forget_mails()
    with pytest.raises(Decided, match="has since changed"):
        cancel(ben, by=ben.person, now=NOW, expected=Status.OFFERED)
    assert (stored()[1], mails()) == (("Ben", Status.CONFIRMED), [])
    # The page says that the offer has ended, whatever it showed before.
    cancel(ben, by=ben.person, now=NOW, expected=Status.CONFIRMED)
    with pytest.raises(AlreadyOver):
        cancel(ben, by=ben.person, now=NOW, expected=Status.CONFIRMED)


def test_an_offer_that_is_refused_passes_on_at_once(app: Flask, stranger: PageClient) -> None:
    _ann, ben, cat = offered()
    path = path_of(ben)
    page = stranger.get(path)
    forget_mails()
    done = stranger.send(page, path, answer="decline")
    assert (done.status, done.h1) == (200, "You have declined the place")
    assert "The place goes to the next person on the waiting list." in done.text
    assert stored()[1:] == [("Ben", Status.WITHDRAWN), ("Cat", Status.OFFERED)]
    assert mails() == [("booking_withdrawn", "Ben"), ("place_offered", "Cat")]
    assert mail("booking_withdrawn", "Ben").subject == "Offer declined: Neglect, Thursday 5 June 2025"
    again = stranger.send(page, path, answer="take")
    assert (again.status, again.h1) == (410, "This offer has ended")
    assert "There is no place held for you any more." in again.text
    assert stored()[1:] == [("Ben", Status.WITHDRAWN), ("Cat", Status.OFFERED)]
    assert cat.decide_by == NOW + timedelta(hours=24)


def test_offer_ends_at_its_deadline_before_the_worker_runs(
    app: Flask, signed_in: SignIn, stranger: PageClient, clock: TestClock
) -> None:
    _ann, ben, cat = offered()
    path, own = path_of(ben), signed_in(ben.person)
    forget_mails()
    clock.now = TOMORROW - timedelta(minutes=1)
    page = stranger.get(path)
    assert page.h1 == "You have been offered a place"
    assert lapse_claims(now=clock.now) == 0
    mine = own.get(f"/bookings/{ben.reference}")
    assert "A place is held until Wednesday 7 May 2025, 10:30am" in mine.text

    clock.now = TOMORROW
    late = stranger.send(page, path, answer="take")
    assert (late.status, late.h1) == (410, "This offer has ended")
    assert "This offer has run out" in late.text
    stale = own.send(mine, "/take")
    assert (stale.status, "This offer has run out" in stale.text) == (409, True)
    seen = own.get(f"/bookings/{ben.reference}")
    assert "Status Not answered in time" in seen.text
    assert ("The offer has run out" in seen.text, "Accept the place" in seen.text) == (True, False)
    assert stored()[1:] == [("Ben", Status.OFFERED), ("Cat", Status.WAITING)]

    assert [lapse_claims(now=clock.now) for _ in range(2)] == [1, 0]
    assert stored()[1:] == [("Ben", Status.LAPSED), ("Cat", Status.OFFERED)]
    assert mails() == [("offer_lapsed", "Ben"), ("place_offered", "Cat")]
    assert cat.decide_by == TOMORROW + timedelta(hours=24)
    lapsed = mail("offer_lapsed", "Ben")
    assert "and you are no longer on the waiting list." in folded(lapsed.text)
    assert link(lapsed, "/dates") == f"/dates/{ben.event_id}/book"
    assert "Join the list again" in stranger.get(path).text


def test_offer_ends_when_bookings_close(app: Flask, stranger: PageClient, clock: TestClock) -> None:
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=1)
    ann, ben, _cat = booked(event, "Ann", "Ben", "Cat")
    close = NEXT_MONTH.replace(day=2, hour=23, minute=0)
    clock.now = close - timedelta(hours=3)
    cancel(ann, by=ann.person, now=clock.now, reason="Ill")
    db.session.commit()
    assert "until Monday 2 June 2025, 11:59pm" in folded(mail("place_offered", "Ben").text)
    path = path_of(ben)
    clock.now = close
    assert lapse_claims(now=close) == 1
    assert stored()[1:] == [("Ben", Status.LAPSED), ("Cat", Status.WAITING)]
    assert "Bookings for this date have closed." in folded(mail("offer_lapsed", "Ben").text)
    page = stranger.get(path)
    assert (page.h1, "Join the list again" in page.text) == ("This offer has ended", False)
    assert "You can choose another date of the course." in page.text


def test_an_offer_can_be_accepted_on_the_booking_page(app: Flask, signed_in: SignIn) -> None:
    _ann, ben, _cat = offered()
    browser = signed_in(ben.person)
    page = browser.get(f"/bookings/{ben.reference}")
    done = browser.send(page, "/take")
    assert done.h1 == "Your place is booked"
    assert browser.send(page, "/take").h1 == "Your place is booked"
    assert stored()[1] == ("Ben", Status.CONFIRMED)
    assert [row.became for row in ben.history] == [Status.WAITING, Status.OFFERED, Status.CONFIRMED]


def test_nobody_takes_another_persons_offer(app: Flask, signed_in: SignIn) -> None:
    _ann, ben, _cat = offered()
    for person in (make.person("Eve"), make.person("Tess", Role.TRAINER), make.officer()):
        page = signed_in(person).post(f"/bookings/{ben.reference}/take", {})
        assert (page.status, "Ben" in page.text) == (404, False)
    assert stored()[1] == ("Ben", Status.OFFERED)


def test_officer_takes_an_offer_for_a_person(app: Flask, signed_in: SignIn) -> None:
    _ann, ben, _cat = offered()
    lead = signed_in(make.person("Lena", Role.AGENCY_LEAD, of=ben.agency))
    assert lead.post(f"/bookings/{ben.reference}/take-for", {}).status == 404
    assert "Accept the place for them" not in lead.get(f"/bookings/{ben.reference}").text
    forget_mails()
    officer = signed_in(make.officer("Olive"))
    page = officer.get(f"/bookings/{ben.reference}")
    assert "Accept the place for them" in page.text
    done = [officer.send(page, "/take-for") for _ in range(2)]
    assert [(each.status, "Status Booked" in each.text) for each in done] == [(200, True)] * 2
    assert mails() == [("booking_confirmed", "Ben")]
    letter = mail("booking_confirmed", "Ben")
    for words in (letter.text, letter.html):
        assert "The training team accepted the place that was offered to you, as you asked." in folded(words)
    # It is Ben's own place from now on.
    assert not ben.is_arranged


def test_offer_withdrawn_by_officer_says_so(app: Flask, signed_in: SignIn) -> None:
    _ann, ben, _cat = offered()
    officer = signed_in(make.officer("Olive"))
    forget_mails()
    page = officer.get(f"/bookings/{ben.reference}/cancel")
    assert (page.h1, "Why is the offer taken back?" in page.text) == ("Take the offer back", True)
    done = officer.send(page, "/cancel", reason="Ben has left the school")
    assert done.h1 == "The offer is taken back"
    letter = mail("booking_withdrawn", "Ben")
    assert letter.subject == "Offer withdrawn: Neglect, Thursday 5 June 2025"
    assert "that was offered to you is no longer held for you." in folded(letter.text)
    assert "The training team did this, for this reason: Ben has left the school" in folded(letter.text)
    assert "You have declined" not in letter.text + letter.html
    assert stored()[1:] == [("Ben", Status.WITHDRAWN), ("Cat", Status.OFFERED)]


def test_an_offer_ends_with_a_date_that_is_called_off(app: Flask, stranger: PageClient) -> None:
    _ann, ben, _cat = offered()
    path = path_of(ben)
    page = stranger.get(path)
    cancel_event(ben.event, by=make.officer(), now=LATER, reason="The trainer is ill")
    db.session.commit()
    answer = stranger.send(page, path, answer="take")
    assert (answer.status, answer.h1) == (410, "This offer has ended")
    assert "The course date has been called off." in answer.text
    assert "Join the list again" not in answer.text
    assert "The offer has ended." in folded(mail("event_called_off", "Ben").text)
    assert stored()[1:] == [("Ben", Status.EVENT_CANCELLED), ("Cat", Status.EVENT_CANCELLED)]


def test_offer_survives_a_move_until_the_new_start(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    _ann, ben, _cat = offered()
    path = path_of(ben)
    move(ben.event, NEXT_MONTH + timedelta(days=7), now=LATER)
    told = folded(mail("event_moved", "Ben").text)
    assert "is still held until Wednesday 7 May 2025, 10:30am." in told
    sooner = NOW + timedelta(hours=8)
    move(ben.event, sooner, now=LATER)
    clock.now = sooner
    assert stranger.post(path, {"answer": "take"}).status == 410
    assert stored()[1] == ("Ben", Status.OFFERED)


def test_a_link_to_an_offer_that_is_forged_opens_nothing(app: Flask, stranger: PageClient) -> None:
    _ann, ben, _cat = offered()
    path = path_of(ben)
    token = path.rpartition("/")[2]
    for wrong in (f"{path}x", "/offers/1", f"/approve/{token}", f"/refuse/{token}"):
        for page in (stranger.get(wrong), stranger.post(wrong, {"answer": "take"})):
            assert (page.status, "Ben" in page.text) == (404, False)


def test_lapsed_offer_can_be_offered_again(app: Flask, stranger: PageClient) -> None:
    _ann, ben, cat = offered()
    lapse_claims(now=TOMORROW)
    undo(ben, Status.WAITING, by=make.officer(), now=TOMORROW, reason="The mail never came")
    cancel(cat, by=cat.person, now=TOMORROW)
    db.session.commit()
    assert stored()[1:] == [("Ben", Status.OFFERED), ("Cat", Status.WITHDRAWN)]
    assert ben.decide_by == TOMORROW + timedelta(hours=24)


@pytest.mark.parametrize(
    ("policies", "found"),
    [
        ({"waiting_list": "automatic"}, [Status.CONFIRMED, Status.WAITING]),
        ({"waiting_list": "manual"}, [Status.WAITING, Status.WAITING]),
        ({"offer_hours": 2}, [Status.OFFERED, Status.WAITING]),
    ],
)
def test_a_free_place_reaches_the_list_as_the_policy_says(
    app: Flask, policies: dict[str, object], found: list[Status]
) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1, policies=policies)
    _ann, ben, cat = offered(event)
    assert [ben.status, cat.status] == found
    if "offer_hours" in policies:
        assert ben.decide_by == LATER + timedelta(hours=2)
    assert places(event).free == (1 if "manual" in policies.values() else 0)
