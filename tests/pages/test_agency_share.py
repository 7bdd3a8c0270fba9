"""With an agency limit, a date can be full for one reader and free for another, and says why."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from tests import make
from tests.conftest import NOW
from tests.page_client import Page, PageClient
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.people.models import Agency, Person

SignIn = Callable[..., PageClient]
Count = Callable[[Callable[[], object]], int]
SOON = NOW + timedelta(days=40)
BOOK, WAIT = "Book", "Waiting list"


def capped(capacity: int, cap: int = 2, title: str = "Neglect", **columns: object) -> Event:
    course = make.course(title)
    policies = {"agency_cap": cap, "cap_released_days": 14}
    return make.event(course, starts_at=SOON, capacity=capacity, policies=policies, **columns)  # type: ignore[arg-type]


def oak_elm() -> tuple[Agency, Person, Person]:
    """Oak School, and one person each of Oak School and Elm School."""
    oak, elm = make.agency("Oak School"), make.agency("Elm School")
    return oak, make.person("Olga", of=oak), make.person("Elsa", of=elm)


def card(page: Page, event: Event) -> list[str]:
    """The text of links to this date, without the words for screen readers."""
    links = [words.partition(":")[0] for href, words in page.links if href == f"/dates/{event.id}"]
    return [words for words in links if words in (BOOK, WAIT)]


def test_agency_at_its_limit_sees_the_waiting_list(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    oak, olga, elsa = oak_elm()
    event = capped(5)
    make.booking(event, make.person(of=oak))
    db.session.add(
        ReservedPlace(event_id=event.id, agency_id=oak.id, reserved_at=NOW, reserved_by_id=olga.id)
    )
    db.session.commit()
    pages = ("/dates", f"/courses/{event.course.slug}")
    for client, says, words in (
        (signed_in(olga), WAIT, "Your agency is at its limit"),
        (signed_in(elsa), BOOK, "Up to 2 places for one agency"),
        (stranger, BOOK, "Up to 2 places for one agency"),
    ):
        for path in pages:
            page = client.get(path)
            assert card(page, event) == [says]
            assert "3 of 5 places left" in page.text
            both = ("Your agency is at its limit", "Up to 2 places for one agency")
            assert [each for each in both if each in page.text] == [words]
    page = signed_in(olga).get(f"/dates/{event.id}")
    assert "Your agency is at its limit" in page.text
    assert "People of other agencies can still book." in page.text
    assert "Join the waiting list" in [words for _href, words in page.links]
    for client in (signed_in(elsa), stranger):
        assert "Book this place" in [words for _href, words in client.get(f"/dates/{event.id}").links]
    # Booking does what the page says.
    assert "Your agency holds as many places as it can for now" in (
        signed_in(olga).get(f"/dates/{event.id}/book").text
    )
    assert "You get a place straight away" in signed_in(elsa).get(f"/dates/{event.id}/book").text


def test_people_waiting_for_their_agency_limit_block_nobody(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    oak, olga, elsa = oak_elm()
    event = capped(4)
    for status in (Status.CONFIRMED, Status.CONFIRMED, Status.WAITING, Status.WAITING):
        make.booking(event, make.person(of=oak), status)
    for client, says in ((signed_in(olga), WAIT), (signed_in(elsa), BOOK), (stranger, BOOK)):
        page = client.get("/dates")
        assert (card(page, event), "2 of 4 places left" in page.text) == ([says], True)


def test_full_date_is_full_for_every_agency(app: Flask, signed_in: SignIn, stranger: PageClient) -> None:
    oak, olga, elsa = oak_elm()
    event = capped(2)
    for _ in range(2):
        make.booking(event, make.person(of=oak))
    make.booking(event, make.person(), Status.WAITING)
    for client in (signed_in(olga), signed_in(elsa), stranger):
        page = client.get("/dates")
        assert (card(page, event), "Full, 1 waiting" in page.text) == ([WAIT], True)
        assert ("Your agency is at its limit" in page.text, "for one agency" in page.text) == (False, False)
        assert "This date is full" in client.get(f"/dates/{event.id}").text


def test_free_places_search_respects_the_agency_limit(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    oak, olga, elsa = oak_elm()
    shared, waited, plain = capped(3, title="Shared"), capped(3, title="Waited"), make.event(starts_at=SOON)
    for status in (Status.CONFIRMED, Status.CONFIRMED):
        make.booking(shared, make.person(of=oak), status)
        make.booking(waited, make.person(of=oak), status)
    make.booking(waited, make.person(of=oak), Status.WAITING)
    full = make.event(starts_at=SOON, capacity=1)
    make.booking(full)

    def found(client: PageClient) -> list[int]:
        links = client.get("/dates?left=yes").links
        events = (shared, waited, plain, full)
        return [each.id for each in events if f"/dates/{each.id}" in [href for href, _ in links]]

    assert found(signed_in(olga)) == [plain.id]
    assert found(signed_in(elsa)) == found(stranger) == [shared.id, waited.id, plain.id]


def test_agency_limit_needs_no_more_queries(
    app: Flask, signed_in: SignIn, stranger: PageClient, queries: Count
) -> None:
    oak, olga, _elsa = oak_elm()
    browser = signed_in(olga)
    events = [make.event(starts_at=SOON, venue=make.venue()) for _ in range(3)]

    def cost(path: str) -> tuple[int, int]:
        return queries(lambda: browser.get(path)), queries(lambda: stranger.get(path))

    paths = ("/dates", f"/dates/{events[0].id}", f"/courses/{events[0].course.slug}")
    plain = [cost(path) for path in paths]
    for event in events:
        event.policies = {"agency_cap": 2}
        for _ in range(3):
            make.booking(event, make.person())
        make.booking(event, make.person(of=oak), Status.WAITING)
    db.session.commit()
    assert [cost(path) for path in paths] == plain


def test_other_dates_shown_respect_the_agency_limit(app: Flask, signed_in: SignIn) -> None:
    oak, olga, elsa = oak_elm()
    event = capped(5)
    closed = make.event(event.course, starts_at=NOW + timedelta(days=1))
    for _ in range(2):
        make.booking(event, make.person(of=oak))
    for person, words in ((olga, "Your agency is at its limit"), (elsa, "Up to 2 places for one agency")):
        page = signed_in(person).get(f"/dates/{closed.id}/book")
        assert (page.status, words in page.text) == (409, True)
