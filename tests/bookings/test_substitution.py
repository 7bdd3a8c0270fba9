"""Passing a place to a colleague: both are told, and it is neither a cancellation nor a DNA."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

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
    person_named,
    stored,
)
from tests.conftest import NOW, TestClock
from tests.page_client import Page, PageClient
from training_hub.access import Role
from training_hub.bookings.actions.approval import approve
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.substitute import substitute
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import places
from training_hub.bookings.queries.booking import open_booking
from training_hub.catalogue.models import Event
from training_hub.commands.report import Operator
from training_hub.database import db
from training_hub.london import london_date
from training_hub.mail.models import Mail
from training_hub.people.models import Person
from training_hub.reporting.models import Filters
from training_hub.reporting.queries.programme import programme

SignIn = Callable[..., PageClient]


def place(**columns: object) -> Booking:
    """Ann's place at a date that is full."""
    given = {"starts_at": NEXT_MONTH, "capacity": 1, **columns}
    event: Event = make.event(make.course("Neglect"), **given)  # type: ignore[arg-type]
    (ann,) = booked(event, "Ann")
    return ann


def pass_to(browser: PageClient, booking: Booking, name: str, email: str) -> Page:
    """Name on the page the colleague who comes instead."""
    page = browser.get(f"/bookings/{booking.reference}/substitute")
    return browser.send(page, "/substitute", name=name, email=email)


def test_place_passes_to_a_new_colleague_and_both_are_told(app: Flask, signed_in: SignIn) -> None:
    ann = place()
    waiting = make.booking(ann.event, make.person("Wes"), Status.WAITING)
    db.session.add(BookingNeeds(booking_id=ann.id, access="Hearing loop", dietary="Halal"))
    browser = signed_in(ann.person)
    page = browser.get(f"/bookings/{ann.reference}/substitute")
    assert (page.h1, "We tell both people by email." in page.text) == ("Pass the place to a colleague", True)
    done = pass_to(browser, ann, "Ben  Baker", "Ben.Baker@Example.org")
    assert (done.status, done.h1) == (200, "Your place is passed on")
    assert "We tell you and your colleague by email." in done.text
    assert "Status Passed to a colleague" in done.text
    assert stored() == [
        ("Ann", Status.SUBSTITUTED),
        ("Wes", Status.WAITING),
        ("Ben Baker", Status.CONFIRMED),
    ]
    ben = person_named("Ben Baker")
    taken = open_booking(ben.id, ann.event_id)
    assert taken is not None
    assert (ben.email, ben.agency_id, taken.agency_id, taken.follows_id) == (
        "ben.baker@example.org",
        ann.agency_id,
        ann.agency_id,
        ann.id,
    )
    # Ann's needs are private.
    assert db.session.get(BookingNeeds, taken.id) is None
    assert mails() == [("place_passed_on", "Ann"), ("booking_confirmed", "Ben Baker")]
    gone, new = mail("place_passed_on", "Ann"), mail("booking_confirmed", "Ben Baker")
    assert ["METHOD:CANCEL" in gone.calendar, "METHOD:REQUEST" in new.calendar] == [True, True]
    assert "This does not count as a cancellation." in folded(gone.text)
    assert "Ann arranged this for you. If you do not want the place, decline it here:" in folded(new.text)
    assert (new.to_email, places(ann.event).held) == ("ben.baker@example.org", 1)
    assert waiting.status is Status.WAITING
    assert history(browser.get(f"/bookings/{ann.reference}")).endswith(
        "The place was passed to a colleague. 6 May 2025, 9:30am , you"
    )


