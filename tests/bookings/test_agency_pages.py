"""What a training lead sees and does on the pages of their agency, and what stays hidden from them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import Page, PageClient
from training_hub.access import Role
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.reserved import reserve
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import places
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.mail.models import Mail
from training_hub.people.models import Agency, Person

pytestmark = pytest.mark.postgres

SignIn = Callable[..., PageClient]
NEXT_MONTH = NOW + timedelta(days=30)
LIST = "Ann Archer, ann@oak.example.org\nBen Baker <ben@oak.example.org>\nnobody"


def oak() -> tuple[Agency, Person]:
    """A school and its training lead."""
    agency = make.agency("Oak School")
    return agency, make.person("Lena Lead", Role.AGENCY_LEAD, of=agency, email="lena@oak.example.org")


def check(client: PageClient, event: Event, people: str, **fields: str) -> Page:
    page = client.get(f"/dates/{event.id}/group")
    return client.send(page, "/group", people=people, step="check", **fields)


def stored() -> list[tuple[str, Status, str]]:
    rows = db.session.scalars(select(Booking).order_by(Booking.id))
    return [(row.person.name, row.status, row.agency.name) for row in rows]


def test_group_booking_is_checked_line_by_line(app: Flask, signed_in: SignIn) -> None:
    _agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=1)
    client = signed_in(lead)
    page = check(client, event, LIST)
    assert (page.status, page.h1) == (200, "Check the list")
    for words in ("1 person gets a place", "1 person joins the waiting list", "1 line is left out", "line 3"):
        assert words in page.text
    assert stored() == []
    assert client.send(page, "/group", step="confirm").status == 422
    no = client.send(page, "/group", step="confirm", how="all")
    assert (no.status, stored()) == (409, [])
    assert "Not everyone on the list can have a place, so nobody has been booked." in no.text
    assert "Without a place: lines 2 and 3." in no.text
    for _ in range(2):
        done = client.send(page, "/group", step="confirm", how="most")
        assert (done.status, done.h1) == (200, "1 person has a place, 1 is on the waiting list")
        assert "Line 3: the line could not be read" in done.text
    assert stored() == [
        ("Ann Archer", Status.CONFIRMED, "Oak School"),
        ("Ben Baker", Status.WAITING, "Oak School"),
    ]


def test_stale_group_check_books_nobody(app: Flask, signed_in: SignIn) -> None:
    _agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=2)
    client = signed_in(lead)
    page = check(client, event, LIST)
    make.booking(event)
    db.session.commit()
    again = client.send(page, "/group", step="confirm", how="most")
    assert (again.status, again.h1) == (409, "Check the list")
    assert "Something has changed since you looked, so nobody has been booked yet." in again.text
    assert len(stored()) == 1
    done = client.send(again, "/group", step="confirm", how="most")
    assert done.h1 == "1 person has a place, 1 is on the waiting list"


def test_too_long_or_empty_group_list_is_refused(app: Flask, signed_in: SignIn) -> None:
    _agency, lead = oak()
    event = make.event(starts_at=NEXT_MONTH)
    client = signed_in(lead)
    lines = "\n".join(f"P{number}, p{number}@oak.example.org" for number in range(51))
    page = check(client, event, lines)
    assert page.status == 422
    assert "The list has 51 people." in page.text
    assert page.form("/group")["people"] == lines
    assert check(client, event, "").status == 422


def test_only_its_lead_books_for_an_agency(app: Flask, signed_in: SignIn) -> None:
    agency, lead = oak()
    elm = make.agency("Elm School")
    other = make.person("Otto Other", Role.AGENCY_LEAD, of=elm)
    nurse = make.person("Nora Nurse", of=make.agency("A Secret Place"), email="nora@health.example.org")
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH)
    make.booking(event, make.person("Ann Archer", of=agency))
    db.session.commit()
    for paths in (f"/dates/{event.id}/group", f"/dates/{event.id}/reserve", "/agency"):
        assert signed_in(make.person("Pat Practitioner", of=agency)).get(paths).status == 403
    client = signed_in(other)
    for path in ("/agency", f"/dates/{event.id}/reserve"):
        assert client.get(f"{path}?agency={agency.id}").status == 404
    assert "Ann Archer" not in client.get("/agency").text
    page = check(client, event, "Ann, new@oak.example.org", agency_id=str(agency.id))
    assert (page.status, len(stored())) == (409, 1)
    reference = db.session.scalars(select(Booking.reference)).one()
    assert client.get(f"/dates/{event.id}/group/done?booked={reference}").status == 404
    # The page does not say where other people work, or their names.
    page = check(signed_in(lead), event, "nora@health.example.org\nNo One, none@oak.example.org")
    assert "We can only book people who work at Oak School." in page.text
    assert ["Nora Nurse" in page.text, "A Secret Place" in page.text] == [False, False]
    assert nurse.agency.name == "A Secret Place"


def test_lead_who_changed_agency_books_nobody(app: Flask, signed_in: SignIn) -> None:
    _agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH)
    client = signed_in(lead)
    page = check(client, event, "New One, new@oak.example.org")
    lead.agency = make.agency("Elm School")
    db.session.commit()
    answer = client.send(page, "/group", step="confirm")
    assert (answer.status, stored()) == (409, [])
    assert "You cannot book for this agency." in answer.text


def test_an_officer_says_for_which_agency(app: Flask, signed_in: SignIn) -> None:
    agency, _lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH)
    client = signed_in(make.officer())
    page = check(client, event, "Ann Archer, ann@oak.example.org")
    assert page.status == 422
    assert "Choose the agency" in page.text
    page = check(client, event, "Ann Archer, ann@oak.example.org", agency_id=str(agency.id))
    done = client.send(page, "/group", step="confirm")
    assert done.h1 == "1 person has a place"
    assert stored() == [("Ann Archer", Status.CONFIRMED, "Oak School")]
    assert "The training team arranged this for you." in db.session.scalars(select(Mail.text)).one()
    assert client.get("/agency").h1 == "For which agency?"
    assert "Ann Archer" in client.get(f"/agency?agency={agency.id}").text


def test_agency_page_shows_people_without_needs_or_reasons(app: Flask, signed_in: SignIn) -> None:
    agency, lead = oak()
    elm = make.agency("Elm School")
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=3)
    ann = make.booking(event, make.person("Ann Archer", of=agency))
    db.session.add(BookingNeeds(booking_id=ann.id, access="A hearing loop"))
    moved_away = make.booking(event, make.person("Mo Moved", of=elm), agency=agency)
    make.booking(event, make.person("Ida In", of=agency), agency=elm)
    offered = make.booking(event, make.person("Otis Offered", of=agency), Status.OFFERED)
    make.booking(event, make.person("Wanda Waits", of=agency), Status.WAITING)
    gone = make.booking(event, make.person("Gail Gone", of=agency))
    cancel(gone, by=gone.person, now=NOW, reason="A private matter")
    make.booking(make.event(starts_at=NOW - timedelta(days=9)), make.person("Pia Past", of=agency))
    reserve(make.event(make.course("Harm"), starts_at=NEXT_MONTH), agency, 2, had=0, by=lead, now=NOW)
    page = signed_in(lead).get("/agency")
    assert page.h1 == "Our agency"
    names = [text for href, text in page.links if href.startswith("/bookings/TH-")]
    assert names == ["Otis Offered", "Ann Archer", "Mo Moved", "Otis Offered", "Wanda Waits"]
    for words in (
        "Name 2 people",
        "2 reserved places without a name",
        "Waiting list: number 1",
        "Place offered",
    ):
        assert words in page.text
    for words in ("Ida In", "Pia Past", "A hearing loop", "A private matter", "Gail Gone"):
        assert words not in page.text
    assert moved_away.reference in page.html
    assert offered.reference in page.html
    own = signed_in(lead).get(f"/bookings/{gone.reference}")
    assert (own.status, "A private matter" in own.text) == (200, False)


def test_agency_page_takes_fixed_queries(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    agency, lead = oak()
    client = signed_in(lead)

    def one_more() -> int:
        event = make.event(starts_at=NEXT_MONTH)
        make.booking(event, make.person(of=agency))
        make.booking(event, make.person(of=agency), Status.WAITING)
        db.session.add(
            ReservedPlace(event_id=event.id, agency_id=agency.id, reserved_at=NOW, reserved_by_id=lead.id)
        )
        db.session.commit()
        db.session.expire_all()
        return queries(lambda: client.get("/agency"))

    first = one_more()
    one_more()
    assert one_more() == first


def test_reserving_and_giving_back_from_the_page(app: Flask, signed_in: SignIn, clock: TestClock) -> None:
    agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=4)
    client = signed_in(lead)
    path = f"/dates/{event.id}/reserve"
    page = client.get(path)
    for _ in range(2):
        done = client.send(page, "/reserve", number="3", answer="reserve")
        assert "Oak School now has 3 reserved places on this date." in done.text
    assert places(event).reserved == 3
    too_many = client.post(path, {**done.form("/reserve"), "number": "2", "answer": "reserve"})
    assert (too_many.status, "Only 1 more place can be reserved now" in too_many.text) == (422, True)
    given = client.post(path, {"back": "2", "had": "3", "agency_id": str(agency.id), "answer": "give-back"})
    assert (given.status, places(event).reserved) == (303, 1)
    clock.now = NEXT_MONTH - timedelta(days=14)
    assert "Places could be reserved until" in client.get(path).text


def test_officers_see_agency_shares_and_trainers_do_not(app: Flask, signed_in: SignIn) -> None:
    agency, lead = oak()
    trainer = make.person("Tess", Role.TRAINER)
    event = make.event(
        make.course("Neglect"),
        starts_at=NEXT_MONTH,
        capacity=4,
        trainers=(trainer,),
        policies={"agency_cap": 2},
    )
    make.booking(event, make.person(of=agency))
    reserve(event, agency, 1, had=0, by=lead, now=NOW)
    make.booking(event, make.person(of=agency), Status.WAITING)
    page = signed_in(make.officer()).get(f"/manage/dates/{event.id}/bookings")
    assert "Oak School at the limit reserved by Lena Lead 1 1 1 2" in page.text
    sentence = "One agency can hold up to 2 places until Thursday 22 May 2025."
    assert sentence in page.text
    assert "Places by agency" not in signed_in(trainer).get(f"/manage/dates/{event.id}/bookings").text
    public = signed_in(make.person()).get(f"/dates/{event.id}")
    assert [sentence in public.text, "Oak School" in public.text] == [True, False]


def test_needs_are_said_once_and_only_by_the_person(app: Flask, signed_in: SignIn) -> None:
    agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH)
    booking = make.booking(event, make.person("Ann Archer", of=agency))
    path = f"/bookings/{booking.reference}/needs"
    assert signed_in(lead).get(path).status == 404
    assert signed_in(make.officer()).get(path).status == 404
    client = signed_in(booking.person)
    assert path in client.get(f"/bookings/{booking.reference}").html
    page = client.get(path)
    assert client.send(page, "/needs", access_needs="x" * 501).status == 422
    after = client.send(page, "/needs", access_needs="A hearing loop")
    assert "A hearing loop" in after.text
    assert client.send(page, "/needs", access_needs="Something else").h1 == "Your booking"
    assert db.session.scalars(select(BookingNeeds.access)).all() == ["A hearing loop"]


def test_only_a_training_lead_has_their_agency_in_the_navigation(app: Flask, signed_in: SignIn) -> None:
    _agency, lead = oak()
    seen = [
        "Our agency" in [text for _href, text in signed_in(person).get("/").links]
        for person in (lead, make.officer(), make.person())
    ]
    assert seen == [True, False, False]


def test_lead_returns_from_booking_to_agency_page(app: Flask, signed_in: SignIn) -> None:
    agency, lead = oak()
    booking = make.booking(make.event(starts_at=NEXT_MONTH), make.person(of=agency))
    back = [
        next(
            text for href, text in signed_in(person).get(f"/bookings/{booking.reference}").links if href == to
        )
        for person, to in (
            (lead, "/agency"),
            (make.officer(), f"/manage/dates/{booking.event_id}/bookings"),
        )
    ]
    assert back == ["Our agency", "Everyone at this course date"]
    assert signed_in(lead).get(f"/manage/dates/{booking.event_id}/bookings").status == 404
