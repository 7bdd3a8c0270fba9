"""Marking a register: one page, one button."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import make
from tests.attendance.registers import chosen, mark_history, scene, stored_marks
from tests.conftest import NOW, TestClock
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import EventStatus
from training_hub.database import db

SignIn = Callable[..., PageClient]


def test_one_button_marks_everyone_and_sets_outcomes(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann", "Ben", "Cat", "Dan")
    trainer = signed_in(on.trainer)
    page = trainer.get(on.path)
    assert (page.h1, chosen(page)) == ("Register", {})
    assert "0 of 4 marked" in page.text
    marks = on.marks(Ann="present", Ben="late", Cat="left early", Dan="absent")
    page = trainer.send(page, "/1", **marks)
    assert on.statuses() == {
        "Ann": Status.COMPLETED,
        "Ben": Status.COMPLETED,
        "Cat": Status.PARTIAL,
        "Dan": Status.DID_NOT_ATTEND,
    }
    assert chosen(page) == marks
    assert "4 of 4 marked Saved 9:30am by Trudy Trainer" in page.text
    assert [(name, mark) for name, _session, mark in stored_marks()] == [
        ("Ann Shah", "present"),
        ("Ben Shah", "late"),
        ("Cat Shah", "left early"),
        ("Dan Shah", "absent"),
    ]
    assert [(change.was, change.became, change.by.name) for change in on.bookings["Cat"].history[1:]] == [
        (Status.CONFIRMED, Status.PARTIAL, "Trudy Trainer")
    ]


def test_people_may_be_left_unmarked_and_are_then_not_recorded(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann", "Ben")
    trainer = signed_in(on.trainer)
    page = trainer.send(trainer.get(on.path), "/1", **on.marks(Ann="present"))
    assert on.statuses() == {"Ann": Status.COMPLETED, "Ben": Status.CONFIRMED}
    assert "1 of 2 marked" in page.text
    trainer.send(page, "/1", **on.marks(Ben="absent"))
    assert on.statuses() == {"Ann": Status.COMPLETED, "Ben": Status.DID_NOT_ATTEND}


def test_chosen_marks_are_saved_before_adding_someone(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann", "Ben")
    trainer = signed_in(on.trainer)
    page = trainer.send(trainer.get(on.path), "/1", **on.marks(Ann="present"), then="add")
    assert page.h1 == "Add someone without a booking"
    assert on.statuses() == {"Ann": Status.COMPLETED, "Ben": Status.CONFIRMED}
    assert chosen(trainer.get(on.path)) == on.marks(Ann="present")


def test_pressing_the_button_twice_marks_once(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann", "Ben")
    trainer = signed_in(on.trainer)
    form = {**trainer.get(on.path).form(), **on.marks(Ann="present", Ben="absent")}
    assert [trainer.post(on.path, form).status for _ in range(2)] == [303, 303]
    assert mark_history() == [
        ("Ann Shah", None, "present", "Trudy Trainer", ""),
        ("Ben Shah", None, "absent", "Trudy Trainer", ""),
    ]
    assert len(on.bookings["Ann"].history) == 2


def test_a_register_is_shut_before_its_session_starts(
    app: Flask, signed_in: SignIn, clock: TestClock
) -> None:
    on = scene("Ann", starts_at=NOW + timedelta(minutes=1))
    trainer = signed_in(on.trainer)
    page = trainer.get(on.path)
    assert [heading in page.text for heading in ("You can mark this register from", "Ann Shah")] == [
        True,
        True,
    ]
    answer = trainer.post(on.path, {f"shown-{on.bookings['Ann'].id}": "", **on.marks(Ann="present")})
    assert (answer.status, answer.h1) == (409, "We could not do that")
    assert on.statuses() == {"Ann": Status.CONFIRMED}
    clock.now = NOW + timedelta(minutes=1)
    trainer.send(trainer.get(on.path), "/1", **on.marks(Ann="present"))
    assert on.statuses() == {"Ann": Status.COMPLETED}


def test_the_second_day_is_marked_that_day_and_sets_the_outcome(
    app: Flask, signed_in: SignIn, clock: TestClock
) -> None:
    on = scene("Ann", "Ben", "Cat", days=2)
    trainer = signed_in(on.trainer)
    trainer.send(trainer.get(on.path), "/1", **on.marks(Ann="present", Ben="present", Cat="absent"))
    assert set(on.statuses().values()) == {Status.CONFIRMED}
    second = f"/registers/{on.event.id}/2"
    assert trainer.post(second, {**on.marks(Ann="present")}).status == 409
    clock.now = NOW + timedelta(days=1)
    page = trainer.get(second)
    assert (page.h1, chosen(page)) == ("Register, session 2 of 2", {})
    trainer.send(page, "/2", **on.marks(Ann="late", Ben="absent", Cat="absent"))
    assert on.statuses() == {"Ann": Status.COMPLETED, "Ben": Status.PARTIAL, "Cat": Status.DID_NOT_ATTEND}


def test_changing_a_saved_mark_needs_a_reason(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann", "Ben")
    trainer = signed_in(on.trainer)
    page = trainer.send(trainer.get(on.path), "/1", **on.marks(Ann="absent"))
    page = trainer.send(page, "/1", **on.marks(Ann="late", Ben="present"))
    assert (page.status, page.title.startswith("Error: Register")) == (422, True)
    assert "There is a problem Say why a mark that was saved before is changing" in page.text
    assert chosen(page) == on.marks(Ann="late", Ben="present")
    assert on.statuses() == {"Ann": Status.DID_NOT_ATTEND, "Ben": Status.CONFIRMED}
    page = trainer.send(page, "/1", why="Came at ten")
    assert on.statuses() == {"Ann": Status.COMPLETED, "Ben": Status.COMPLETED}
    assert mark_history() == [
        ("Ann Shah", None, "absent", "Trudy Trainer", ""),
        ("Ann Shah", "absent", "late", "Trudy Trainer", "Came at ten"),
        ("Ben Shah", None, "present", "Trudy Trainer", "Came at ten"),
    ]
    assert [(change.became, change.why) for change in on.bookings["Ann"].history[1:]] == [
        (Status.DID_NOT_ATTEND, ""),
        (Status.COMPLETED, "Came at ten"),
    ]


def test_an_old_page_overwrites_no_mark_of_a_colleague(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann", "Ben", "Cat")
    officer = make.officer()
    first, second = signed_in(on.trainer), signed_in(officer)
    stale = first.get(on.path)
    second.send(second.get(on.path), "/1", **on.marks(Ann="absent", Ben="present"))
    page = first.send(stale, "/1", **on.marks(Ann="present", Ben="present", Cat="present"))
    assert page.status == 409
    sentence = "Olive Officer has marked Ann Shah “absent” since you opened this page."
    assert sentence in page.text
    assert "Olive Officer marked “absent” at 9:30am. You chose “present”." in page.text
    assert on.statuses() == {
        "Ann": Status.DID_NOT_ATTEND,
        "Ben": Status.COMPLETED,
        "Cat": Status.CONFIRMED,
    }
    assert chosen(page) == on.marks(Ann="present", Ben="present", Cat="present")
    page = first.send(page, "/1", why="She was in the corridor")
    assert page.status == 200
    assert on.statuses() == {"Ann": Status.COMPLETED, "Ben": Status.COMPLETED, "Cat": Status.COMPLETED}


def test_untouched_rows_of_an_old_page_keep_newer_marks(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann", "Ben")
    first, second = signed_in(on.trainer), signed_in(make.officer())
    stale = first.get(on.path)
    second.send(second.get(on.path), "/1", **on.marks(Ann="absent"))
    page = first.send(stale, "/1", **on.marks(Ben="present"))
    assert page.status == 200
    assert on.statuses() == {"Ann": Status.DID_NOT_ATTEND, "Ben": Status.COMPLETED}


def test_marks_for_people_on_another_register_change_nothing(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    other = make.booking(make.event(starts_at=NOW - timedelta(hours=1)), make.person("Olga Other"))
    gone = make.booking(on.event, make.person("Gone Shah"), Status.CANCELLED)
    waits = make.booking(on.event, make.person("Wanda Shah"), Status.WAITING)
    trainer = signed_in(on.trainer)
    for booking in (other, gone, waits):
        answer = trainer.post(on.path, {**on.marks(Ann="present"), f"mark-{booking.id}": "absent"})
        assert answer.status == 409
    assert trainer.post(on.path, {"mark-999999999": "present"}).status == 409
    assert trainer.post(on.path, {"mark-99999999999999999999": "present", "mark-x": "present"}).status == 303
    assert trainer.post(on.path, on.marks(Ann="asleep")).status == 303
    assert stored_marks() == []
    assert [row.status for row in (other, gone, waits)] == [
        Status.CONFIRMED,
        Status.CANCELLED,
        Status.WAITING,
    ]


def test_an_outcome_from_elsewhere_changes_only_with_a_reason(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    brought_in = make.booking(on.event, make.person("Ivy Import"), Status.COMPLETED)
    on.bookings["Ivy"] = brought_in
    trainer = signed_in(on.trainer)
    page = trainer.send(trainer.get(on.path), "/1", **on.marks(Ivy="absent"))
    assert page.status == 422
    trainer.send(page, "/1", why="The old list was wrong")
    assert on.statuses() == {"Ann": Status.CONFIRMED, "Ivy": Status.DID_NOT_ATTEND}


def test_an_imported_outcome_stays_until_marks_contradict_it(app: Flask, signed_in: SignIn) -> None:
    on = scene(days=2)
    on.bookings = {"Ivy": make.booking(on.event, make.person("Ivy Import"), Status.COMPLETED)}
    trainer = signed_in(on.trainer)
    trainer.send(trainer.get(on.path), "/1", **on.marks(Ivy="present"))
    assert on.statuses() == {"Ivy": Status.COMPLETED}


@pytest.mark.parametrize(
    "path", ["", "/walk-in", "/sheet.pdf", "/outcome/{reference}", "/walk-in/{reference}"]
)
def test_another_trainers_register_is_not_there(app: Flask, signed_in: SignIn, path: str) -> None:
    on = scene("Ann")
    walk_in = make.booking(on.event, make.person("Wim Walk"), walk_in=True)
    stranger = make.person("Tom Trainer", Role.TRAINER)
    make.event(starts_at=NOW - timedelta(hours=1), trainers=(stranger,))
    address = f"/registers/{on.event.id}" + (path.format(reference=walk_in.reference) or "/1")
    page = signed_in(stranger).get(address)
    assert (page.status, "Shah" in page.html, "Walk" in page.html) == (404, False, False)
    assert signed_in(on.trainer).get(address).status == 200


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.HUB_MEMBER, Role.ADMINISTRATOR])
def test_no_other_role_opens_a_register(app: Flask, signed_in: SignIn, role: Role) -> None:
    on = scene("Ann")
    page = signed_in(make.person("Rose", role)).get(on.path)
    assert (page.status, "Shah" in page.html) == (403, False)


def test_drafts_called_off_dates_and_unknown_sessions_are_404(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    trainer = signed_in(on.trainer)
    assert [trainer.get(f"/registers/{on.event.id}/{number}").status for number in (0, 2, 100)] == [404] * 3
    assert trainer.get("/registers/2147483648/1").status == 404

    for status in (EventStatus.DRAFT, EventStatus.CALLED_OFF):
        on.event.status = status
        db.session.commit()
        assert trainer.get(on.path).status == 404


def test_needs_are_there_for_the_trainer_and_folded_away(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann", "Ben")
    db.session.add(BookingNeeds(booking_id=on.bookings["Ben"].id, access="Hearing loop", dietary="No nuts"))
    page = signed_in(on.trainer).get(on.path)
    assert "Access and dietary needs: 1 person" in page.text
    assert "Ben Shah Access: Hearing loop Diet: No nuts" in page.text
    assert page.html.index('<details class="register-needs"') < page.html.index("Hearing loop")


def test_a_register_takes_as_many_queries_for_three_as_for_one(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    one, three = scene("Ann"), scene("Bea", "Cas", "Dov")
    first, second = signed_in(one.trainer), signed_in(three.trainer)
    assert queries(lambda: first.get(one.path)) == queries(lambda: second.get(three.path))
    sent = {**first.get(one.path).form(), **one.marks(Ann="present")}
    more = {**second.get(three.path).form(), **three.marks(Bea="present", Cas="late", Dov="present")}
    paths = (one.path, three.path)
    # Forget what the test itself has read.
    db.session.remove()
    counts = [queries(lambda: first.post(paths[0], sent)), queries(lambda: second.post(paths[1], more))]
    assert counts == [counts[0]] * 2


def test_a_name_cannot_write_into_the_page(app: Flask, signed_in: SignIn) -> None:
    on = scene()
    make.booking(on.event, make.person("<script>alert(1)</script>", email="x@example.org"))
    page = signed_in(on.trainer).get(on.path)
    assert ("<script>alert" in page.html, "<script>alert(1)</script>" in page.text) == (False, True)


def test_two_bookings_of_one_person_show_the_open_one(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    db.session.add(make.booking(on.event, on.bookings["Ann"].person, Status.CANCELLED))
    page = signed_in(on.trainer).get(on.path)
    assert page.text.count("Ann Shah") == page.text.count("Ann’s School") == 1
    assert db.session.query(Booking).count() == 2


def test_a_correction_that_leaves_the_outcome_open_takes_it_back(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann", "Ben", days=2)
    made_elsewhere = on.bookings["Ben"]
    made_elsewhere.status = Status.PARTIAL
    trainer = signed_in(on.trainer)
    page = trainer.send(trainer.get(on.path), "/1", **on.marks(Ann="left early"))
    assert on.statuses() == {"Ann": Status.PARTIAL, "Ben": Status.PARTIAL}
    trainer.send(page, "/1", why="She came back", **on.marks(Ann="present", Ben="present"))
    assert on.statuses() == {"Ann": Status.CONFIRMED, "Ben": Status.PARTIAL}
    assert [(change.was, change.became, change.why) for change in on.bookings["Ann"].history[1:]] == [
        (Status.CONFIRMED, Status.PARTIAL, ""),
        (Status.PARTIAL, Status.CONFIRMED, "She came back"),
    ]
