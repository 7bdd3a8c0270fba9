"""Pages of people who book and answer, signed in or not, and of people who book for their agency."""

from tests.browser.looking import send_empty
from tests.browser.looks.steps import Look, button, fill, pick, refused
from tests.browser.programme import (
    Programme,
    answer_link,
    approval_link,
    evaluation_link,
    manager_stop_link,
    offer_link,
    other_dates_link,
    refusal_link,
    stop_link,
)


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
        Look(
            stop_link(world.asked.booking.person),
            (
                button("Stop emails about evaluation forms"),
                button("Start emails about evaluation forms again"),
            ),
        ),
        Look(stop_link(world.asked.booking.person), (button("Stop emails about evaluation forms"),)),
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
        Look(group, (*listed, button("Book these people")), has_errors=True),
        Look(group, (*listed, pick("Book everyone or nobody"), button("Book these people"))),
        Look(group, nobody),
        Look(group, all_fit),
        Look(f"{group}/done?booked={world.arranged.reference}&left=2-unreadable.3-clash"),
        Look(reserve),
        refused(reserve, "Reserve places"),
        Look(
            reserve,
            (fill("How many places do you want to give back?", "3"), button("Give places back")),
            has_errors=True,
        ),
        Look(f"/dates/{world.full.id}/reserve"),
        Look(f"/dates/{world.closed.id}/group"),
        Look(f"/dates/{world.barred.id}/group", all_fit),
        Look(f"/bookings/{world.stuck.reference}/substitute", colleague),
    ]
