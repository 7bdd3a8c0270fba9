"""Officers say who may book a course, and pages say it plainly, before booking and on refusal."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.equivalences import record_equivalence
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.equivalences import Equivalence
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.people.models import Sector

SignIn = Callable[..., PageClient]
NEXT_MONTH = NOW + timedelta(days=30)


def needs(course: Course, *first: Course) -> None:
    """Make these courses prerequisites."""
    course.prerequisites = list(first)
    db.session.commit()


def test_prerequisites_cannot_form_a_circle(app: Flask, signed_in: SignIn) -> None:
    basic, middle, last = (make.course(title) for title in ("Basic", "Middle", "Last"))
    needs(middle, basic)
    officer = signed_in(make.officer())
    page = officer.get(f"/manage/courses/{last.slug}")
    # A course is not offered as its own prerequisite.
    boxes = [field["value"] for field in page.inputs if field.get("name") == "needs"]
    assert boxes == [str(basic.id), str(middle.id)]
    saved = officer.send(page, f"/manage/courses/{last.slug}", needs=[str(middle.id), str(basic.id)])
    assert "For people who have completed Basic and Middle ." in saved.text
    page = officer.get(f"/manage/courses/{basic.slug}")
    refused = officer.send(page, f"/manage/courses/{basic.slug}", needs=[str(last.id)], title="Basics")
    assert refused.status == 422
    assert "Last can itself be taken only after this course, so it cannot come before it." in refused.text
    refused = officer.send(page, f"/manage/courses/{basic.slug}", needs=[str(basic.id)])
    assert refused.status == 422
    db.session.expire_all()
    assert (basic.title, basic.prerequisites, last.prerequisites) == ("Basic", [], [basic, middle])
    page = officer.get(f"/manage/courses/{last.slug}")
    assert officer.send(page, f"/manage/courses/{last.slug}", needs=[]).status == 200
    db.session.expire_all()
    assert last.prerequisites == []


def test_a_new_course_can_need_another_first(app: Flask, signed_in: SignIn) -> None:
    basic = make.course("Basic")
    officer = signed_in(make.officer())
    given = {"title": "Next", "board_id": str(basic.board_id), "level": "core", "length": "One day"}
    page = officer.post(
        "/manage/courses/add", {**given, "summary": "More.", "needs": [str(basic.id)], "is_listed": "y"}
    )
    assert page.response.headers["Location"] == "/courses/next"
    course = db.session.scalars(select(Course).where(Course.slug == "next")).one()
    assert course.prerequisites == [basic]


def test_pages_say_who_may_book_and_from_when(app: Flask, stranger: PageClient) -> None:
    basic, hidden = make.course("Basic"), make.course("Hidden", is_listed=False)
    rules = {"sectors": ["school", "early years"], "opens_days": 20, "approval": "line manager"}
    course = make.course("Advanced", audience="Designated leads.", policies=rules)
    event = make.event(course, starts_at=NEXT_MONTH, policies={"opens_days": 10})
    plain = make.event(make.course("Plain"), starts_at=NEXT_MONTH)
    needs(course, basic, hidden)
    page = stranger.get(f"/courses/{course.slug}")
    for sentence in (
        "Designated leads.",
        "For people who have completed Basic and Hidden.",
        "Open to schools and early years settings only.",
        "Your line manager has to approve a place.",
        "Bookings open 20 days before each date.",
    ):
        assert sentence in page.text
    assert [(href, text) for href, text in page.links if text in {"Basic", "Hidden"}] == [
        (f"/courses/{basic.slug}", "Basic")
    ]
    page = stranger.get(f"/dates/{event.id}")
    for sentence in (
        "For people who have completed Basic and Hidden.",
        "Open to schools and early years settings only.",
        "Bookings open on Monday 26 May 2025, and close at the end of Monday 2 June 2025.",
    ):
        assert sentence in page.text
    for path in (f"/courses/{plain.course.slug}", f"/dates/{plain.id}"):
        text = stranger.get(path).text
        assert [words for words in ("Who may book", "Who it is for", "only.") if words in text] == []


def test_an_ineligible_person_is_told_why_and_what_to_do(app: Flask, signed_in: SignIn) -> None:
    basic = make.course("Basic")
    course = make.course("Advanced", policies={"sectors": ["health"]})
    event = make.event(course, starts_at=NEXT_MONTH)
    other = make.event(course, starts_at=NEXT_MONTH + timedelta(days=7))
    needs(course, basic)
    ann = make.person("Ann", of=make.agency(sector=Sector.SCHOOL))
    browser = signed_in(ann)
    for page in (
        browser.get(f"/dates/{event.id}/book"),
        browser.post(f"/dates/{event.id}/book", {"step": "confirm"}),
    ):
        assert (page.status, page.h1) == (409, "This course is not open to you")
        assert "This course is open to health services only. Your agency is listed as “school”." in page.text
        assert "You need to have completed Basic first." in page.text
        assert (f"/courses/{basic.slug}", "See Basic") in page.links
        assert f"/dates/{other.id}" in [href for href, _ in page.links]
    assert db.session.scalars(select(Booking)).all() == []


def test_equivalence_counts_until_removed(app: Flask, signed_in: SignIn) -> None:
    basic, course = make.course("Basic"), make.course("Advanced")
    event = make.event(course, starts_at=NEXT_MONTH)
    needs(course, basic)
    ann, olive = make.person("Ann"), make.officer("Olive")
    of_ann, officer = signed_in(ann), signed_in(olive)
    path = f"/manage/people/{ann.id}/equivalences"
    assert (path, "Courses Ann has taken elsewhere") in officer.get(f"/manage/people/{ann.id}").links
    assert of_ann.get(f"/dates/{event.id}/book").status == 409
    page = officer.get(path)
    assert "Nothing is recorded yet." in page.text
    empty = officer.send(page, "/equivalences")
    assert (empty.status, "Choose the course" in empty.text) == (422, True)
    given = {"course_id": str(basic.id), "reason": "Level 2 in Leeds, March 2024"}
    done = officer.send(page, "/equivalences", **given)
    assert "The course is recorded Ann can now book" in done.text
    assert "Basic Remove Basic Level 2 in Leeds, March 2024 6 May 2025 Olive" in done.text
    assert officer.send(page, "/equivalences", **given).status == 200
    other = officer.send(page, "/equivalences", **{**given, "reason": "Something else"})
    assert (other.status, "There is a record for Basic already." in other.text) == (422, True)
    row = db.session.scalars(select(Equivalence)).one()
    assert (row.person_id, row.course_id, row.by_id, row.at) == (ann.id, basic.id, olive.id, NOW)
    assert of_ann.get(f"/dates/{event.id}/book").status == 200

    booking = book(ann, event, by=ann, now=NOW)
    asked = officer.get(f"{path}/{basic.id}/remove")
    assert asked.h1 == "Remove a record for Basic"
    assert db.session.scalars(select(Equivalence)).all() != []
    assert "The record is removed" in officer.send(asked, "/remove").text
    assert officer.send(asked, "/remove").status == 200
    assert officer.get(f"{path}/{basic.id}/remove").status == 404
    db.session.expire_all()
    # The record stays, with the name of the person who removed it. The place booked with it stays.
    assert (row.ended_at, row.ended_by_id, booking.status) == (NOW, olive.id, Status.CONFIRMED)
    kept = officer.get(path)
    assert "Nothing is recorded at the moment." in kept.text
    assert "Basic Level 2 in Leeds, March 2024 6 May 2025 Olive 6 May 2025 Olive" in kept.text
    assert signed_in(make.person("Ben")).get(f"/dates/{event.id}/book").status == 409
    cancel(booking, by=ann, now=NOW, reason="Ill")
    db.session.commit()
    assert of_ann.get(f"/dates/{event.id}/book").status == 409
    # It can be recorded again, and is listed next to the removed record.
    officer.send(kept, "/equivalences", **given)
    assert of_ann.get(f"/dates/{event.id}/book").status == 200
    assert len(db.session.scalars(select(Equivalence)).all()) == 2


def test_only_officers_see_or_record_equivalences(app: Flask, signed_in: SignIn) -> None:
    basic, ann, olive = make.course("Basic"), make.person("Ann"), make.officer()
    record_equivalence(ann, basic, reason="Level 2 in Leeds", by=olive, now=NOW)
    path = f"/manage/people/{ann.id}/equivalences"
    for person in (ann, *(make.person(role.value, role) for role in Role if role is not Role.HUB_OFFICER)):
        browser = signed_in(person)
        for page in (
            browser.get(path),
            browser.post(path, {"course_id": str(basic.id), "reason": "Mine"}),
            browser.get(f"{path}/{basic.id}/remove"),
            browser.post(f"{path}/{basic.id}/remove"),
        ):
            assert (page.status, "Leeds" in page.html) == (403, False)
    admin = signed_in(make.person("Ada", Role.ADMINISTRATOR)).get(f"/manage/people/{ann.id}")
    assert (admin.status, "What counts" in admin.text) == (200, False)
    assert signed_in(olive).get("/manage/people/999/equivalences").status == 404
    assert [row.reason for row in db.session.scalars(select(Equivalence))] == ["Level 2 in Leeds"]


def test_the_list_costs_the_same_for_three_as_for_one(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    ann, olive = make.person("Ann"), make.officer()

    def record() -> None:
        record_equivalence(ann, make.course(), reason="Elsewhere", by=make.officer(), now=NOW)
        db.session.commit()

    record()
    browser = signed_in(olive)
    path = f"/manage/people/{ann.id}/equivalences"
    few = queries(lambda: browser.get(path))
    record()
    record()
    assert queries(lambda: browser.get(path)) == few
