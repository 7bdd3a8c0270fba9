"""Course dates, as officers add, edit, publish and delete them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.page_client import Page, PageClient
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event, EventSession, EventStatus, Venue
from training_hub.database import db
from training_hub.mail.models import Mail

pytestmark = pytest.mark.postgres

SOON = NOW + timedelta(days=30)
SignIn = Callable[..., PageClient]


@pytest.fixture
def officer(app: Flask, signed_in: SignIn) -> PageClient:
    person = make.officer()
    db.session.commit()
    return signed_in(person)


def answers(course_id: int, **more: Any) -> dict[str, Any]:
    """A complete form: one session on Thursday 5 June 2025."""
    return {
        "course_id": str(course_id),
        "sessions-0-day": ["5", "6", "2025"],
        "sessions-0-starts": "9:30am",
        "sessions-0-ends": "4.30pm",
        "how": "room",
        "capacity": "24",
        **more,
    }


def problems(page: Page) -> list[str]:
    """The lines of the error summary."""
    return [text for href, text in page.links if href.startswith("#") and href != "#main"]


def only_event() -> Event:
    db.session.expire_all()
    return db.session.scalars(select(Event)).one()


def times(event: Event) -> list[tuple[datetime, datetime]]:
    return [(session.starts_at, session.ends_at) for session in event.sessions]


def test_officer_adds_a_two_session_draft_and_publishes_it(
    app: Flask, officer: PageClient, stranger: PageClient
) -> None:
    course = make.course("Working with Neglect")
    tom = make.person("Tom", Role.TRAINER)
    db.session.commit()
    sent = answers(
        course.id, **{"sessions-2-day": "2025-06-12", "sessions-2-starts": "1pm", "sessions-2-ends": "16:00"},
        new_venue="Wyvern House", new_address="Winsford", trainers=[str(tom.id)], notes="Bring a pen.",
    )  # fmt: skip
    answer = officer.post("/manage/dates/add", sent)
    event = only_event()
    assert (answer.status, answer.response.headers["Location"]) == (303, f"/manage/dates/{event.id}")
    assert (event.reference, event.status, event.capacity, event.place) == (
        "WN-2025-06-05",
        EventStatus.DRAFT,
        24,
        "Wyvern House",
    )
    assert times(event) == [
        (datetime(2025, 6, 5, 8, 30, tzinfo=UTC), datetime(2025, 6, 5, 15, 30, tzinfo=UTC)),
        (datetime(2025, 6, 12, 12, 0, tzinfo=UTC), datetime(2025, 6, 12, 15, 0, tzinfo=UTC)),
    ]
    assert (event.starts_at, event.ends_at, event.entered_at) == (times(event)[0][0], times(event)[1][1], NOW)
    assert [trainer.person_id for trainer in event.trainers] == [tom.id]
    assert stranger.get(f"/dates/{event.id}").status == 404
    page = officer.send(officer.get(f"/manage/dates/{event.id}"), "/publish")
    assert (page.status, "This is a draft" in page.text) == (200, False)
    assert stranger.get(f"/dates/{event.id}").h1 == "Working with Neglect"
    assert officer.post(f"/manage/dates/{event.id}/publish").status == 409


def test_all_errors_are_shown_at_once_and_entries_are_kept(app: Flask, officer: PageClient) -> None:
    make.course()
    db.session.commit()
    sent = {
        "sessions-0-day": ["31", "6", "2025"], "sessions-0-starts": "soon", "sessions-0-ends": "",
        "how": "online", "online_link": "javascript:alert(1)", "capacity": "501", "reference": "x" * 61,
    }  # fmt: skip
    page = officer.post("/manage/dates/add", sent)
    assert (page.status, page.title.startswith("Error: Add a course date")) == (422, True)
    assert problems(page) == [
        "Choose the course",
        "The date of the session must be a real date, such as 6 5 2025",
        "The start must be a time, such as 9:30am or 14:00",
        "Enter when the session ends",
        "The link must be a web address that begins with https://",
        "The number of places must be between 0 and 500",
        "The reference must be 60 characters or fewer",
    ]
    form = page.form("/add")
    assert (form["sessions-0-day"], form["sessions-0-starts"], form["online_link"]) == (
        ["31", "6", "2025"],
        "soon",
        "javascript:alert(1)",
    )
    assert db.session.scalars(select(Event)).all() == []


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"sessions-0-day": ["", "", ""], "sessions-0-starts": "", "sessions-0-ends": ""},
         "Enter the date and times of at least one session"),
        ({"sessions-0-ends": "9:30"}, "Session 1 must end after it starts."),
        ({"sessions-1-day": "2025-06-05", "sessions-1-starts": "14:00", "sessions-1-ends": "15:00"},
         "Session 2 starts before session 1 has ended."),
        ({"sessions-0-day": ["30", "3", "2025"], "sessions-0-starts": "1:30"},
         "There is no 01:30 on 30/3/2025: the clocks go forward that night."),
        ({"reference": "TAKEN"}, "Another course date has the reference TAKEN."),
    ],
)  # fmt: skip
def test_refusal_is_shown_next_to_its_field(
    app: Flask, officer: PageClient, changed: dict[str, Any], problem: str
) -> None:
    course = make.course()
    make.event(course, starts_at=SOON, reference="TAKEN")
    db.session.commit()
    page = officer.post("/manage/dates/add", answers(course.id, new_venue="Nowhere Hall", **changed))
    assert (page.status, problems(page)) == (422, [problem])
    assert page.form("/add")["new_venue"] == "Nowhere Hall"
    assert [event.reference for event in db.session.scalars(select(Event))] == ["TAKEN"]
    assert db.session.scalars(select(Venue)).all() == []


def test_error_in_a_later_session_is_shown_next_to_it(app: Flask, officer: PageClient) -> None:
    course = make.course()
    db.session.commit()
    second = {"sessions-1-day": ["5", "6", "2025"], "sessions-1-starts": "15:00", "sessions-1-ends": "14:00"}
    page = officer.post("/manage/dates/add", answers(course.id, **second))
    assert problems(page) == ["Session 2 must end after it starts."]
    assert [href for href, words in page.links if words == "Session 2 must end after it starts."] == [
        "#sessions-1-day-day"
    ]


@pytest.mark.parametrize("how", ["room", "online"])
def test_a_draft_without_a_place_can_be_kept_but_not_published(
    app: Flask, officer: PageClient, how: str
) -> None:
    course = make.course()
    db.session.commit()
    officer.post("/manage/dates/add", answers(course.id, how=how))
    event = only_event()
    page = officer.get(f"/manage/dates/{event.id}")
    assert [form for form in page.forms if form["attributes"]["action"].endswith("/publish")] == []
    refusal = officer.post(f"/manage/dates/{event.id}/publish")
    words = "Choose the venue" if how == "room" else "Enter the link that people join by"
    assert (refusal.status, f"{words} before you publish this course date." in refusal.text) == (409, True)
    assert only_event().status is EventStatus.DRAFT


def published(people: int = 0, waiting: int = 0, **columns: Any) -> Event:
    event = make.event(
        make.course("Neglect"), **{"starts_at": SOON, "venue": make.venue("Wyvern House"), **columns}
    )
    for number in range(people + waiting):
        make.booking(event, status=Status.CONFIRMED if number < people else Status.WAITING)
    db.session.commit()
    return event


def edit(officer: PageClient, event: Event, **changes: Any) -> Page:
    path = f"/manage/dates/{event.id}/edit"
    return officer.post(path, {**officer.get(path).form("/edit"), **changes})


def test_saving_an_unchanged_date_changes_nothing(app: Flask, officer: PageClient) -> None:
    event = published(people=2, days=2, notes="Bring a pen.")
    before = times(event)
    answer = edit(officer, event)
    assert answer.response.headers["Location"] == f"/manage/dates/{event.id}?saved="
    event = only_event()
    assert (times(event), event.sequence, event.notes, event.place) == (
        before,
        0,
        "Bring a pen.",
        "Wyvern House",
    )
    assert db.session.scalars(select(Mail)).all() == []


def test_moving_a_date_tells_everyone_booked_or_waiting(app: Flask, officer: PageClient) -> None:
    event = published(people=2, waiting=1, capacity=2)
    answer = officer.follow(edit(officer, event, **{"sessions-0-starts": "10am"}))
    assert "3 people with a place, or waiting for one, will be told by email." in answer.text
    event = only_event()
    assert (event.sequence, event.starts_at) == (1, datetime(2025, 6, 5, 9, 0, tzinfo=UTC))
    assert len(db.session.scalars(select(Mail)).all()) == 3


def test_change_outside_the_calendar_tells_nobody(app: Flask, officer: PageClient) -> None:
    event = published(people=2)
    answer = officer.follow(edit(officer, event, notes="Bring a pen.", reference="OURS-1"))
    assert "nobody gets an email" in answer.text
    assert (only_event().sequence, only_event().reference) == (0, "OURS-1")
    assert db.session.scalars(select(Mail)).all() == []


def test_capacity_cannot_fall_below_the_places_taken(app: Flask, officer: PageClient) -> None:
    event = published(people=2, waiting=2, capacity=2, policies=make.AUTOMATIC)
    assert edit(officer, event, capacity="3").status == 303
    db.session.expire_all()
    statuses = [booking.status for booking in db.session.scalars(select(Booking).order_by(Booking.id))]
    assert statuses == [Status.CONFIRMED, Status.CONFIRMED, Status.CONFIRMED, Status.WAITING]
    page = edit(officer, event, capacity="1", notes="Typed and kept")
    assert page.status == 422
    assert problems(page)[0].startswith("3 places are taken, so the capacity cannot be 1.")
    assert page.form("/edit")["notes"] == "Typed and kept"
    assert (only_event().capacity, only_event().notes) == (3, "")


def test_added_places_are_offered_at_once(app: Flask, officer: PageClient) -> None:
    event = published(people=1, waiting=2, capacity=1)
    page = officer.get(f"/manage/dates/{event.id}/edit")
    assert "1 place is taken, so there cannot be fewer than that." in page.text
    assert (
        "2 people are waiting. When a place becomes available, it is offered to the first person on the list"
        in page.text
    )
    done = officer.follow(edit(officer, event, capacity="2"))
    assert "1 person on the waiting list will get an email about a place." in done.text
    assert "nobody was sent" not in done.text
    db.session.expire_all()
    statuses = [booking.status for booking in db.session.scalars(select(Booking).order_by(Booking.id))]
    assert statuses == [Status.CONFIRMED, Status.OFFERED, Status.WAITING]
    assert [mail.template for mail in db.session.scalars(select(Mail))] == ["place_offered"]
    # An offer holds a place, as a booking does.
    page = edit(officer, event, capacity="1")
    assert page.status == 422
    assert problems(page)[0].startswith("2 places are taken, so the capacity cannot be 1. Enter 2 or more.")
    assert only_event().capacity == 2


def test_emptied_session_is_removed_and_a_new_one_added(app: Flask, officer: PageClient) -> None:
    event = published(days=2)
    emptied = {"sessions-0-day": ["", "", ""], "sessions-0-starts": "", "sessions-0-ends": ""}
    added = {"sessions-2-day": ["9", "June", "2025"], "sessions-2-starts": "9am", "sessions-2-ends": "midday"}
    assert edit(officer, event, **emptied, **added).status == 303
    assert [start.day for start, _ in times(only_event())] == [6, 9]
    assert edit(officer, event, **{f"sessions-0-{part}": "" for part in ("starts", "ends")},
                **{"sessions-0-day": ["", "", ""]}).status == 303  # fmt: skip
    assert [start.day for start, _ in times(only_event())] == [9]
    assert [row.number for row in db.session.scalars(select(EventSession))] == [1]


def test_stale_date_form_saves_nothing(app: Flask, officer: PageClient) -> None:
    event = published()
    path = f"/manage/dates/{event.id}/edit"
    stale = officer.get(path).form("/edit")
    edit(officer, event, notes="By the other officer")
    page = officer.post(path, {**stale, "notes": "By me"})
    assert page.status == 422
    assert "Someone else changed this after you opened the page" in page.text
    assert only_event().notes == "By the other officer"
    # The entries are kept. Sending them again saves them.
    assert ("See what is saved now" in page.text, page.form("/edit")["notes"]) == (True, "By me")
    officer.send(page, "/edit")
    assert only_event().notes == "By me"


def test_started_or_called_off_dates_keep_their_sessions(app: Flask, officer: PageClient) -> None:
    event = published(starts_at=NOW - timedelta(hours=1))
    before = times(event)
    assert edit(officer, event, notes="Parking is full", **{"sessions-0-day": "2025-07-01"}).status == 303
    event = only_event()
    assert (times(event), event.notes) == (before, "Parking is full")
    event.status = EventStatus.CALLED_OFF
    event.called_off_at = NOW
    db.session.commit()
    path = f"/manage/dates/{event.id}/edit"
    assert (officer.get(path).status, officer.post(path, {"notes": "x"}).status) == (409, 409)


def test_published_date_cannot_move_to_the_past_or_lose_venue(app: Flask, officer: PageClient) -> None:
    event = published(people=1)
    page = edit(officer, event, **{"sessions-0-day": ["5", "5", "2025"]})
    assert (page.status, problems(page)) == (422, ["A published course date cannot be moved into the past."])
    page = edit(officer, event, venue_id="")
    assert problems(page) == ["Choose the venue before you publish this course date."]
    assert (only_event().starts_at, only_event().place) == (SOON, "Wyvern House")


def test_only_a_draft_can_be_deleted(app: Flask, officer: PageClient) -> None:
    draft = make.event(starts_at=SOON, status=EventStatus.DRAFT)
    event = published(people=1)
    page = officer.get(f"/manage/dates/{draft.id}/delete")
    assert "nobody has booked it and nobody gets an email" in page.text
    assert officer.get(f"/manage/dates/{event.id}/delete").status == 409
    assert officer.post(f"/manage/dates/{event.id}/delete").status == 409
    assert officer.send(page, "/delete").h1 == "Draft dates"
    assert db.session.scalars(select(Event.id)).all() == [event.id]
    assert officer.get(f"/manage/dates/{draft.id}").status == 404


def test_list_shows_future_past_or_draft_dates(app: Flask, officer: PageClient) -> None:
    neglect, other = make.course("Neglect"), make.course("Allegations")
    for course, starts_at, status in (
        (neglect, SOON + timedelta(days=1), EventStatus.PUBLISHED),
        (other, SOON, EventStatus.CALLED_OFF),
        (neglect, NOW - timedelta(days=9), EventStatus.PUBLISHED),
        (neglect, SOON, EventStatus.DRAFT),
    ):
        make.event(course, starts_at=starts_at, status=status)
    db.session.commit()

    def dates(query: str) -> list[str]:
        page = officer.get(f"/manage/dates{query}")
        return [text for href, text in page.links if href.startswith("/manage/dates/") and ", " in text]

    assert dates("") == ["5 June 2025, Allegations", "6 June 2025, Neglect"]
    assert dates("?show=past") == ["27 April 2025, Neglect"]
    assert dates("?show=drafts") == ["5 June 2025, Neglect"]
    assert dates("?show=all&course=" + other.slug) == ["5 June 2025, Allegations"]
    assert dates("?show=nonsense&page=-1") == dates("")


def test_only_officers_manage_dates(app: Flask, stranger: PageClient, signed_in: SignIn) -> None:
    tom = make.person("Tom", Role.TRAINER)
    event = published(trainers=(tom,))
    paths = ["", "/add", f"/{event.id}", f"/{event.id}/edit", f"/{event.id}/delete"]
    assert [signed_in(tom).get(f"/manage/dates{path}").status for path in paths] == [403] * 5
    assert [stranger.get(f"/manage/dates{path}").status for path in paths] == [303] * 5
    assert signed_in(tom).post(f"/manage/dates/{event.id}/publish").status == 403


def test_date_management_needs_a_fixed_number_of_queries(
    app: Flask, officer: PageClient, queries: Callable[[Callable[[], object]], int]
) -> None:
    course = make.course()
    event = make.event(course, starts_at=SOON, trainers=(make.person("A", Role.TRAINER),), venue=make.venue())
    db.session.commit()

    def counts() -> list[int]:
        return [
            queries(lambda path=path: officer.get(path))  # type: ignore[misc]
            for path in ("/manage/dates", f"/manage/dates/{event.id}", f"/manage/dates/{event.id}/edit")
        ]

    one = counts()
    for number in (2, 3):
        trainer = make.person("B", Role.TRAINER)
        make.event(course, starts_at=SOON, trainers=(trainer,), venue=make.venue())
        event.trainers.append(make.EventTrainer(person=trainer))
        event.sessions.append(
            EventSession(
                number=number,
                starts_at=SOON + timedelta(days=number),
                ends_at=SOON + timedelta(days=number, hours=1),
            )
        )
        make.booking(event)
    db.session.commit()
    assert counts() == one


def test_called_off_date_says_when_and_why_to_officers(
    app: Flask, signed_in: Callable[..., PageClient]
) -> None:
    officer = make.officer()
    off = {"status": EventStatus.CALLED_OFF, "called_off_at": NOW}
    said = [
        make.event(starts_at=NOW + timedelta(days=9), called_off_reason=reason, **off)
        for reason in ("The trainer is ill.", "")
    ]
    db.session.commit()
    notices = [
        signed_in(officer)
        .get(f"/manage/dates/{event.id}")
        .text.partition("Warning: This date was called off ")[2]
        for event in said
    ]
    assert [words.partition(" When")[0] for words in notices] == [
        "Called off on Tuesday 6 May 2025. Reason: The trainer is ill.",
        "Called off on Tuesday 6 May 2025. No reason was given.",
    ]
