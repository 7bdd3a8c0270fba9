"""Outcomes that a hub officer decides."""

from collections.abc import Callable

from flask import Flask

from tests import make
from tests.attendance.registers import Scene, scene, stored_marks
from tests.page_client import Page, PageClient
from training_hub.bookings.models.status import Status

SignIn = Callable[..., PageClient]


def place(on: Scene, name: str) -> str:
    return f"/registers/{on.event.id}/outcome/{on.bookings[name].reference}"


def decide(client: PageClient, on: Scene, name: str, outcome: str, why: str = "He rang") -> Page:
    page = client.get(place(on, name))
    return client.send(page, on.bookings[name].reference, outcome=outcome, why=why)


def test_later_marks_do_not_undo_a_decided_outcome(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    officer, trainer = signed_in(make.officer()), signed_in(on.trainer)
    page = decide(officer, on, "Ann", "completed", "Joined by telephone")
    assert "The hub decided this outcome Olive Officer, 6 May 2025, 9:30am: Joined by telephone" in page.text
    assert on.statuses() == {"Ann": Status.COMPLETED}
    page = trainer.send(trainer.get(on.path), "/1", **on.marks(Ann="absent"))
    assert (page.status, "decided by the hub" in page.text) == (200, True)
    assert on.statuses() == {"Ann": Status.COMPLETED}
    assert [mark for *_, mark in stored_marks()] == ["absent"]
    assert on.bookings["Ann"].history[-1].why == "Joined by telephone"


def test_marks_count_again_once_a_decision_is_taken_back(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann", "Ben")
    officer, trainer = signed_in(make.officer()), signed_in(on.trainer)
    trainer.send(trainer.get(on.path), "/1", **on.marks(Ann="absent"))
    decide(officer, on, "Ann", "completed")
    decide(officer, on, "Ben", "did not attend")
    assert on.statuses() == {"Ann": Status.COMPLETED, "Ben": Status.DID_NOT_ATTEND}
    decide(officer, on, "Ann", "marks", "Wrong person")
    page = decide(officer, on, "Ben", "marks", "Wrong person")
    assert on.statuses() == {"Ann": Status.DID_NOT_ATTEND, "Ben": Status.CONFIRMED}
    assert "The hub decided this outcome" not in page.text
    trainer.send(trainer.get(on.path), "/1", **on.marks(Ben="present"))
    assert on.statuses() == {"Ann": Status.DID_NOT_ATTEND, "Ben": Status.COMPLETED}


def test_deciding_an_outcome_needs_a_reason_and_an_officer(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    officer, trainer = signed_in(make.officer()), signed_in(on.trainer)
    page = decide(officer, on, "Ann", "completed", why=" ")
    assert (page.status, "Say why the outcome changes" in page.text) == (422, True)
    page = trainer.get(place(on, "Ann"))
    assert (page.status, "Decide the outcome" in page.text) == (200, False)
    sent = {"outcome": "completed", "why": "x", "shown": "confirmed"}
    assert trainer.post(place(on, "Ann"), sent).status == 403
    assert on.statuses() == {"Ann": Status.CONFIRMED}


def test_a_walk_in_cannot_become_a_non_attender(app: Flask, signed_in: SignIn) -> None:
    on = scene()
    on.bookings = {"Wim": make.booking(on.event, make.person("Wim"), walk_in=True)}
    page = decide(signed_in(make.officer()), on, "Wim", "did not attend")
    assert (page.status, "Wim came without a booking" in page.text) == (422, True)
    assert on.statuses() == {"Wim": Status.CONFIRMED}


def test_an_old_page_decides_nothing_after_a_change(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    officer, trainer = signed_in(make.officer()), signed_in(on.trainer)
    stale = officer.get(place(on, "Ann"))
    trainer.send(trainer.get(on.path), "/1", **on.marks(Ann="present"))
    page = officer.send(stale, on.bookings["Ann"].reference, outcome="did not attend", why="x")
    assert page.status == 409
    assert on.statuses() == {"Ann": Status.COMPLETED}


def test_a_place_that_was_given_up_has_no_outcome_to_decide(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    on.bookings["Gone"] = make.booking(on.event, make.person("Gone"), Status.CANCELLED_LATE)
    officer = signed_in(make.officer())
    page = officer.get(place(on, "Gone"))
    assert (page.status, "Decide the outcome" in page.text) == (200, False)
    sent = {"outcome": "completed", "why": "x", "shown": "cancelled late"}
    assert officer.post(place(on, "Gone"), sent).status == 409
    assert on.statuses()["Gone"] is Status.CANCELLED_LATE


def test_the_history_tells_each_mark_and_each_outcome_in_words(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    trainer = signed_in(on.trainer)
    page = trainer.send(trainer.get(on.path), "/1", **on.marks(Ann="absent"))
    trainer.send(page, "/1", why="Came at ten", **on.marks(Ann="late"))
    text = trainer.get(place(on, "Ann")).text
    assert [
        sentence in text
        for sentence in (
            "Marked “absent”.",
            "The mark was changed from “absent” to “late”.",
            "Trudy Trainer – Came at ten",
            "Outcome from the marks Completed",
        )
    ] == [True] * 4