def test_colleague_declines_without_signing_in(
    app: Flask, signed_in: SignIn, stranger: PageClient, clock: TestClock
) -> None:
    ann = place()
    waiting = make.booking(ann.event, make.person("Wes"), Status.WAITING)
    pass_to(signed_in(ann.person), ann, "Ben", "ben@example.org")
    path = link(mail("booking_confirmed", "Ben"), "/refuse")
    taken = open_booking(person_named("Ben").id, ann.event_id)
    assert taken is not None
    for _ in range(3):
        page = stranger.get(path)
        assert (page.status, page.h1) == (200, "Do you want to decline this place?")
        assert stranger.http.head(path).status_code == 200
    assert taken.status is Status.CONFIRMED
    assert "the place goes to someone else" in page.text
    # It is the day before the course, but Ben never asked for the place, so he is never late.
    clock.now = NEXT_MONTH - timedelta(days=1)
    forget_mails()
    seen = [stranger.send(page, path, answer="decline") for _ in range(2)]
    assert [(each.status, each.h1) for each in seen] == [
        (200, "You have declined this place"),
        (200, "You have declined this place"),
    ]
    assert "That does not count against you." in seen[1].text
    assert stranger.get(path).h1 == "This place is no longer yours"
    assert [ann.status, taken.status, waiting.status] == [
        Status.SUBSTITUTED,
        Status.CANCELLED,
        Status.WAITING,
    ]
    assert mails() == [("booking_cancelled", "Ben"), ("colleague_not_coming", "Ann")]


def test_the_decline_link_ends_when_the_course_starts(
    app: Flask, signed_in: SignIn, stranger: PageClient, clock: TestClock
) -> None:
    ann = place()
    pass_to(signed_in(ann.person), ann, "Ben", "ben@example.org")
    path = link(mail("booking_confirmed", "Ben"), "/refuse")
    page = stranger.get(path)
    clock.now = NEXT_MONTH
    for answer, status in ((stranger.get(path), 200), (stranger.send(page, path, answer="decline"), 409)):
        assert (answer.status, answer.h1) == (status, "The course has started")
        assert "It is too late to decline this place here." in answer.text
    assert stored()[1] == ("Ben", Status.CONFIRMED)


def test_arranged_place_is_never_late_until_accepted(
    app: Flask, signed_in: SignIn, stranger: PageClient, clock: TestClock
) -> None:
    ann = place()
    pass_to(signed_in(ann.person), ann, "Ben", "ben@example.org")
    path = link(mail("booking_confirmed", "Ben"), "/refuse")
    taken = open_booking(person_named("Ben").id, ann.event_id)
    assert taken is not None
    clock.now = NEXT_MONTH - timedelta(days=1)
    taken.person.registered_at, taken.person.job_role = NOW, "Teacher"
    browser = signed_in(taken.person)
    page = browser.get(f"/bookings/{taken.reference}/cancel")
    assert "Someone else arranged this place" in page.text
    assert (
        "so cancelling does not count as late, until the course starts"
        in browser.get(f"/bookings/{taken.reference}").text
    )
    said = stranger.get(path)
    # Ben says that he can come after a move, so from then it is his own place.
    db.session.add(
        BookingChange(
            booking=taken, was=Status.CONFIRMED, became=Status.CONFIRMED, at=clock.now, by=taken.person
        )
    )
    db.session.commit()
    assert "This is a late cancellation" in browser.get(f"/bookings/{taken.reference}/cancel").text
    assert "You have since accepted this place" in stranger.get(path).text
    refused = stranger.send(said, path, answer="decline")
    assert (refused.h1, taken.status) == ("You have accepted this place", Status.CONFIRMED)
    cancel(taken, by=taken.person, now=clock.now, reason="Ill")
    assert taken.status is Status.CANCELLED_LATE


