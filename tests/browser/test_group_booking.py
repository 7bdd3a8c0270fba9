"""A training lead books three people, and one of them says no."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page

from tests import make
from tests.browser.conftest import LAPTOP, PHONE, Site, press
from tests.browser.reading import heading, subjects, texts
from tests.conftest import NOW
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.equivalences import Equivalence
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Prerequisite
from training_hub.database import db


def test_lead_books_a_group_and_one_person_declines_by_email(
    site: Site, visitor: Callable[..., Page]
) -> None:
    oak = make.agency("Oak School")
    first, course = make.course("Working Together"), make.course("Neglect")
    db.session.add(Prerequisite(course_id=course.id, needs_id=first.id))
    event = make.event(course, starts_at=NOW + timedelta(days=27))
    lead = make.person("Lena Lead", Role.AGENCY_LEAD, of=oak)
    for name in ("Ann Archer", "Ben Baker", "Carol Cole"):
        person = make.person(name, of=oak, email=f"{name.split()[0].lower()}@example.org")
        if name != "Carol Cole":
            db.session.add(
                Equivalence(
                    person_id=person.id, course_id=first.id, reason="Elsewhere", at=NOW, by_id=lead.id
                )
            )

    of_lena = visitor(LAPTOP, lead, f"/dates/{event.id}")
    press(of_lena.get_by_role("link", name="Book several people"))
    of_lena.get_by_label("Who is coming?").fill(
        "Ann Archer\tann@example.org\nBen Baker <ben@example.org>\ncarol@example.org"
    )
    press(of_lena.get_by_role("button", name="Continue"))
    assert heading(of_lena) == "Check the list"
    assert texts(of_lena, ".theirs .tag") == ["Gets a place", "Gets a place", "Left out"]
    of_lena.get_by_text("Book as many as possible", exact=True).click()
    press(of_lena.get_by_role("button", name="Book these people"))
    assert heading(of_lena) == "2 people have a place"
    assert texts(of_lena, "main tbody th") == ["Ann Archer", "Ben Baker"]

    mails = site.work()
    assert subjects(mails) == [
        ("ann@example.org", "Booked: Neglect, Monday 2 June 2025"),
        ("ben@example.org", "Booked: Neglect, Monday 2 June 2025"),
    ]
    body = mails[1].get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Lena Lead arranged this for you. If you do not want the place, decline it here:" in text
    link = re.search(r"http\S+/refuse/\S+", text)
    assert link is not None
    of_ben = visitor(PHONE)
    of_ben.goto(link[0])
    assert heading(of_ben) == "Do you want to decline this place?"
    press(of_ben.get_by_role("button", name="I do not want this place"))
    assert heading(of_ben) == "You have declined this place"

    press(of_lena.get_by_role("link", name="Our agency", exact=True))
    assert texts(of_lena, ".theirs a") == ["Ann Archer"]
    db.session.rollback()
    assert [(row.person.name, row.status) for row in db.session.query(Booking).order_by(Booking.id)] == [
        ("Ann Archer", Status.CONFIRMED),
        ("Ben Baker", Status.CANCELLED),
    ]
