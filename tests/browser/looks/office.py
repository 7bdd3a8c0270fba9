"""Pages of people who run training: trainers, officers, hub members and administrators."""

from tests.browser.looks.steps import Look, button, choose, fill, pick, refused
from tests.browser.programme import (
    Programme,
)

THIS_YEAR = "from=2025-04-01&to=2026-03-31"
WORDS = "Words to publish (optional)"
HOURS = "For how many hours is an offer held?"


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
    back = (fill("Why?", "A mistake."), pick("Give the place back"), button("Undo the mistake"))
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
        Look(f"{dates}/{world.pickable.event_id}/bookings", (button("Pause the waiting list"),)),
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
        refused(f"/manage/people/{officer.id}/equivalences", "Record the course"),
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
        refused(f"/bookings/{world.late.reference}/undo", "Undo the mistake"),
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