def test_late_cancellation_is_not_said_to_be_free(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    ann = place()
    pass_to(signed_in(ann.person), ann, "Ben", "ben@example.org")
    path = link(mail("booking_confirmed", "Ben"), "/refuse")
    taken = open_booking(person_named("Ben").id, ann.event_id)
    assert taken is not None
    yes = BookingChange(booking=taken, was=Status.CONFIRMED, became=Status.CONFIRMED, at=NOW, by=taken.person)
    db.session.add(yes)
    db.session.flush()
    cancel(taken, by=taken.person, now=NEXT_MONTH - timedelta(days=1), reason="Ill")
    db.session.commit()
    page = stranger.get(path)
    assert "It is recorded as a late cancellation." in page.text
    assert "does not count against you" not in page.text


def test_substitute_needs_approval_of_their_own_manager(app: Flask, signed_in: SignIn) -> None:
    ann = place()
    ann.event.policies = {"approval": "line manager"}
    db.session.commit()
    browser = signed_in(ann.person)
    refused = pass_to(browser, ann, "Ben", "ben@example.org")
    assert refused.status == 422
    assert (
        "A line manager has to approve this course. Enter the email address of your colleague’s manager."
        in refused.text
    )
    assert stored() == [("Ann", Status.CONFIRMED)]
    done = browser.send(
        refused, "/substitute", name="Ben", email="ben@example.org", manager_email="mia@example.org"
    )
    assert done.h1 == "Your place is passed on"
    assert stored() == [("Ann", Status.SUBSTITUTED), ("Ben", Status.REQUESTED)]
    assert places(ann.event).held == 1
    letters = [(each.template, each.to_email) for each in db.session.scalars(select(Mail).order_by(Mail.id))]
    assert letters[-2:] == [("request_sent", "ben@example.org"), ("approval_asked", "mia@example.org")]
    taken = open_booking(person_named("Ben").id, ann.event_id)
    assert taken is not None
    approve(taken, by=None, now=NOW)
    assert (taken.status, places(ann.event).held) == (Status.CONFIRMED, 1)


def test_late_substitution_can_be_approved_until_the_start(
    app: Flask,
) -> None:
    ann = place()
    ann.event.policies = {"approval": "line manager"}
    db.session.commit()
    ben = make.person("Ben", of=ann.agency, email="ben@example.org", manager_email="mia@example.org")
    late = NEXT_MONTH - timedelta(hours=20)
    taken = substitute(ann, name="Ben", email=ben.email, by=ann.person, now=late)
    assert (taken.status, taken.manager_email, taken.decide_by) == (
        Status.REQUESTED,
        "mia@example.org",
        NEXT_MONTH,
    )


def test_a_place_is_passed_to_one_colleague(app: Flask, signed_in: SignIn) -> None:
    ann = place()
    browser = signed_in(ann.person)
    page = browser.get(f"/bookings/{ann.reference}/substitute")
    seen = [
        browser.send(page, "/substitute", name=name, email=f"{name.lower()}@example.org")
        for name in ("Ben", "Ben", "Cat")
    ]
    assert [each.status for each in seen] == [200, 200, 409]
    assert ["Status Passed to a colleague" in each.text for each in seen] == [True, True, False]
    assert stored() == [("Ann", Status.SUBSTITUTED), ("Ben", Status.CONFIRMED)]
    assert mails() == [("place_passed_on", "Ann"), ("booking_confirmed", "Ben")]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("himself", "Enter the address of the colleague who will come instead."),
        (
            "elsewhere",
            "The place can only pass to someone at Oak School. If they work there, ask the training team.",
        ),
        (
            "closed",
            "The place can only pass to someone at Oak School. If they work there, ask the training team.",
        ),
        ("placed", "This colleague has a place on this date already."),
        ("mistyped", "email address"),
    ],
)
def test_a_place_passes_only_to_people_who_may_have_it(
    app: Flask, signed_in: SignIn, name: str, sentence: str
) -> None:
    oak = make.agency("Oak School")
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH)
    ann = make.booking(event, make.person("Ann", of=oak, email="himself@example.org"))
    make.person("Eve", email="elsewhere@example.org")
    make.person("Cleo", of=oak, email="closed@example.org", is_active=False)
    make.booking(event, make.person("Pat", of=oak, email="placed@example.org"))
    address = "nonsense" if name == "mistyped" else f"{name.upper()}@example.org"
    before = stored()
    page = pass_to(signed_in(ann.person), ann, "Some One", address)
    assert (page.status, page.title[:6]) == (422, "Error:")
    assert sentence in page.text
    assert page.form("/substitute")["name"] == "Some One"
    # The page reveals nothing about them.
    for secret in ("Eve", "Cleo"):
        assert secret not in page.text
    assert (stored(), mails()) == (before, [])
    assert db.session.scalars(select(Person).where(Person.name == "Some One")).all() == []


def test_a_colleague_who_waits_for_the_date_gives_up_that_turn(app: Flask) -> None:
    ann = place()
    turn = make.booking(ann.event, make.person("Ben", of=ann.agency, email="ben@example.org"), Status.WAITING)
    taken = substitute(ann, name="Ben", email="ben@example.org", by=ann.person, now=NOW)
    assert [ann.status, turn.status, taken.status] == [
        Status.SUBSTITUTED,
        Status.WITHDRAWN,
        Status.CONFIRMED,
    ]
    assert mails() == [("place_passed_on", "Ann"), ("booking_confirmed", "Ben")]


