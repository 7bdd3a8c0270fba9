"""Every action on places at the same moment: the result is as if they had run one after another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest
from flask import Flask

from tests import make
from tests.bookings.booking_machine.invariants import check, check_step
from tests.bookings.booking_machine.model import Rows, read
from tests.bookings.booking_machine.related_invariants import check_related
from tests.conftest import NOW
from tests.races.crowd import SIZE, Crowd, Errand, Job
from tests.resizing import resize
from training_hub.bookings.actions import book as book_actions
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.config import Settings
from training_hub.database import db
from training_hub.people.models import Person

pytestmark = pytest.mark.postgres

NEXT_MONTH = NOW + timedelta(days=30)
EARLIER = NOW - timedelta(days=5)
REQUESTS = {"approval": "line manager", "approval_working_days": 2}


@dataclass
class Scene:
    """Two dates of a course with a few places left, for transfers, and one with a waiting list."""

    roomy: list[Event]
    full: Event
    officer: Person
    newcomers: list[Person]

    def at(self, event: Event, status: Status) -> Iterator[Booking]:
        rows = db.session.query(Booking).filter_by(event_id=event.id, status=status).order_by(Booking.id)
        return iter(rows.all())


def scene() -> Scene:
    """Made by the actions, so that history and emails are complete from the start."""
    course, venue, officer = make.course(), make.venue(), make.officer()
    managed = {"manager_name": "Mo Manager", "manager_email": "mo@example.org"}
    school = make.agency()
    crowd = iter([make.person(of=school, **managed) for _ in range(80)])

    def book(event: Event, number: int, days_ago: float) -> list[Booking]:
        when = NOW - timedelta(days=days_ago)
        people = [next(crowd) for _ in range(number)]
        return [book_actions.book(who, event, by=who, now=when) for who in people]

    def under(event: Event, policies: dict[str, object]) -> None:
        event.policies = policies
        # The process that locks the event reads it again.
        db.session.flush()

    roomy = [
        make.event(course, starts_at=NEXT_MONTH + timedelta(days=week * 7), capacity=15, venue=venue)
        for week in range(2)
    ]
    for event in roomy:
        book(event, 9, 5)
        under(event, REQUESTS)
        book(event, 2, 1)
        under(event, {})
    full = make.event(course, starts_at=NEXT_MONTH + timedelta(days=21), capacity=10, venue=venue)
    under(full, REQUESTS)
    book(full, 1, 5)
    book(full, 1, 1)
    under(full, {})
    book(full, 8, 5)
    book(full, 12, 5)
    under(full, {**REQUESTS, "approval_holds_place": False})
    book(full, 2, 1)
    under(full, {})
    # Three offers that expired a day ago, and four that are open.
    resize(full, 13, now=NOW - timedelta(days=2))
    resize(full, 17, now=NOW - timedelta(hours=2))
    found = Scene(roomy, full, officer, list(crowd))
    db.session.commit()
    return found


def work_of(scene: Scene) -> list[Errand | Job]:
    """What everyone does at once, mostly to the same places."""
    officer, newcomers = scene.officer.get_id(), iter(scene.newcomers)
    work: list[Errand | Job] = []

    def own(booking: Booking, what: str, **data: str) -> Errand:
        path = f"/bookings/{booking.reference}"
        opened = path if what == "take" else f"{path}/{what}"
        return Errand(booking.person.get_id(), f"{path}/{what}", data, opened=opened)

    def decide(booking: Booking, answer: str) -> Errand:
        path = f"/bookings/{booking.reference}/decide"
        return Errand(officer, path, {"answer": answer, "reason": "Too busy"})

    for event, other in (scene.roomy, reversed(scene.roomy)):
        holders, requests = scene.at(event, Status.CONFIRMED), scene.at(event, Status.REQUESTED)
        work += [own(next(holders), "transfer", event_id=str(other.id)) for _ in range(4)]
        work += [own(next(holders), "cancel", reason="On leave") for _ in range(2)]
        work += [own(next(holders), "substitute", name="Noor New", email="noor@example.org")]
        twice = next(requests)
        work += [decide(twice, "approve"), decide(twice, "decline"), decide(next(requests), "approve")]
    for event in (*scene.roomy, scene.full):
        confirm = {"step": "confirm", "offered": "place"}
        work += [
            Errand(who.get_id(), f"/dates/{event.id}/book", confirm)
            for who in (next(newcomers), next(newcomers))
        ]
        work += [Job(event_id=event.id, number=capacity) for capacity in (12, 16, 18, 14)]
        work += [Errand(officer, f"/manage/dates/{event.id}/edit", {"capacity": "19"})]
    holders, offered = scene.at(scene.full, Status.CONFIRMED), scene.at(scene.full, Status.OFFERED)
    work += [own(next(holders), "cancel", reason="On leave") for _ in range(3)]
    work += [own(next(holders), "transfer", event_id=str(scene.roomy[0].id)) for _ in range(2)]
    standing = [booking for booking in offered if booking.decide_by and booking.decide_by > NOW]
    work += [own(booking, "take") for booking in standing]
    # In two windows, and refused in a third.
    work += [own(standing[0], "take"), own(standing[0], "cancel", reason="")]
    # A person who waits, or has an offer, also gets a colleague's place.
    waiting = next(scene.at(scene.full, Status.WAITING))
    for colleague in (waiting.person, standing[-1].person):
        work += [own(next(holders), "substitute", name=colleague.name, email=colleague.email)]
    for request in scene.at(scene.full, Status.REQUESTED):
        work += [decide(request, "approve")]
    return [*work, *[Job(name) for name in ("lapse_claims", "fill_free_places") * 2]]


def check_order(before: Rows, after: Rows, event_id: int) -> None:
    """People who got a place or an offer joined the list before everyone who still waits."""
    was = [row.id for row in before.waiting(event_id)]
    still = {row.id for row in after.waiting(event_id)}
    new = after.changes[len(before.changes) :]
    given = [change.booking_id for change in new if change.was is Status.WAITING and change.by_id is None]
    assert len(given) == len(set(given))
    after_all = [key for key in was if key in still or key in given]
    chosen = [key for key in after_all if key in given]
    assert after_all[: len(chosen)] == chosen


@pytest.mark.parametrize("seed", [1, 2])
def test_mixed_actions_at_once_never_double_book_a_place(
    app: Flask, settings: Settings, crowd: Crowd, seed: int
) -> None:
    made = scene()
    before = read(now=NOW)
    check(before)
    work = work_of(made)
    Random(seed).shuffle(work)
    answers = crowd.mix(settings, NOW, [work[number::SIZE] for number in range(SIZE)])

    # Nobody sees an error: each action succeeds, or a page says why not.
    sent = {answer.sent for several in answers for answer in several}
    assert sent <= {303, 409, 410, 422}
    assert 303 in sent
    after = read(now=NOW)
    check(after)
    check_related(after)
    check_step(before, after, may_jump=True)
    check_order(before, after, made.full.id)
