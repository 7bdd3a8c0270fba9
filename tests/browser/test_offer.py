"""A cancelled place is offered to people on the waiting list until one accepts."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

from playwright.sync_api import Page

from tests import make
from tests.browser.conftest import LAPTOP, PHONE, Site, press
from tests.browser.reading import calendar, facts, heading, links, subjects, texts
from tests.conftest import NOW
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db

OFFER = "You have been offered a place: Neglect, Monday 2 June 2025"


def _offer(mail: EmailMessage) -> str:
    [link] = [link for link in links(mail) if "/offers/" in link]
    return link


def test_expired_offer_passes_to_the_next_person_who_accepts(
    site: Site, visitor: Callable[..., Page]
) -> None:
    event = make.event(make.course("Neglect"), starts_at=NOW + timedelta(days=27), capacity=1)
    ann, ben, carol = (
        make.booking(
            event,
            make.person(name, email=f"{name.split()[0].lower()}@example.org"),
            status,
            asked_at=NOW - timedelta(hours=hours),
        )
        for name, status, hours in (
            ("Ann Archer", Status.CONFIRMED, 3),
            ("Ben Baker", Status.WAITING, 2),
            ("Carol Cole", Status.WAITING, 1),
        )
    )
    of_ann = visitor(LAPTOP, ann.person, f"/bookings/{ann.reference}")
    press(of_ann.get_by_role("link", name="Cancel this place"))
    of_ann.get_by_label("Why are you cancelling?").fill("I am ill")
    press(of_ann.get_by_role("button", name="Cancel this place"))
    mails = site.work()
    assert subjects(mails) == [
        ("ann@example.org", "Cancelled: Neglect, Monday 2 June 2025"),
        ("ben@example.org", OFFER),
    ]
    of_ben = visitor(PHONE, java_script_enabled=False, has_touch=True, is_mobile=True)
    of_ben.goto(_offer(mails[1]))
    assert heading(of_ben) == "You have been offered a place"
    assert facts(of_ben)["Held until"] == "Wednesday 7 May 2025, 9:30am"

    # Ben only looks. A day later the place is offered to Carol.
    site.clock.now = NOW + timedelta(days=1)
    mails = site.work()
    assert subjects(mails) == [
        ("ben@example.org", "The offer has run out: Neglect, Monday 2 June 2025"),
        ("carol@example.org", OFFER),
    ]
    press(of_ben.get_by_role("button", name="Accept the place"))
    assert heading(of_ben) == "This offer has ended"

    of_carol = visitor(PHONE, java_script_enabled=False, has_touch=True, is_mobile=True)
    of_carol.goto(_offer(mails[1]))
    press(of_carol.get_by_role("button", name="Accept the place"))
    assert heading(of_carol) == "The place is yours"
    assert texts(of_carol, ".confirmation strong") == [carol.reference]
    [mail] = site.work()
    assert subjects([mail]) == [("carol@example.org", "Booked: Neglect, Monday 2 June 2025")]
    assert "METHOD:REQUEST" in calendar(mail)
    own = visitor(PHONE, carol.person, f"/bookings/{carol.reference}")
    assert facts(own)["Status"] == "Booked"
    own = visitor(PHONE, ben.person, f"/bookings/{ben.reference}")
    assert facts(own)["Status"] == "Not answered in time"
    db.session.rollback()
    assert [row.status for row in db.session.query(Booking).order_by(Booking.id)] == [
        Status.CANCELLED,
        Status.LAPSED,
        Status.CONFIRMED,
    ]