def test_substitute_with_a_clash_must_be_confirmed(app: Flask, signed_in: SignIn) -> None:
    ann = place()
    ben = make.person("Ben", of=ann.agency, email="ben@example.org")
    other = make.booking(make.event(make.course("A secret course"), starts_at=NEXT_MONTH), ben)
    browser = signed_in(ann.person)
    clash = pass_to(browser, ann, "Ben", "ben@example.org")
    assert (clash.status, clash.h1) == (409, "There is another booking at that time")
    # Which other course it is, is private to Ben.
    assert ("A secret course" in clash.text, other.reference in clash.html) == (False, False)
    assert f"/bookings/{ann.reference}" in [href for href, _ in clash.links]
    assert ann.status is Status.CONFIRMED
    assert browser.send(clash, "/substitute").h1 == "Your place is passed on"
    assert stored()[-1] == ("Ben", Status.CONFIRMED)


def test_nothing_is_passed_on_once_the_course_has_started(
    app: Flask, signed_in: SignIn, clock: TestClock
) -> None:
    ann = place()
    browser = signed_in(ann.person)
    path = f"/bookings/{ann.reference}/substitute"
    page = browser.get(path)
    clock.now = NEXT_MONTH
    for answer in (
        browser.get(path),
        browser.send(page, "/substitute", name="Ben", email="ben@example.org"),
    ):
        assert (answer.status, "The course has started" in answer.text) == (409, True)
    # Until then it can be passed on, even if it is too late to cancel on time.
    clock.now = NEXT_MONTH - timedelta(minutes=1)
    assert pass_to(browser, ann, "Ben", "ben@example.org").h1 == "Your place is passed on"


def test_only_a_place_can_be_passed_on(app: Flask, signed_in: SignIn) -> None:
    for status in (Status.WAITING, Status.OFFERED, Status.REQUESTED, Status.CANCELLED):
        booking = make.booking(make.event(starts_at=NEXT_MONTH), status=status)
        for what in ("substitute", "transfer"):
            page = signed_in(booking.person).get(f"/bookings/{booking.reference}/{what}")
            assert (page.status, "This is not a place that can be moved" in page.text) == (409, True)


def test_only_officers_pass_on_places_of_others(app: Flask, signed_in: SignIn) -> None:
    ann = place()
    path = f"/bookings/{ann.reference}/substitute"
    for person in (make.person("Eve", of=ann.agency), make.person("Tess", Role.TRAINER)):
        browser = signed_in(person)
        for page in (browser.get(path), browser.post(path, {"name": "Eve", "email": person.email})):
            assert (page.status, "Ann" in page.text) == (404, False)
    browser = signed_in(make.officer("Olive"))
    done = pass_to(browser, ann, "Ben", "ben@example.org")
    assert done.h1 == "The place is passed on"
    assert "We tell Ann and the colleague by email." in done.text
    gone, new = mail("place_passed_on", "Ann"), mail("booking_confirmed", "Ben")
    assert "The training team did this for you." in folded(gone.text)
    assert "The training team arranged this for you." in folded(new.text)
    assert "Olive" not in gone.text + gone.html + new.text + new.html
    own = signed_in(ann.person).get(f"/bookings/{ann.reference}")
    assert history(own).endswith("The place was passed to a colleague. 6 May 2025, 9:30am , Olive")


def test_figures_count_the_substitute_only(app: Flask, signed_in: SignIn, clock: TestClock) -> None:
    ann = place()
    taken = substitute(ann, name="Ben Baker", email="ben@example.org", by=ann.person, now=NOW)
    taken.status = Status.COMPLETED
    db.session.commit()
    clock.now = ann.event.ends_at + timedelta(days=1)
    day = london_date(ann.event.starts_at)
    figures = programme(Operator(), Filters(first=day, last=day), now=clock.now).totals
    assert (figures.booked, sum(figures.outcomes.values())) == (1, 1)
    page = signed_in(make.officer()).get(f"/reports/programme/people?figure=booked&from={day}&to={day}")
    assert ("Ben Baker" in page.text, "Ann" in page.text) == (True, False)
