"""Pages say the real cause of a decision, and only as long as that helps."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests import make
from tests.bookings.told import (
    APPROVAL,
    MANAGER,
    NEXT_MONTH,
    approval,
    asked,
    history,
    link,
    stored,
    with_approval,
)
from tests.conftest import NOW, TestClock
from tests.page_client import PageClient
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.groups import book_group
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.group_list import read_list
from training_hub.database import db
from training_hub.mail.models import Mail

SignIn = Callable[..., PageClient]
CAP = {"agency_cap": 1, "cap_released_days": 14}
SHARE = "The person joined the waiting list, because the agency was at its limit. 6 May 2025, 9:30am"


def test_history_says_that_the_agency_was_at_its_limit(app: Flask, signed_in: SignIn) -> None:
    oak = make.agency("Oak School")
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=5, policies=CAP)
    make.booking(event, make.person(of=oak))
    ann = make.person("Ann", of=oak)
    book(ann, event, by=ann, now=NOW)
    officer = make.officer("Olive")
    ben = book_group(
        event, oak, read_list("Ben <ben@example.org>"), by=officer, now=NOW, all_or_nothing=False
    )[0][1]
    assert ben is not None
    db.session.commit()
    browser = signed_in(ann)
    (mine,) = [href for href, _words in browser.get("/bookings").links if href.startswith("/bookings/TH-")][
        :1
    ]
    assert history(browser.get(mine)) == f"{SHARE} , you"
    assert history(signed_in(officer).get(f"/bookings/{ben.reference}")) == f"{SHARE} , you"


def test_full_date_is_the_reason_before_the_agency_limit(app: Flask, signed_in: SignIn) -> None:
    oak = make.agency("Oak School")
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=1, policies=CAP)
    make.booking(event, make.person(of=oak))
    ann = make.person("Ann", of=oak)
    waits = book(ann, event, by=ann, now=NOW)
    db.session.commit()
    assert "because every place was taken" in history(signed_in(ann).get(f"/bookings/{waits.reference}"))


def test_manager_reads_that_the_agency_is_at_its_limit(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    oak = make.agency("Oak School")
    policies = {**APPROVAL, **CAP, "approval_holds_place": False}
    event = with_approval(capacity=5, policies=policies)
    booking = asked(event, of=oak)
    make.booking(event, make.person("Ben", of=oak))
    path = approval(booking)
    done = stranger.send(stranger.get(path), path, answer="approve")
    assert (
        "Oak School is at its limit for now, so Ann is on the waiting list, "
        "and has been told by email." in done.text
    )
    assert "Every place is taken" not in done.text
    page = signed_in(booking.person).get(f"/bookings/{booking.reference}")
    assert (
        "The request was approved. The agency was at its limit, so the person joined the waiting list."
        in history(page)
    )
    assert "Reason: The agency" not in page.text


def test_request_link_shows_the_decision_for_thirty_days(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    for decide in ("approve", "decline", "lapse"):
        booking = asked(with_approval(starts_at=NEXT_MONTH + timedelta(days=60)), f"Ann {decide}", **MANAGER)
        path = approval_of(booking.reference)
        if decide == "lapse":
            assert booking.decide_by is not None
            # The worker has not recorded it yet.
            decided_at = booking.decide_by
        else:
            clock.now = decided_at = NOW
            stranger.send(stranger.get(path), path, answer=decide, reason="Too busy")
        clock.now = decided_at + timedelta(days=30)
        before = stranger.get(path)
        assert (before.status, f"Ann {decide}" in before.text or decide == "lapse") == (200, True)
        assert "Neglect" in before.text
        clock.now += timedelta(seconds=1)
        page = stranger.get(path)
        assert (page.status, page.h1) == (410, "This request has been decided")
        assert (
            "This request was decided, or ended undecided, more than 30 days ago. This page no longer"
            in page.text
        )
        for known in ("Ann", "Neglect", "approved", "declined", "June", "August"):
            assert known not in page.text
        assert stranger.post(path, {"answer": "approve"}).status == 410
        clock.now = NOW
        booking.event.course.title = f"Done {decide}"
        db.session.commit()
    assert [status for _name, status in stored()] == [Status.CONFIRMED, Status.DECLINED, Status.REQUESTED]


def approval_of(reference: str) -> str:
    """The path of the link in the mail that asks the manager about this booking."""
    letter = db.session.scalars(
        select(Mail).where(Mail.key.startswith(f"booking:{reference}:approval:"))
    ).one()
    return link(letter, "/approve")
