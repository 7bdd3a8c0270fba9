"""Check every page for each role, with data, empty and with errors: accessibility, width, weight and CSP."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import NotFound

from tests import make
from tests.browser.conftest import LAPTOP, PHONE, press
from tests.browser.looking import Inspector, Scales, send_empty, untied_errors
from tests.browser.programme import (
    Programme,
    answer_link,
    approval_link,
    evaluation_link,
    manager_stop_link,
    offer_link,
    other_dates_link,
    people,
    programme,
    refusal_link,
    stop_link,
    tell,
)
from tests.conftest import NOW
from tests.mail.letters import waiting
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.evaluation.actions.invitations import open_form
from training_hub.people.models import Person
from training_hub.questionnaires.queries.versions import default_questionnaire

THIS_YEAR = "from=2025-04-01&to=2026-03-31"
WORDS = "Words to publish (optional)"
HOURS = "For how many hours is an offer held?"
MOST_BYTES = 40_000
MOST_BYTES_OF_EVALUATION = 30_000

Step = Callable[[Page], None]

PARTS = {
    "nobody": 3,
    "practitioner": 3,
    "lead": 1,
    "trainer": 2,
    "officer": 6,
    "member": 1,
    "administrator": 1,
}
"""How many tests share the pages of a role, so that several processes can work on them."""

NO_PAGES = {
    "attendance.sheet",
    "bookings.calendar_file",
    "bookings.feed",
    "certificates.by_link",
    "certificates.pdf",
    "results.comments_file",
    "pages.programme_calendar",
    "reporting.people_file",
    "results.published_file",
    "results.results_file",
    "reporting.programme_file",
    "static",
    "web.health",
}
"""Endpoints that answer a GET with a file or with text for machines."""


@dataclass(frozen=True)
class Look:
    """One page in one state: its address, the steps to do first, and whether it then shows errors."""

    path: str
    steps: tuple[Step, ...] = ()
    has_errors: bool = False


def fill(label: str, words: str) -> Step:
    """Type into the field with this label."""
    return lambda page: page.get_by_label(label, exact=True).fill(words)


def choose(group: str, mark: str) -> Step:
    """Choose one of a group of radio buttons."""
    return lambda page: page.get_by_role("group", name=group).get_by_label(mark).check()


def pick(label: str) -> Step:
    """Choose the radio button with this label."""
    return lambda page: page.get_by_role("radio", name=label, exact=True).press("Space")


def button(name: str) -> Step:
    """Press a button that leads to another page."""
    return lambda page: press(page.get_by_role("main").get_by_role("button", name=name, exact=True))


def refused(path: str, name: str) -> Look:
    """The page at `path` after its form was sent empty."""
    empty: Step = lambda page: send_empty(  # noqa: E731
        page.get_by_role("main").get_by_role("button", name=name, exact=True)
    )
    return Look(path, (empty,), has_errors=True)


def part_of(looks: list[Look], part: int, parts: int) -> list[Look]:
    """One of `parts` pieces of a list. Neighbours stay together."""
    begins, ends = (len(looks) * number // parts for number in (part, part + 1))
    return looks[begins:ends]


def looks_of_nobody(world: Programme) -> list[Look]:
    """What is open to everyone."""
    code = (fill("Your work email address", "ann.archer@example.org"), button("Send me a code"))
    wrong_code = (*code, fill("Six-digit code", "12"), button("Sign in"))
    link, done = evaluation_link(world.asked), evaluation_link(world.answered)
    return [
        *(Look(path) for path in ("/", "/dates", "/dates?words=nothing+at+all", "/dates?page=9")),
        *(Look(f"/dates/{event.id}") for event in (world.open, world.full, world.closed, world.called_off)),
        *(Look(f"/courses/{course.slug}") for course in (world.open.course, world.wanted)),
        *(Look(path) for path in ("/privacy", "/cookies", "/accessibility", "/contact", "/nowhere")),
        Look("/sign-in"),
        refused("/sign-in", "Send me a code"),
        Look("/sign-in", code),
        Look("/sign-in", wrong_code, has_errors=True),
        Look("/sign-in/link/forged"),
        Look("/signed-out"),
        Look(f"/courses/{world.barred.course.slug}"),
        Look(f"/dates/{world.barred.id}"),
        Look("/verify"),
        refused("/verify", "Check the number"),
        Look(f"/verify/{world.certificate.number}"),
        Look("/verify/AAAA22223333"),
        Look(offer_link(world.offered)),
        Look(offer_link(world.late)),
        Look(approval_link(world.requested)),
        Look(approval_link(world.requested), (button("Decline"),), has_errors=True),
        Look(approval_link(world.late)),
        *(Look(answer_link(row)) for row in (world.moved, world.late)),
        Look(answer_link(world.moved, 0)),
        Look(answer_link(world.moved), (button("I can still come"),)),
        Look(other_dates_link(world.rebooked)),
        Look(evaluation_link(world.managers)),
        Look(manager_stop_link(world.managers)),
        Look(manager_stop_link(world.managers), (button("Stop these emails"),)),
        Look(stop_link(world.asked.booking.person)),
        Look(stop_link(world.asked.booking.person), (button("Stop emails about forms"),)),
        Look(stop_link(world.asked.booking.person), (button("Start emails about forms again"),)),
        Look(refusal_link(world.place)),
        Look(refusal_link(world.late)),
        Look(link),
        refused(link, "Continue"),
        Look(f"{link}?screen=2"),
        Look(f"{link}?screen=3"),
        Look(done),
        Look(f"{done}/thanks"),
        *looks_of_classroom(world),
    ]


def looks_of_classroom(world: Programme) -> list[Look]:
    """Pages of the classroom, on a phone and on a shared device."""
    room, email = f"/room/{world.room}", "The email address you booked with"
    start = (fill(email, "ann.archer@example.org"), button("Start"))
    return [
        Look("/room"),
        refused("/room", "Continue"),
        Look("/room", (fill("Code on the screen", "AAAAAA"), button("Continue")), has_errors=True),
        Look(room),
        refused(room, "Start"),
        Look(room, start),
        Look(
            room,
            (*start, lambda page: send_empty(page.get_by_role("button", name="Continue"))),
            has_errors=True,
        ),
        Look("/room/AAAAAA", start),
        Look(f"{room}/thanks"),
        Look(f"{room}/device"),
        refused(f"{room}/device", "Start"),
        Look(f"{room}/device", start),
        Look(f"{room}/device/thanks"),
    ]


def looks_of_practitioner(world: Programme) -> list[Look]:
    """Pages of a practitioner with bookings of every kind."""
    book, place, turn = f"/dates/{world.open.id}/book", world.place.reference, world.turn.reference
    another = f"/dates/{world.open.id + 1}/book"
    return [
        *(Look(path) for path in ("/", "/dates", "/bookings", "/profile", "/profile/sign-ins")),
        *(Look(path) for path in ("/bookings?calendar=new", "/bookings/calendar")),
        refused("/profile", "Save your details"),
        *(Look(f"/courses/{slug}") for slug in (world.open.course.slug, world.wanted.slug)),
        Look("/courses/unasked", (button("Tell me when Nobody Has Asked for This next runs"),)),
        Look(f"/courses/{world.wanted.slug}", (button("Stop telling me"),)),
        *(Look(f"/dates/{event.id}") for event in (world.open, world.full)),
        Look(another),
        Look(
            another, (fill("Access needs (optional)", "x" * 501), button("Book this place")), has_errors=True
        ),
        *(Look(f"/dates/{event.id}/book") for event in (world.closed, world.barred)),
        *(Look(f"/bookings/{reference}") for reference in (place, turn, world.lost.reference)),
        *(Look(f"/bookings/{reference}") for reference in (world.late.reference, world.owed.reference)),
        Look(f"/bookings/{world.lost.reference}/other-dates"),
        *(Look(f"/bookings/{world.moved.reference}{page}") for page in ("", "/cancel")),
        Look(f"/bookings/{place}/cancel"),
        refused(f"/bookings/{place}/cancel", "Cancel this place"),
        Look(f"/bookings/{turn}/cancel"),
        *(Look(f"/bookings/{row.reference}") for row in (world.offered, world.requested)),
        *(Look(f"/bookings/{row.reference}/cancel") for row in (world.offered, world.requested)),
        refused(f"/bookings/{place}/transfer", "Move to this date"),
        refused(f"/bookings/{place}/substitute", "Pass the place on"),
        *(Look(f"/certificates/{row.reference}") for row in (world.owed, world.earned, world.place)),
        Look(f"/bookings/{world.arranged.reference}"),
        Look(f"/bookings/{world.arranged.reference}/needs"),
        Look(
            f"/bookings/{world.arranged.reference}/needs",
            (fill("Access needs (optional)", "x" * 501), button("Save")),
            has_errors=True,
        ),
        Look("/outbox"),
        Look(f"/room/{world.room}"),
        Look(f"/room/{world.room}", (button("Answer as Ann Archer"),)),
        Look(f"/room/{world.room}/thanks?me=yes"),
        Look(book),
    ]


def looks_of_lead(world: Programme) -> list[Look]:
    """Pages of a training lead."""
    kept = f"/dates/{world.kept.id}"
    group, reserve = f"{kept}/group", f"{kept}/reserve"
    listed = (
        fill("Who is coming?", "Ben Baker, ben.baker@example.org\nann\nmo.member@elsewhere.example.org"),
        button("Continue"),
    )
    all_fit = (fill("Who is coming?", "Ben Baker, ben.baker@example.org"), button("Continue"))
    nobody = (fill("Who is coming?", "nobody at all"), button("Continue"))
    colleague = (
        fill("Your colleague’s name", "Ben Baker"),
        fill("Their work email address", "ben.baker@example.org"),
        button("Pass the place on"),
    )
    return [
        *(Look(path) for path in ("/", "/agency", kept, f"/bookings/{world.arranged.reference}")),
        Look(group),
        refused(group, "Continue"),
        Look(group, listed),
        Look(group, (*listed, button("Book them")), has_errors=True),
        Look(group, (*listed, pick("All or nothing"), button("Book them"))),
        Look(group, nobody),
        Look(group, all_fit),
        Look(f"{group}/done?booked={world.arranged.reference}&left=2-unreadable.3-clash"),
        Look(reserve),
        refused(reserve, "Reserve"),
        Look(
            reserve,
            (fill("How many places do you want to give back?", "3"), button("Give back")),
            has_errors=True,
        ),
        Look(f"/dates/{world.full.id}/reserve"),
        Look(f"/dates/{world.closed.id}/group"),
        Look(f"/dates/{world.barred.id}/group", all_fit),
        Look(f"/bookings/{world.stuck.reference}/substitute", colleague),
    ]


def looks_of_trainer(world: Programme) -> list[Look]:
    """Pages of a trainer."""
    register, over = f"/registers/{world.today.id}/1", f"/registers/{world.over.id}"
    walk_in = f"/registers/{world.today.id}/walk-in"
    off = f"{walk_in}/{world.walk_in.reference}"
    address = "Their work email address"
    new = (fill(address, "someone.new@example.org"), button("Continue"))
    known = (fill(address, world.people["officer"].email), button("Continue"))
    return [
        *(Look(path) for path in ("/", "/registers", "/registers?show=coming", "/registers?show=past")),
        *(Look(path) for path in (register, f"{over}/1", f"/registers/{world.open.id}/1")),
        Look(f"{over}/1", (choose("Eve Ellis", "Late"), button("Save register")), has_errors=True),
        Look(f"{over}/outcome/{world.marked.reference}"),
        Look(walk_in),
        refused(walk_in, "Continue"),
        Look(walk_in, known),
        Look(walk_in, new),
        Look(walk_in, (*new, button("Add to the register")), has_errors=True),
        Look(off),
        refused(off, "Take off the register"),
        *(Look(f"/registers/{event.id}/room") for event in (world.today, world.ending, world.over)),
        Look(f"/registers/{world.ending.id}/room/screen"),
        Look(f"/registers/{world.ending.id}/room/screen?counts=yes"),
        Look(f"/room/{world.room}/device"),
        Look(f"/room/{world.room}", (button("Answer as Tia Trainer"),)),
        Look(f"/registers/{world.ending.id}/room", (button("Close the classroom"),)),
        Look("/results"),
        *(Look(f"/results/dates/{row.id}") for row in (world.told, world.over)),
        Look(f"/results/courses/{world.told.course.slug}?{THIS_YEAR}"),
        Look(f"/results/trainers/{world.people['trainer'].id}?{THIS_YEAR}"),
    ]


def looks_of_officer(world: Programme) -> list[Look]:
    """Pages of a hub officer."""
    dates, event = "/manage/dates", f"/manage/dates/{world.open.id}"
    officer = world.people["officer"]
    outcome = f"/registers/{world.over.id}/outcome/{world.marked.reference}"
    course = f"/manage/courses/{world.open.course.slug}"
    agency, venue = f"/manage/agencies/{officer.agency_id}", f"/manage/venues/{world.venue.id}"
    report, certificate = "/reports/programme", f"/certificates/{world.released.reference}"
    cancel = f"/bookings/{world.place.reference}/cancel"
    picking = f"{dates}/{world.pickable.event_id}/waiting/{world.pickable.reference}/pick"
    form, draft = f"/manage/forms/{world.form.id}", f"/manage/forms/{world.new_form.id}"
    comment = f"/comments/{world.comment.id}"
    back = (fill("Why?", "A mistake."), pick("Give the place back"), button("Undo it"))
    reason = (fill("Why is it called off?", "The trainer is ill."), button("Continue"))
    return [
        *(Look(path) for path in ("/", dates, f"{dates}?show=drafts", f"{dates}?show=past")),
        *(
            Look(f"/manage/people/{person.id}/evaluations")
            for person in (world.asked.booking.person, world.people["administrator"])
        ),
        *(Look(f"{dates}/{row.id}") for row in (world.open, world.draft, world.called_off, world.over)),
        Look(f"{dates}/add"),
        refused(f"{dates}/add", "Save as a draft"),
        Look(f"{event}/edit"),
        Look(f"{dates}/{world.draft.id}/delete"),
        *(
            Look(f"{dates}/{row.id}/bookings")
            for row in (world.open, world.full, world.over, world.moved.event)
        ),
        Look(f"{dates}/{world.pickable.event_id}/bookings"),
        Look(f"{dates}/{world.pickable.event_id}/bookings", (button("Pause the list"),)),
        Look(picking),
        refused(picking, "Give the place"),
        Look(f"{dates}/{world.full.id}/waiting/{world.turn.reference}/pick"),
        Look(f"{dates}/{world.offered.event_id}/waiting/{world.offered.reference}/pick"),
        Look(f"{dates}/{world.kept.id}/bookings"),
        *(Look(path) for path in ("/agency", f"/dates/{world.kept.id}/reserve")),
        refused(f"/dates/{world.kept.id}/group", "Continue"),
        Look(f"{event}/call-off"),
        refused(f"{event}/call-off", "Continue"),
        Look(f"{event}/call-off", reason),
        Look("/manage/policies"),
        Look("/manage/policies", (fill(HOURS, "999"), button("Save the policies")), has_errors=True),
        Look(f"{course}/policies"),
        Look(f"{event}/policies"),
        Look("/manage/forms"),
        Look("/manage/forms/add"),
        refused("/manage/forms/add", "Add questionnaire"),
        *(Look(path) for path in (form, f"{form}/default", f"{form}/preview", draft)),
        *(Look(f"{draft}/{page}") for page in ("questions", "add", "preview", "use", "delete")),
        Look(f"{draft}/bank"),
        Look(f"{draft}/bank?words=nothing+at+all"),
        *(refused(f"{draft}/add/{kind}", "Add question") for kind in ("scale", "choices", "text")),
        Look(f"{draft}/questions/pace"),
        refused(f"{draft}/questions/pace", "Save"),
        Look(f"{course}/forms"),
        Look("/manage/courses"),
        *(Look(f"/manage/courses/{slug}/interest") for slug in (world.wanted.slug, "unasked")),
        Look(f"/courses/{world.wanted.slug}"),
        Look("/manage/courses/add"),
        refused("/manage/courses/add", "Add this course"),
        Look(course),
        Look("/manage/venues"),
        Look("/manage/venues/add"),
        refused("/manage/venues/add", "Add this venue"),
        Look(venue),
        Look("/manage/people"),
        Look("/manage/people/new"),
        refused("/manage/people/new", "Add this person"),
        Look(f"/manage/people/{officer.id}"),
        refused(f"/manage/people/{officer.id}", "Save these details"),
        Look(f"/manage/people/{officer.id}/equivalences"),
        Look(f"/manage/people/{world.counts.person_id}/equivalences"),
        refused(f"/manage/people/{officer.id}/equivalences", "Record it"),
        Look(f"/manage/people/{world.counts.person_id}/equivalences/{world.counts.course_id}/remove"),
        Look("/manage/agencies"),
        Look("/manage/agencies/new"),
        refused("/manage/agencies/new", "Add this agency"),
        Look(agency),
        Look(outcome),
        refused(outcome, "Save outcome"),
        Look(f"/bookings/{world.place.reference}"),
        Look(cancel),
        Look(f"/bookings/{world.late.reference}"),
        Look(f"/bookings/{world.marked.reference}"),
        refused(f"/bookings/{world.late.reference}/undo", "Undo it"),
        Look(f"/bookings/{world.clashing.reference}/undo", back),
        Look(f"/bookings/{world.requested.reference}/decide"),
        refused(f"/bookings/{world.requested.reference}/manager", "Ask this manager"),
        Look(certificate),
        refused(certificate, "Release the certificate"),
        Look(report),
        Look(f"{report}?from=2026-01-01&to=2025-01-01", has_errors=True),
        Look(f"{report}?from=2019-04-01&to=2020-03-31"),
        Look(f"{report}/people?figure=booked"),
        *(Look(f"/results?{THIS_YEAR}{by}") for by in ("", "&by=trainers", "&by=agencies")),
        Look("/results?from=2026-01-01&to=2025-01-01", has_errors=True),
        Look(f"/results/courses/{world.told.course.slug}?{THIS_YEAR}"),
        *(Look(f"/results/dates/{row.id}") for row in (world.told, world.over, world.open)),
        Look(f"/results/trainers/{world.people['trainer'].id}?{THIS_YEAR}"),
        Look(f"/results/agencies/{officer.agency_id}?{THIS_YEAR}"),
        *(Look(f"/comments{query}") for query in ("", "?q=nowhere", "?page=9")),
        Look(comment),
        Look(comment, (fill("New theme (optional)", "Time"), button("Save"))),
        Look(
            comment,
            (fill(WORDS, ""), pick("Published"), button("Save")),
            has_errors=True,
        ),
        *(Look(path) for path in ("/themes", f"/themes/{world.theme.id}")),
        refused(f"/themes/{world.theme.id}", "Save"),
        refused(f"/themes/{world.theme.id}", "Merge themes"),
        *looks_of_learning(world),
        Look("/outbox"),
        Look("/outbox?state=failed"),
        *(Look(f"/outbox/{mail.id}") for mail in (world.failed, world.sent)),
    ]


def looks_of_learning(world: Programme) -> list[Look]:
    """Pages of a hub officer who reviews courses and adds actions."""
    review = f"/manage/courses/{world.told.course.slug}/review"
    add, action = (
        f"/manage/courses/{world.told.course.slug}/actions/add",
        f"/manage/actions/{world.action.id}",
    )
    publish = (
        lambda page: page.get_by_label("Tell people what they said").press("Space"),
        button("Save this action"),
    )
    return [
        *(Look(f"/results/returns?{THIS_YEAR}{by}") for by in ("", "&by=trainers", "&by=agencies")),
        Look("/results/returns?from=2026-01-01&to=2025-01-01", has_errors=True),
        Look("/results/returns?from=2019-04-01&to=2020-03-31"),
        *(Look(f"/actions{query}") for query in ("", "?state=overdue", "?owner=nobody")),
        Look(f"{review}?{THIS_YEAR}"),
        refused(f"{review}?{THIS_YEAR}", "Save your findings"),
        Look(f"{review}?from=2026-01-01&to=2025-01-01", has_errors=True),
        Look(f"/manage/courses/{world.wanted.slug}/review"),
        Look(add),
        refused(add, "Add this action"),
        Look(action),
        Look(action, publish, has_errors=True),
    ]


def looks_of_member(world: Programme) -> list[Look]:
    """Pages of a hub member, who reads figures and no names."""
    return [
        Look("/"),
        Look("/reports/programme"),
        Look("/reports/programme/people?figure=booked"),
        Look("/actions"),
        Look(f"/results/returns?{THIS_YEAR}&by=agencies"),
        Look(f"/results?{THIS_YEAR}"),
        Look(f"/results/courses/{world.told.course.slug}?{THIS_YEAR}"),
        Look(f"/results/dates/{world.told.id}"),
        Look(f"/results/agencies/{world.people['trainer'].agency_id}?{THIS_YEAR}"),
    ]


def looks_of_administrator(world: Programme) -> list[Look]:
    """Pages of an administrator."""
    return [
        *(Look(path) for path in ("/", "/manage/people", "/manage/agencies")),
        Look(f"/manage/people/{world.people['trainer'].id}"),
    ]


LOOKS: dict[str, Callable[[Programme], list[Look]]] = {
    "nobody": looks_of_nobody,
    "practitioner": looks_of_practitioner,
    "lead": looks_of_lead,
    "trainer": looks_of_trainer,
    "officer": looks_of_officer,
    "member": looks_of_member,
    "administrator": looks_of_administrator,
}


@pytest.mark.parametrize(("role", "part"), [(role, part) for role in PARTS for part in range(PARTS[role])])
def test_every_page_is_accessible_and_light(role: str, part: int, visitor: Callable[..., Page]) -> None:
    world = programme()
    page = visitor(PHONE, world.people.get(role))
    scales, inspector = Scales(page), Inspector(page)
    found: list[str] = []
    for look in part_of(LOOKS[role](world), part, PARTS[role]):
        page.set_viewport_size({"width": PHONE, "height": 800})
        came = scales.open(look.path)
        for step in look.steps:
            step(page)
        wrong = untied_errors(page) if look.has_errors else []
        if came >= MOST_BYTES:
            wrong.append(f"it weighs {came} bytes")
        wrong += inspector.faults()
        found += [f"{look.path} ({page.title().partition(' – ')[0]}): {fault}" for fault in wrong]
    assert found == []


def test_empty_pages_are_accessible(visitor: Callable[..., Page]) -> None:
    cast = people()
    empty = {
        "nobody": ["/", "/dates"],
        "practitioner": ["/", "/bookings"],
        "lead": ["/", "/agency"],
        "trainer": ["/", "/registers", "/registers?show=coming", "/results"],
        "officer": [
            *("/", "/reports/programme", "/outbox", "/manage/dates", "/manage/dates/add"),
            *("/results", "/comments", "/themes", "/actions", "/results/returns"),
            *(
                "/manage/forms",
                "/manage/courses",
                "/manage/venues",
                "/manage/people?q=nobody",
                "/manage/agencies?q=none",
            ),
        ],
    }
    found: list[str] = []
    for role, paths in empty.items():
        page = visitor(LAPTOP, cast.get(role))
        inspector = Inspector(page)
        for path in paths:
            page.goto(path)
            found += [f"{role} at {path}: {fault}" for fault in inspector.faults()]
    assert found == []


def test_every_page_is_checked(app: Flask) -> None:
    world = programme()
    looked_at = {
        _endpoint(app, look.path)
        for role, parts in PARTS.items()
        for part in range(parts)
        for look in part_of(LOOKS[role](world), part, parts)
        if _endpoint(app, look.path)
    }
    # Reached by steps: the second page of signing in.
    looked_at.add("sign_in.sign_in_code")
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert sorted(pages - looked_at) == sorted(NO_PAGES)


def test_full_lists_weigh_under_40_kb_and_evaluations_under_30(
    visitor: Callable[..., Page],
) -> None:
    cast = people()
    booking, crowded = _many(cast)
    asked = open_form(booking, now=NOW)
    most = {
        ("nobody", evaluation_link(asked)): MOST_BYTES_OF_EVALUATION,
        ("nobody", "/dates"): MOST_BYTES,
        ("practitioner", "/bookings"): MOST_BYTES,
        ("trainer", f"/registers/{crowded.id}/1"): MOST_BYTES,
        ("trainer", "/registers?show=past"): MOST_BYTES,
        ("officer", f"/manage/dates/{crowded.id}/bookings"): MOST_BYTES,
        ("officer", "/manage/dates?show=past"): MOST_BYTES,
        ("officer", "/manage/people"): MOST_BYTES,
        ("officer", "/manage/agencies"): MOST_BYTES,
        ("officer", "/outbox"): MOST_BYTES,
        ("officer", "/reports/programme"): MOST_BYTES,
        ("officer", "/results?from=2024-04-01&to=2026-03-31"): MOST_BYTES,
        ("officer", f"/results/courses/{crowded.course.slug}?from=2024-04-01&to=2026-03-31"): MOST_BYTES,
        ("officer", f"/results/dates/{crowded.id}"): MOST_BYTES,
        ("officer", "/comments"): MOST_BYTES,
        ("trainer", "/results?from=2024-04-01&to=2026-03-31"): MOST_BYTES,
        ("officer", "/reports/programme/people?figure=booked"): MOST_BYTES,
    }
    scales = {role: Scales(visitor(LAPTOP, cast.get(role))) for role in ("nobody", *cast)}
    came = {(role, path): scales[role].open(path) for role, path in most}
    assert {look: weight for look, weight in came.items() if weight >= most[look]} == {}


def _many(cast: dict[str, Person]) -> tuple[Booking, Event]:
    """Fill every list: Ann Archer has been to 50 dates, and Tia Trainer has run 60.

    Returns one of Ann's bookings, and yesterday's date with 24 people on its register.
    """
    ann, trainers = cast["practitioner"], (cast["trainer"],)
    courses = [make.course(f"A course whose title is rather long, number {number}") for number in range(14)]
    events = []
    for number in range(60):
        make.event(courses[number % 14], starts_at=NOW + timedelta(days=5 + number))
        past = NOW - timedelta(hours=24 + number * 8)
        events.append(make.event(courses[number % 14], starts_at=past, trainers=trainers))
        waiting(f"waiting.{number}@example.org", now=NOW)
    bookings = [make.booking(event, ann, Status.COMPLETED) for event in events[:50]]
    for _ in range(23):
        make.booking(events[0])
    form = default_questionnaire()
    for event in (*events[1:50], *[events[0]] * 24):
        tell(event, make.person(), form.id)
    return bookings[0], events[0]


def _endpoint(app: Flask, path: str) -> str:
    try:
        endpoint, _arguments = app.url_map.bind("localhost").match(path.partition("?")[0], method="GET")
    except NotFound:
        return ""
    return str(endpoint)
