"""From the waiting list to a place."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page

from tests import make
from tests.browser.conftest import LAPTOP, PHONE, Site, press
from tests.browser.reading import calendar, facts, heading, subjects, texts
from tests.conftest import NOW
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db


def test_cancelled_place_goes_to_the_person_waiting_longest(site: Site, visitor: Callable[..., Page]) -> None:
    when = NOW + timedelta(days=27)
    event = make.event(make.course("Neglect"), starts_at=when, capacity=1, policies=make.AUTOMATIC)
    ann = make.booking(event, make.person("Ann Archer", email="ann@example.org"))
    ben = make.person("Ben Baker", email="ben@example.org")

    of_ben = visitor(PHONE, ben, "/dates")
    assert texts(of_ben, ".date-card .places") == ["Full"]
    press(of_ben.get_by_role("link", name="Waiting list"))
    press(of_ben.get_by_role("link", name="Join the waiting list"))
    assert facts(of_ben)["What you get"] == "Number 1 on the waiting list"
    press(of_ben.get_by_role("button", name="Join the waiting list"))
    assert heading(of_ben) == "You are on the waiting list"
    assert subjects(site.work()) == [("ben@example.org", "Waiting list: Neglect, Monday 2 June 2025")]
    # Another person joins an hour later, so comes second.
    carol = make.booking(
        event,
        make.person("Carol Cole", email="carol@example.org"),
        Status.WAITING,
        asked_at=NOW + timedelta(hours=1),
    )
    site.clock.now = NOW + timedelta(hours=2)

    of_ann = visitor(LAPTOP, ann.person, f"/bookings/{ann.reference}")
    press(of_ann.get_by_role("link", name="Cancel this place"))
    assert texts(of_ann, ".notice h2") == ["This will not count as a late cancellation"]
    of_ann.get_by_label("Why are you cancelling?").fill("I am ill")
    press(of_ann.get_by_role("button", name="Cancel this place"))
    assert heading(of_ann) == "Your place is cancelled"

    mails = site.work()
    assert subjects(mails) == [
        ("ann@example.org", "Cancelled: Neglect, Monday 2 June 2025"),
        ("ben@example.org", "You have a place: Neglect, Monday 2 June 2025"),
    ]
    assert ["METHOD:CANCEL" in calendar(mails[0]), "METHOD:REQUEST" in calendar(mails[1])] == [True, True]
    of_ben.reload()
    assert facts(of_ben)["Status"] == "Booked"
    of_carol = visitor(PHONE, carol.person, f"/bookings/{carol.reference}")
    assert facts(of_carol)["Status"] == "Waiting list: number 1"
    db.session.rollback()
    assert [(row.person.name, row.status) for row in db.session.query(Booking).order_by(Booking.id)] == [
        ("Ann Archer", Status.CANCELLED),
        ("Ben Baker", Status.CONFIRMED),
        ("Carol Cole", Status.WAITING),
    ]
