"""Closed accounts: their requests, offers and turns go to the next person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.page_client import PageClient
from training_hub.access import Role, link_token
from training_hub.bookings.actions.approval import approve
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.claims import give_up_of_closed
from training_hub.bookings.actions.transfer import transfer
from training_hub.bookings.actions.undo import undo
from training_hub.bookings.actions.waiting_list import fill_free_places, pick, take_offer
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.needs import needs_at, needs_of
from training_hub.bookings.rules.approval import approval_version
from training_hub.bookings.rules.claims import Decided
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.mail.models import Mail

SignIn = Callable[..., PageClient]
STARTS = NOW + timedelta(days=30)
WEEK = timedelta(days=7)


def story(booking: Booking) -> tuple[Status, Cause | None]:
    """A booking's status and its cause."""
    db.session.expire_all()
    return booking.status, booking.history[-1].cause


@pytest.mark.parametrize("status", [Status.REQUESTED, Status.WAITING, Status.OFFERED])
def test_closing_an_account_withdraws_claims_quietly(app: Flask, status: Status) -> None:
    booking = make.booking(make.event(starts_at=STARTS), make.person("Ann"), status, asked_at=NOW)
    booking.person.is_active = False
    db.session.commit()
    assert [give_up_of_closed(now=NOW), give_up_of_closed(now=NOW)] == [1, 0]
    assert story(booking) == (Status.WITHDRAWN, Cause.ACCOUNT_CLOSED)
    assert db.session.scalars(select(Mail)).all() == []


def test_closing_accounts_leaves_places_and_past_bookings(app: Flask) -> None:
    coming, over = make.event(starts_at=STARTS), make.event(starts_at=NOW - timedelta(days=2))
    closed, still_open = make.person(is_active=False), make.person()
    kept = [
        make.booking(coming, closed),
        make.booking(over, closed, Status.WAITING),
        make.booking(coming, still_open, Status.WAITING),
    ]
    db.session.commit()
    assert give_up_of_closed(now=NOW) == 0
    assert [story(booking)[0] for booking in kept] == [Status.CONFIRMED, Status.WAITING, Status.WAITING]


def test_withdrawn_offer_goes_to_next_open_account(app: Flask) -> None:
    event = make.event(starts_at=STARTS, capacity=1)
    offered = make.booking(event, make.person("Ann", is_active=False), Status.OFFERED)
    closed = make.booking(event, make.person("Bob", is_active=False), Status.WAITING)
    waits = make.booking(event, make.person("Cat"), Status.WAITING)
    db.session.commit()
    give_up_of_closed(now=NOW)
    assert [story(booking)[0] for booking in (offered, closed, waits)] == [
        Status.WITHDRAWN,
        Status.WITHDRAWN,
        Status.OFFERED,
    ]
    assert db.session.scalars(select(Mail.to_name)).all() == ["Cat"]


def test_free_place_skips_closed_accounts(app: Flask) -> None:
    event = make.event(starts_at=STARTS, capacity=2, policies=make.AUTOMATIC)
    closed = make.booking(event, make.person(is_active=False), Status.WAITING)
    waits = make.booking(event, make.person("Cat"), Status.WAITING)
    db.session.commit()
    assert fill_free_places(now=NOW) == 1
    assert [story(booking)[0] for booking in (closed, waits)] == [Status.WAITING, Status.CONFIRMED]


def test_closed_account_cannot_get_a_place(app: Flask, stranger: PageClient) -> None:
    event, officer = make.event(starts_at=STARTS), make.officer()
    offered = make.booking(event, make.person(is_active=False), Status.OFFERED)
    waiting = make.booking(event, make.person(is_active=False), Status.WAITING)
    closed = make.person(is_active=False)
    db.session.commit()
    with pytest.raises(Decided, match="no place held"):
        take_offer(offered, by=offered.person, now=NOW)
    with pytest.raises(Refused, match="account is closed"):
        pick(waiting, by=officer, now=NOW, outright=True, reason="Needs it")
    with pytest.raises(Refused, match="account is closed"):
        book(closed, event, by=officer, now=NOW)
    db.session.rollback()
    path = f"/offers/{link_token('offer', offered.id)}"
    page = stranger.send(stranger.get(path), path, answer="take")
    assert (page.status, "no place held for you" in page.text) == (410, True)
    assert [story(offered)[0], story(waiting)[0]] == [Status.OFFERED, Status.WAITING]


def test_closed_account_is_not_approved_moved_or_restored(app: Flask, stranger: PageClient) -> None:
    officer, closed = make.officer(), make.person("Ann", is_active=False)
    course = make.course()
    first, second, third, fourth = (
        make.event(course, starts_at=STARTS + number * WEEK) for number in range(4)
    )
    request = make.booking(first, closed, Status.REQUESTED, is_held=True)
    kept = make.booking(second, closed)
    cancelled = make.booking(third, closed, Status.CANCELLED)
    declined = make.booking(fourth, closed, Status.DECLINED)
    db.session.commit()
    with pytest.raises(Decided, match="account is closed"):
        approve(request, by=officer, now=NOW)
    with pytest.raises(Refused, match="account is closed"):
        transfer(kept, third, by=officer, now=NOW)
    for booking, became in ((cancelled, Status.CONFIRMED), (declined, Status.WAITING)):
        with pytest.raises(Refused, match="account is closed"):
            undo(booking, became, by=officer, now=NOW, reason="A mistake")
    db.session.rollback()
    page = stranger.get(
        f"/approve/{link_token('approve', request.id, approval_version(request.manager_email))}"
    )
    assert (page.status, "account is closed" in page.text, "Ann" in page.title) == (200, True, False)
    assert [story(booking)[0] for booking in (request, kept, cancelled, declined)] == [
        Status.REQUESTED,
        Status.CONFIRMED,
        Status.CANCELLED,
        Status.DECLINED,
    ]


@pytest.mark.parametrize(
    ("status", "seen"),
    [
        (Status.CONFIRMED, True),
        (Status.REQUESTED, False),
        (Status.WAITING, False),
        (Status.OFFERED, False),
    ],
)
def test_trainers_see_only_needs_of_people_with_a_place(
    app: Flask, signed_in: SignIn, status: Status, seen: bool
) -> None:
    trainer, officer = make.person("Tess Trainer", Role.TRAINER), make.officer()
    event = make.event(starts_at=STARTS, trainers=(trainer,))
    booking = make.booking(event, make.person("Ann"), status)
    db.session.add(BookingNeeds(booking_id=booking.id, access="Hearing loop"))
    db.session.commit()
    page = signed_in(trainer).get(f"/manage/dates/{event.id}/bookings")
    assert (page.status, "Hearing loop" in page.html) == (200, seen)
    assert (needs_of(booking, trainer) is not None) is seen
    assert list(needs_at(event.id, officer)) == [booking.id]
