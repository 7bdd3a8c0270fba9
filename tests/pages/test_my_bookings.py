"""A person's own bookings."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from tests import make
from tests.conftest import NOW
from tests.page_client import PageClient
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.evaluation.actions import invitations as invitations_actions

SignIn = Callable[..., PageClient]
DAY = timedelta(days=1)


def test_bookings_are_grouped_by_what_they_need(app: Flask, signed_in: SignIn) -> None:
    ann, ben = make.person("Ann"), make.officer("Ben")
    make.booking(make.event(make.course("Later"), starts_at=NOW + 40 * DAY), ann)
    make.booking(make.event(make.course("Soon"), starts_at=NOW + 4 * DAY), ann)
    running = make.event(make.course("Running"), starts_at=NOW - DAY, days=3)
    make.booking(running, ann)
    full = make.event(make.course("Full"), starts_at=NOW + 20 * DAY)
    make.booking(full, status=Status.WAITING, asked_at=NOW - DAY)
    make.booking(full, ann, Status.WAITING, asked_at=NOW)
    done = make.booking(make.event(make.course("Done"), starts_at=NOW - 9 * DAY), ann, Status.COMPLETED)
    make.booking(make.event(make.course("Unmarked"), starts_at=NOW - 8 * DAY), ann)
    make.booking(make.event(make.course("Called off"), starts_at=NOW + 9 * DAY), ann, Status.EVENT_CANCELLED)
    make.booking(make.event(make.course("Never got in"), starts_at=NOW - 7 * DAY), ann, Status.WAITING)
    make.booking(make.event(make.course("Ben's own"), starts_at=NOW + 5 * DAY), ben)
    db.session.commit()
    page = signed_in(ann).get("/bookings")
    coming, waiting, past = (
        page.text.partition("Upcoming")[2].partition("Waiting for a place")[0],
        page.text.partition("Waiting for a place")[2].partition("Past and cancelled")[0],
        page.text.partition("Past and cancelled")[2],
    )

    def order(words: str, *titles: str) -> list[str]:
        return sorted((title for title in titles if title in words), key=words.index)

    assert order(coming, "Later", "Soon", "Running", "Full", "Done") == ["Running", "Soon", "Later"]
    assert order(waiting, "Later", "Soon", "Full", "Never got in") == ["Full"]
    assert "Waiting list: number 2" in waiting
    assert order(past, "Done", "Unmarked", "Called off", "Never got in", "Soon", "Full") == [
        "Called off",
        "Never got in",
        "Unmarked",
        "Done",
    ]
    for words in ("Event cancelled", "Was on the waiting list", "Not recorded", "Completed"):
        assert words in past
    assert [href for href, _ in page.links if href.startswith("/certificates/")] == [
        f"/certificates/{done.reference}"
    ]
    assert "Ben's own" not in page.text


def test_outstanding_evaluation_has_a_direct_link(app: Flask, signed_in: SignIn) -> None:
    ann = make.person("Ann")
    over = make.event(make.course("Done"), starts_at=NOW - 2 * DAY)
    invitations_actions.open_form(make.booking(over, ann, Status.COMPLETED), now=NOW)
    make.booking(make.event(make.course("Also done"), starts_at=NOW - 9 * DAY), ann, Status.COMPLETED)
    db.session.commit()
    page = signed_in(ann).get("/bookings")
    links = [(href, text) for href, text in page.links if href.startswith("/evaluate/")]
    assert [text for _, text in links] == ["Tell us what you thought of Done, Sunday 4 May 2025"]
    assert signed_in(ann).get(links[0][0]).status == 200


def test_officer_sees_only_own_bookings_here(app: Flask, signed_in: SignIn) -> None:
    make.booking(make.event(make.course("Ann's own"), starts_at=NOW + DAY), make.person("Ann"))
    officer = make.officer()
    db.session.commit()
    page = signed_in(officer).get("/bookings")
    assert "You have not booked anything yet" in page.text
    assert "Ann's own" not in page.text


def test_my_bookings_needs_a_fixed_number_of_queries(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    ann = make.person("Ann")

    def one_more() -> None:
        for days, status in ((9, Status.CONFIRMED), (8, Status.WAITING), (-9, Status.COMPLETED)):
            event = make.event(starts_at=NOW + days * DAY, venue=make.venue())
            make.booking(event, ann, status)
        db.session.commit()

    one_more()
    browser = signed_in(ann)
    few = queries(lambda: browser.get("/bookings"))
    one_more()
    one_more()
    assert queries(lambda: browser.get("/bookings")) == few


def test_offers_and_moved_dates_come_first(app: Flask, signed_in: SignIn) -> None:
    ann = make.person("Ann")
    later = make.booking(
        make.event(make.course("Later"), starts_at=NOW + 40 * DAY),
        ann,
        Status.OFFERED,
        decide_by=NOW + 2 * DAY,
    )
    sooner = make.booking(
        make.event(make.course("Sooner"), starts_at=NOW + 50 * DAY), ann, Status.OFFERED, decide_by=NOW + DAY
    )
    make.booking(
        make.event(make.course("Run out"), starts_at=NOW + 60 * DAY), ann, Status.OFFERED, decide_by=NOW - DAY
    )
    moved = make.booking(
        make.event(make.course("Moved"), starts_at=NOW + 30 * DAY, sequence=1, venue=make.venue("Town Hall")),
        ann,
        asked_sequence=1,
    )
    db.session.commit()
    page = signed_in(ann).get("/bookings")
    first = page.text.partition("My bookings A place")[2].partition("Upcoming")[0]
    assert first == (
        " on Sooner is held for you The course is on Wednesday 25 June 2025."
        " Accept or decline the place by Wednesday 7 May 2025, 9:30am. After that it goes to the next person."
        " Accept or decline the place on Sooner, Wednesday 25 June 2025"
        " A place on Later is held for you The course is on Sunday 15 June 2025."
        " Accept or decline the place by Thursday 8 May 2025, 9:30am. After that it goes to the next person."
        " Accept or decline the place on Later, Sunday 15 June 2025"
        " Can you still come to Moved? The time or place of this course date has changed. It is now on Thursday 5 June"
        " 2025, 9:30am to 4:30pm, Town Hall. Say whether you can still come to Moved, Thursday 5 June 2025 "
    )
    links = [href for href, words in page.links if words.startswith(("Accept or", "Say whether"))]
    assert links == [f"/bookings/{row.reference}" for row in (sooner, later, moved)]
