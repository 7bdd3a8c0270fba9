"""Undoing the end of a booking: only by an officer, with a reason that the person is told."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import make
from tests.bookings.told import (
    APPROVAL,
    NEXT_MONTH,
    asked,
    booked,
    folded,
    forget_mails,
    history,
    mail,
    mails,
    stored,
    with_approval,
)
from tests.conftest import NOW, TestClock
from tests.page_client import Page, PageClient
from training_hub.access import Role
from training_hub.bookings.actions import undo as undo_actions
from training_hub.bookings.actions.approval import decline
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.call_off import cancel_event
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.substitute import substitute
from training_hub.bookings.actions.transfer import transfer
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.waiting_list import waiting_position
from training_hub.bookings.rules.availability import NoRoom
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.errors import Refused

SignIn = Callable[..., PageClient]
GIVE_BACK, EXCUSE, PUT_BACK = "confirmed", "cancelled", "waiting"


def date(**columns: object) -> Event:
    """A date with one place."""
    given = {"starts_at": NEXT_MONTH, "capacity": 1, **columns}
    return make.event(make.course("Neglect"), **given)  # type: ignore[arg-type]


def undo(browser: PageClient, booking: Booking, became: str) -> Page:
    """Undo it on its page, for a reason."""
    page = browser.get(f"/bookings/{booking.reference}/undo")
    assert page.h1 == "Undo a mistake"
    return browser.send(page, "/undo", became=became, reason="The wrong Ann was cancelled")


def test_a_cancelled_place_is_given_back_while_it_is_free(app: Flask, signed_in: SignIn) -> None:
    event = date()
    (ann,) = booked(event, "Ann")
    cancel(ann, by=ann.person, now=NOW, reason="On leave")
    forget_mails()
    officer = signed_in(make.officer("Olive"))
    done = undo(officer, ann, GIVE_BACK)
    assert (done.status, "Status Booked" in done.text) == (200, True)
    assert mails() == [("booking_restored", "Ann")]
    letter = mail("booking_restored", "Ann")
    assert "You have your place on Neglect again." in folded(letter.text)
    assert "The training team did this, for this reason: The wrong Ann was cancelled" in folded(letter.text)
    # Two numbers after the invitation, and one after its withdrawal.
    assert ("METHOD:REQUEST" in letter.calendar, "SEQUENCE:2" in letter.calendar) == (True, True)
    own = signed_in(ann.person).get(f"/bookings/{ann.reference}")
    assert history(own) == (
        "The place was booked. 6 May 2025, 9:30am , you "
        "The place was cancelled, with enough notice. Reason: On leave 6 May 2025, 9:30am , you "
        "The cancellation was undone, and the place is booked again. Reason: The wrong Ann was cancelled "
        "6 May 2025, 9:30am , Olive"
    )


def test_a_place_that_has_gone_is_not_given_back(app: Flask, signed_in: SignIn) -> None:
    event = date()
    ann, ben = booked(event, "Ann", "Ben")
    cancel(ann, by=ann.person, now=NOW, reason="On leave")
    assert ben.status is Status.OFFERED
    forget_mails()
    page = undo(signed_in(make.officer()), ann, GIVE_BACK)
    assert (page.status, page.title[:6]) == (422, "Error:")
    assert "Every place is now taken. Raise the capacity of the date first." in page.text
    assert page.form("/undo")["reason"] == "The wrong Ann was cancelled"
    assert (stored(), mails()) == ([("Ann", Status.CANCELLED), ("Ben", Status.OFFERED)], [])


def test_undo_warns_about_clash(app: Flask, signed_in: SignIn) -> None:
    event = date()
    (ann,) = booked(event, "Ann")
    cancel(ann, by=ann.person, now=NOW, reason="On leave")
    other = make.event(make.course("Online Safety"), starts_at=NEXT_MONTH + timedelta(hours=1))
    book(ann.person, other, by=ann.person, now=NOW)
    forget_mails()
    officer = signed_in(make.officer())
    clash = undo(officer, ann, GIVE_BACK)
    assert (clash.status, clash.h1) == (409, "There is another booking at that time")
    assert (stored(), mails()) == ([("Ann", Status.CANCELLED), ("Ann", Status.CONFIRMED)], [])
    done = officer.send(clash, "/undo")
    assert (done.status, "Status Booked" in done.text) == (200, True)
    assert stored() == [("Ann", Status.CONFIRMED), ("Ann", Status.CONFIRMED)]
    assert mails() == [("booking_restored", "Ann")]
    assert ann.history[-1].why == "The wrong Ann was cancelled"


def test_undo_of_overlapping_transfer_is_no_clash(app: Flask) -> None:
    event = date()
    (ann,) = booked(event, "Ann")
    near = make.event(event.course, starts_at=NEXT_MONTH + timedelta(hours=1))
    transfer(ann, near, by=ann.person, now=NOW)
    undo_actions.undo(ann, Status.CONFIRMED, by=make.officer(), now=NOW, reason="A mistake")
    assert stored() == [("Ann", Status.CONFIRMED), ("Ann", Status.WITHDRAWN)]


def test_late_cancellation_is_excused_after_the_course(
    app: Flask, signed_in: SignIn, clock: TestClock
) -> None:
    (ann,) = booked(date(), "Ann")
    cancel(ann, by=ann.person, now=NEXT_MONTH - timedelta(days=1), reason="Ill")
    assert ann.status is Status.CANCELLED_LATE
    forget_mails()
    clock.now = NEXT_MONTH + timedelta(days=30)
    officer = signed_in(make.officer())
    late = undo(officer, ann, GIVE_BACK)
    assert (late.status, "The course date is over or was called off" in late.text) == (422, True)
    undo(officer, ann, EXCUSE)
    assert stored() == [("Ann", Status.CANCELLED)]
    assert mails() == [("late_cancellation_excused", "Ann")]
    told = folded(mail("late_cancellation_excused", "Ann").text)
    assert "The training team did this, for this reason: The wrong Ann was cancelled" in told
    assert "The booking now counts as cancelled in time." in told


def test_undo_takes_the_place_back_from_a_substitute(app: Flask, signed_in: SignIn) -> None:
    event = date()
    (ann,) = booked(event, "Ann")
    taken = substitute(ann, name="Ben", email="ben@example.org", by=ann.person, now=NOW)
    make.booking(event, make.person("Wes"), Status.WAITING)
    forget_mails()
    officer = signed_in(make.officer())
    page = undo(officer, ann, GIVE_BACK)
    assert "The colleague has it as" not in page.text
    taken_back = officer.get(f"/bookings/{taken.reference}")
    assert "The place was taken back, because the change that gave it was undone." in history(taken_back)
    assert stored() == [("Ann", Status.CONFIRMED), ("Ben", Status.WITHDRAWN), ("Wes", Status.WAITING)]
    assert mails() == [("place_taken_back", "Ben"), ("booking_restored", "Ann")]
    assert "METHOD:CANCEL" in mail("place_taken_back", "Ben").calendar
    # And it can be passed on again, to the same colleague or another.
    again = substitute(ann, name="Ben", email="ben@example.org", by=ann.person, now=NOW)
    assert (again.id != taken.id, again.status) == (True, Status.CONFIRMED)


def test_undo_of_transfer_passes_on_both_dates(app: Flask, signed_in: SignIn) -> None:
    first = date()
    second = make.event(first.course, starts_at=NEXT_MONTH + timedelta(days=7), capacity=1)
    (ann,) = booked(first, "Ann")
    moved = transfer(ann, second, by=ann.person, now=NOW)
    waiting = make.booking(second, make.person("Wes"), Status.WAITING)
    forget_mails()
    undo(signed_in(make.officer()), ann, GIVE_BACK)
    assert [ann.status, moved.status, waiting.status] == [
        Status.CONFIRMED,
        Status.WITHDRAWN,
        Status.OFFERED,
    ]
    assert mails() == [("place_taken_back", "Ann"), ("booking_restored", "Ann"), ("place_offered", "Wes")]


def test_undo_of_transfer_needs_a_place_and_open_successor(app: Flask, signed_in: SignIn) -> None:
    first = date()
    second = make.event(first.course, starts_at=NEXT_MONTH + timedelta(days=7), capacity=1)
    ann, _ben = booked(first, "Ann", "Ben")
    moved = transfer(ann, second, by=ann.person, now=NOW)
    forget_mails()
    officer = signed_in(make.officer())
    gone = undo(officer, ann, GIVE_BACK)
    assert (gone.status, "Every place is now taken." in gone.text) == (422, True)
    assert moved.status is Status.CONFIRMED
    cancel(moved, by=ann.person, now=NOW, reason="Ill")
    forget_mails()
    ended = undo(officer, ann, GIVE_BACK)
    assert (
        "The place that replaced this one is no longer booked, so the change cannot be undone." in ended.text
    )
    assert (ann.status, moved.status, mails()) == (Status.TRANSFERRED, Status.CANCELLED, [])


def test_undo_returns_person_to_their_waiting_position(app: Flask, signed_in: SignIn) -> None:
    event = date()
    _ann, ben, cat = booked(event, "Ann", "Ben", "Cat")
    cancel(ben, by=ben.person, now=NOW)
    forget_mails()
    undo(signed_in(make.officer()), ben, PUT_BACK)
    assert [waiting_position(row) for row in (ben, cat)] == [1, 2]
    assert mails() == [("booking_waiting", "Ben")]
    told = folded(mail("booking_waiting", "Ben").text)
    assert "The training team put you on the waiting list for Neglect. You are number 1." in told
    assert "Reason: The wrong Ann was cancelled" in told


def test_a_person_never_on_the_list_joins_its_end(app: Flask, signed_in: SignIn) -> None:
    event = date(policies=APPROVAL)
    declined = asked(event, "Ann")
    make.booking(event)
    waiting = make.booking(event, make.person("Ben"), Status.WAITING, asked_at=NOW + timedelta(hours=1))
    decline(declined, by=None, now=NOW + timedelta(hours=2), reason="Short of staff")
    # The course does not need approval any more.
    event.policies = {}
    forget_mails()
    undo(signed_in(make.officer()), declined, PUT_BACK)
    assert [waiting_position(row) for row in (waiting, declined)] == [1, 2]


def test_undo_does_not_bypass_approval(app: Flask, signed_in: SignIn) -> None:
    ann = asked(with_approval())
    decline(ann, by=None, now=NOW, reason="Not now")
    db.session.commit()
    page = undo(signed_in(make.officer("Olive")), ann, PUT_BACK)
    assert page.status == 422
    assert "Ask them to book again: their line manager has to approve it." in page.text
    assert ann.status is Status.DECLINED


def test_a_person_put_back_is_offered_a_free_place(app: Flask, signed_in: SignIn) -> None:
    event = date()
    ann, ben = booked(event, "Ann", "Ben")
    cancel(ben, by=ben.person, now=NOW)
    cancel(ann, by=ann.person, now=NOW, reason="On leave")
    forget_mails()
    undo(signed_in(make.officer()), ben, PUT_BACK)
    assert ben.status is Status.OFFERED
    assert mails() == [("booking_waiting", "Ben"), ("place_offered", "Ben")]
    assert "is taken" not in mail("booking_waiting", "Ben").text


def test_undo_reason_is_read_by_person_and_team_only(app: Flask, signed_in: SignIn) -> None:
    trainer = make.person("Tess", Role.TRAINER)
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, trainers=(trainer,))
    (ann,) = booked(event, "Ann")
    lead = make.person("Lee", Role.AGENCY_LEAD, of=ann.agency)
    cancel(ann, by=ann.person, now=NOW, reason="On leave")
    officer = signed_in(make.officer())
    undo(officer, ann, GIVE_BACK)
    why = "The wrong Ann was cancelled"
    path = f"/bookings/{ann.reference}"
    seen = {
        name: (why in page.text, "The cancellation was undone" in page.text)
        for name, page in {
            "officer": officer.get(path),
            "person": signed_in(ann.person).get(path),
            "trainer": signed_in(trainer).get(path),
            "lead": signed_in(lead).get(path),
        }.items()
    }
    assert seen == {
        "officer": (True, True),
        "person": (True, True),
        "trainer": (False, True),
        "lead": (False, True),
    }


def test_a_reason_and_a_choice_are_asked_for(app: Flask, signed_in: SignIn) -> None:
    (ann,) = booked(date(), "Ann")
    cancel(ann, by=ann.person, now=NOW, reason="On leave")
    forget_mails()
    officer = signed_in(make.officer())
    page = officer.get(f"/bookings/{ann.reference}/undo")
    for given in ({"reason": ""}, {"became": "completed", "reason": ""}):
        again = officer.send(page, "/undo", **given)
        assert (again.status, again.title[:6]) == (422, "Error:")
        assert "Choose what should happen" in again.text
        assert "Say in a few words why" in again.text
    assert (stored(), mails()) == ([("Ann", Status.CANCELLED)], [])


def test_second_or_stale_undo_does_nothing(app: Flask, signed_in: SignIn) -> None:
    (ann,) = booked(date(), "Ann")
    cancel(ann, by=ann.person, now=NOW, reason="On leave")
    forget_mails()
    officer = signed_in(make.officer())
    page = officer.get(f"/bookings/{ann.reference}/undo")
    for _ in range(2):
        done = officer.send(page, "/undo", became=GIVE_BACK, reason="A mistake")
        assert (done.status, done.h1) == (200, "Booking of Ann")
    assert mails() == [("booking_restored", "Ann")]
    assert len(ann.history) == 3
    with pytest.raises(Refused, match="This booking has since changed"):
        undo_actions.undo(ann, Status.CONFIRMED, by=make.officer(), now=NOW, reason="A mistake")


def test_undo_refused_when_person_booked_again(app: Flask, signed_in: SignIn) -> None:
    event = date(capacity=5)
    (ann,) = booked(event, "Ann")
    cancel(ann, by=ann.person, now=NOW, reason="On leave")
    book(ann.person, event, by=ann.person, now=NOW)
    forget_mails()
    page = undo(signed_in(make.officer()), ann, GIVE_BACK)
    assert (page.status, "This person now has another booking for this date." in page.text) == (422, True)
    assert (stored(), mails()) == ([("Ann", Status.CANCELLED), ("Ann", Status.CONFIRMED)], [])


def test_a_called_off_date_returns_no_reserved_place(app: Flask, signed_in: SignIn) -> None:
    event = date()
    ann, ben = booked(event, "Ann", "Ben")
    cancel(ann, by=ann.person, now=NOW, reason="On leave")
    cancel_event(event, by=make.officer(), now=NOW, reason="Ill")
    forget_mails()
    officer = signed_in(make.officer())
    page = undo(officer, ann, GIVE_BACK)
    assert (page.status, "was called off, so the change can no longer be undone" in page.text) == (422, True)
    # Calling a date off cannot be undone.
    answer = officer.get(f"/bookings/{ben.reference}/undo")
    assert answer.response.headers["Location"] == f"/bookings/{ben.reference}"
    assert mails() == []


def test_undo_without_successor_needs_a_free_place(app: Flask) -> None:
    event = date()
    make.booking(event)
    old = make.booking(event, make.person("Ann"), Status.SUBSTITUTED)
    with pytest.raises(NoRoom):
        undo_actions.undo(old, Status.CONFIRMED, by=make.officer(), now=NOW, reason="A mistake")


def test_only_officers_undo(app: Flask, signed_in: SignIn) -> None:
    (ann,) = booked(date(), "Ann")
    cancel(ann, by=ann.person, now=NOW, reason="On leave")
    path = f"/bookings/{ann.reference}/undo"
    for person in (ann.person, make.person("Tess", Role.TRAINER), make.person("Mo", Role.HUB_MEMBER)):
        browser = signed_in(person)
        for page in (browser.get(path), browser.post(path, {"became": GIVE_BACK, "reason": "Mine"})):
            assert (page.status, "On leave" in page.text) == (403, False)
    assert stored() == [("Ann", Status.CANCELLED)]
    assert (
        "Undo a mistake in this booking" not in signed_in(ann.person).get(f"/bookings/{ann.reference}").text
    )


def test_a_walk_in_is_undone_on_the_register_and_not_here(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NOW - timedelta(hours=1))
    booking = make.booking(event, make.person("Wes"), Status.WITHDRAWN, walk_in=True)
    officer = signed_in(make.officer())
    answer = officer.get(f"/bookings/{booking.reference}/undo")
    assert answer.response.headers["Location"] == f"/bookings/{booking.reference}"
    with pytest.raises(Refused, match="on the register instead"):
        undo_actions.undo(booking, Status.WAITING, by=make.officer(), now=NOW, reason="A mistake")
    db.session.rollback()
