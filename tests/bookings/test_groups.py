"""An agency books several of its people at once: how a list is read, and what happens to each line."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from training_hub.access import Role
from training_hub.bookings.actions.groups import NotAsTold, book_group, plan_group
from training_hub.bookings.actions.reserved import reserve
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.equivalences import Equivalence
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import places
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.group_list import BadList, read_list
from training_hub.bookings.rules.groups import Line, LineResult
from training_hub.bookings.rules.places import Places
from training_hub.catalogue.models import Event, Prerequisite
from training_hub.database import db
from training_hub.mail.models import Mail
from training_hub.people.models import Agency, Person

NEXT_MONTH = NOW + timedelta(days=30)
S = Status


@pytest.mark.parametrize(
    ("typed", "name", "email", "manager"),
    [
        ("Ann Archer <ann@oak.example.org>", "Ann Archer", "ann@oak.example.org", ""),
        ("Ann Archer, Ann@Oak.example.org", "Ann Archer", "ann@oak.example.org", ""),
        ("Ann Archer\tann@oak.example.org", "Ann Archer", "ann@oak.example.org", ""),
        ("Ann\tann@oak.example.org\tm@oak.example.org", "Ann", "ann@oak.example.org", "m@oak.example.org"),
        ('"Archer, Ann" <ann@oak.example.org>;', "Archer, Ann", "ann@oak.example.org", ""),
        ("  ann@oak.example.org ", "", "ann@oak.example.org", ""),
        ("ann@oak.example.org, Ann Archer", "Ann Archer", "ann@oak.example.org", ""),
        ("Ann Archer <mailto:ann@oak.example.org>", "Ann Archer", "ann@oak.example.org", ""),
        ("Ann\u00a0Archer\u200b, \ufeffann@oak.example.org\u200b", "Ann Archer", "ann@oak.example.org", ""),
        ("Sio\u0302n Ŵyn, sion@oak.example.org", "Siôn Ŵyn", "sion@oak.example.org", ""),
        ("Ann Archer, ann＠oak.example.org", "Ann Archer", "ann@oak.example.org", ""),
        ("ann@oak.example.org <ann@oak.example.org>", "", "ann@oak.example.org", ""),
    ],
)  # fmt: skip
def test_group_list_reads_email_and_spreadsheet_lines(
    typed: str, name: str, email: str, manager: str
) -> None:
    (entry,) = read_list(typed)
    assert (entry.name, entry.email, entry.manager_email, entry.fault) == (name, email, manager, "")


def test_group_list_keeps_line_numbers() -> None:
    typed = "Name\tEmail\r\n\r\nAnn\tann@oak.example.org\r\nBen <ben@oak.example.org>; Cat <cat@oak.example.org>\n"
    assert [(entry.number, entry.name) for entry in read_list(typed)] == [(3, "Ann"), (4, "Ben"), (4, "Cat")]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("Ann Archer", "There is no email address in this line."),
        ("Ann, a@b", "The email address is not right. Check it, and type it again."),
        ("Z\ufffd, z@oak.example.org", "Some letters cannot be read. Type this line again."),
        (
            "a@x.example.org b@x.example.org c@x.example.org",
            "There are more than two email addresses in this line.",
        ),
        ("A" * 201 + ", a@x.example.org", "The name is too long."),
    ],
)
def test_a_line_that_cannot_be_read_says_what_is_wrong(typed: str, fault: str) -> None:
    assert [entry.fault for entry in read_list(typed)] == [fault]


def test_fifty_people_can_be_booked_in_one_go_and_not_fifty_one() -> None:
    lines = [f"Person {number}, p{number}@oak.example.org" for number in range(51)]
    assert len(read_list("\n".join(lines[:50]))) == 50
    with pytest.raises(BadList, match="The list has 51 people"):
        read_list("\n".join(lines))
    with pytest.raises(BadList, match="Enter at least one person"):
        read_list(" \n;\n")


def oak() -> tuple[Agency, Person]:
    """A school and its training lead."""
    agency = make.agency("Oak School")
    return agency, make.person("Lena Lead", Role.AGENCY_LEAD, of=agency, email="lena@oak.example.org")


def plan(event: Event, agency: Agency, typed: str, **how: bool) -> list[Line]:
    terms = terms_for(event)
    return plan_group(event, agency, read_list(typed), terms, now=NOW, **how)


def book(
    event: Event, lead: Person, typed: str, *, all_or_nothing: bool = False, **how: object
) -> list[Line]:
    assert lead.agency is not None
    entries = read_list(typed)
    done = book_group(
        event,
        lead.agency,
        entries,
        by=lead,
        now=NOW,
        all_or_nothing=all_or_nothing,
        **how,  # type: ignore[arg-type]
    )
    return [line for line, _booking in done]


def stored(event: Event) -> list[tuple[str, Status]]:
    found = db.session.scalars(select(Booking).where(Booking.event_id == event.id).order_by(Booking.id))
    return [(booking.person.name, booking.status) for booking in found]


def test_group_plan_changes_nothing(app: Flask) -> None:
    agency, lead = oak()
    first = make.course("Working Together")
    course = make.course("Neglect")
    db.session.add(Prerequisite(course_id=course.id, needs_id=first.id))
    event = make.event(course, starts_at=NEXT_MONTH, capacity=3)
    at_the_time = make.event(first, starts_at=NEXT_MONTH)

    def knows(name: str, *, of: Agency = agency) -> Person:
        person = make.person(name, of=of, email=f"{name.lower()}@oak.example.org")
        db.session.add(
            Equivalence(person_id=person.id, course_id=first.id, reason="Elsewhere", at=NOW, by_id=lead.id)
        )
        return person

    knows("Ann")
    make.booking(event, knows("Booked"))
    make.booking(at_the_time, knows("Clash"))
    knows("Ben")
    knows("Cat")
    make.person("Untrained", of=agency, email="untrained@oak.example.org")
    elm = make.agency("Elm School")
    knows("Other", of=elm)
    knows("Gone").is_active = False
    db.session.flush()
    before = stored(event), len(db.session.scalars(select(Person)).all())
    lines = plan(
        event,
        agency,
        "ann@oak.example.org\nbooked@oak.example.org\nClash, clash@oak.example.org\nben@oak.example.org\n"
        "cat@oak.example.org\nuntrained@oak.example.org\nother@oak.example.org\ngone@oak.example.org\n"
        "New One, new@oak.example.org\nann@oak.example.org\nnot a line",
    )  # fmt: skip
    assert [(line.entry.number, line.result, line.sentence) for line in lines] == [
        (1, LineResult.PLACE, "One of the available places."),
        (2, LineResult.BOOKED, "Already has a place on this date."),
        (3, LineResult.CLASH, "Has a place on another course at that time."),
        (4, LineResult.PLACE, "One of the available places."),
        (5, LineResult.TURN, "Number 1 on the waiting list."),
        (6, LineResult.BARRED, "Needs to have completed Working Together first."),
        (
            7,
            LineResult.ELSEWHERE,
            "Write the name before the address if they are new to the hub. "
            "We can only book people who work at Oak School.",
        ),
        (
            8,
            LineResult.ELSEWHERE,
            "Write the name before the address if they are new to the hub. "
            "We can only book people who work at Oak School.",
        ),
        (9, LineResult.BARRED, "Needs to have completed Working Together first."),
        (10, LineResult.REPEATED, "The same person as on line 1."),
        (11, LineResult.UNREADABLE, "There is no email address in this line."),
    ]
    # The name and agency of someone who works elsewhere are not shown.
    assert lines[6].name == "other@oak.example.org"
    assert (stored(event), len(db.session.scalars(select(Person)).all())) == before


def test_a_list_of_addresses_does_not_tell_who_has_an_account(app: Flask) -> None:
    agency, lead = oak()
    first = make.course("Working Together")
    course = make.course("Neglect")
    db.session.add(Prerequisite(course_id=course.id, needs_id=first.id))
    event = make.event(course, starts_at=NEXT_MONTH, capacity=9)
    make.person("Other", of=make.agency("Elm School"), email="other@oak.example.org")
    make.person("Gone", of=agency, email="gone@oak.example.org").is_active = False
    db.session.flush()
    typed = "other@oak.example.org\ngone@oak.example.org\nnobody@oak.example.org"
    told = (
        LineResult.ELSEWHERE,
        "Write the name before the address if they are new to the hub. We can only book people who work at Oak School.",
    )
    assert [(line.result, line.sentence) for line in plan(event, agency, typed)] == [told] * 3
    with pytest.raises(NotAsTold) as refused:
        book(event, lead, typed)
    assert [(line.result, line.sentence) for line in refused.value.lines] == [told] * 3


def test_group_hides_people_without_an_agency(
    app: Flask,
) -> None:
    agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, policies={"approval": "line manager"})
    free = make.person("Fay Secret", email="fay@oak.example.org", manager_email="boss@elm.example.org")
    free.agency = None
    db.session.flush()
    lines = plan(event, agency, "fay@oak.example.org")
    assert [(line.result, line.name) for line in lines] == [(LineResult.ELSEWHERE, "fay@oak.example.org")]
    lines = plan(event, agency, "Fay F, fay@oak.example.org")
    assert [(line.result, line.name, line.sentence) for line in lines] == [
        (
            LineResult.NO_MANAGER,
            "Fay F",
            "A line manager has to approve. Add the manager’s address at the end of the line.",
        )
    ]
    book(event, lead, "Fay F\tfay@oak.example.org\tmia@oak.example.org")
    booking = db.session.scalars(select(Booking)).one()
    assert (booking.agency_id, booking.manager_email) == (agency.id, "mia@oak.example.org")
    assert (free.agency_id, free.name, free.manager_email) == (None, "Fay Secret", "boss@elm.example.org")


def test_group_fills_places_then_waiting_list(app: Flask) -> None:
    agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=2)
    book(event, lead, "Ann, ann@oak.example.org\nBen, ben@oak.example.org\nCat, cat@oak.example.org\nnobody")
    assert stored(event) == [("Ann", S.CONFIRMED), ("Ben", S.CONFIRMED), ("Cat", S.WAITING)]
    people = db.session.scalars(select(Person).where(Person.agency_id == agency.id).order_by(Person.id)).all()
    assert [(person.email, person.is_registered) for person in people[1:]] == [
        ("ann@oak.example.org", False),
        ("ben@oak.example.org", False),
        ("cat@oak.example.org", False),
    ]
    mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert [(mail.to_email, mail.template) for mail in mails] == [
        ("ann@oak.example.org", "booking_confirmed"),
        ("ben@oak.example.org", "booking_confirmed"),
        ("cat@oak.example.org", "booking_waiting"),
    ]
    for mail in mails:
        for words in (mail.text, mail.html):
            assert "Lena Lead arranged this for you." in words
            assert "http://localhost/refuse/" in words
            assert "/needs" in words


def test_all_or_nothing_books_nobody_where_one_does_not_fit(app: Flask) -> None:
    _agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=1)
    with pytest.raises(NotAsTold) as refused:
        book(event, lead, "Ann, ann@oak.example.org\nBen, ben@oak.example.org", all_or_nothing=True)
    assert str(refused.value) == "Not everyone on the list can have a place, so nobody has been booked."
    assert [line.fits for line in refused.value.lines] == [True, False]
    assert stored(event) == []
    assert db.session.scalars(select(Mail)).all() == []


def test_a_list_that_is_sent_twice_is_booked_once(app: Flask) -> None:
    _agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=5)
    typed = "Ann, ann@oak.example.org\nBen, ben@oak.example.org\nAnn again, ANN@oak.example.org"
    for _ in range(2):
        book(event, lead, typed, all_or_nothing=True, promise=(0, 1))
    assert stored(event) == [("Ann", S.CONFIRMED), ("Ben", S.CONFIRMED)]
    assert len(db.session.scalars(select(Mail)).all()) == 2


def test_group_never_breaks_a_promised_place(app: Flask) -> None:
    _agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=2)
    make.booking(event)
    with pytest.raises(NotAsTold, match="Something has changed since you looked"):
        book(event, lead, "Ann, ann@oak.example.org\nBen, ben@oak.example.org", promise=(0, 1))
    assert len(stored(event)) == 1


def test_lead_can_be_in_their_own_group(app: Flask) -> None:
    _agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=2)
    book(event, lead, "lena@oak.example.org")
    assert stored(event) == [("Lena Lead", S.CONFIRMED)]
    mail = db.session.scalars(select(Mail)).one()
    assert ["arranged this" in mail.text, "/needs" in mail.text] == [False, False]


def test_group_books_clashes_last_and_only_if_confirmed(
    app: Flask,
) -> None:
    agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=1)
    ann = make.person("Ann", of=agency, email="ann@oak.example.org")
    make.booking(make.event(starts_at=NEXT_MONTH), ann)
    typed = "ann@oak.example.org\nBen, ben@oak.example.org"
    book(event, lead, typed)
    assert stored(event) == [("Ben", S.CONFIRMED)]
    book(event, lead, typed, despite_clash=True)
    assert stored(event) == [("Ben", S.CONFIRMED), ("Ann", S.WAITING)]


def test_group_reports_clash_and_wrong_sector(
    app: Flask,
) -> None:
    agency, _lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH)
    ann = make.person("Ann", of=agency, email="ann@oak.example.org")
    make.booking(make.event(starts_at=NEXT_MONTH), ann, S.REQUESTED)
    (line,) = plan(event, agency, "ann@oak.example.org")
    assert (line.result, line.sentence) == (LineResult.CLASH, "Has a place on another course at that time.")
    nurses = make.event(make.course("Health"), starts_at=NEXT_MONTH, policies={"sectors": ["health"]})
    (line,) = plan(nurses, agency, "ann@oak.example.org")
    assert (line.result, line.sentence) == (LineResult.BARRED, "This course is open to health services only.")


def test_group_asks_each_line_manager(app: Flask) -> None:
    agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, policies={"approval": "line manager"})
    make.person("Ann", of=agency, email="ann@oak.example.org", manager_email="max@oak.example.org")
    lines = book(
        event,
        lead,
        "ann@oak.example.org\nBen, ben@oak.example.org\nCat\tcat@oak.example.org\tmia@oak.example.org",
    )
    assert [(line.result, line.sentence) for line in lines] == [
        (LineResult.REQUEST, "We ask max@oak.example.org to approve. A place is held meanwhile."),
        (
            LineResult.NO_MANAGER,
            "A line manager has to approve. Add the manager’s address at the end of the line.",
        ),
        (LineResult.REQUEST, "We ask mia@oak.example.org to approve. A place is held meanwhile."),
    ]
    assert stored(event) == [("Ann", S.REQUESTED), ("Cat", S.REQUESTED)]
    assert places(event).held == 2
    mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert [(mail.to_email, mail.template) for mail in mails] == [
        ("ann@oak.example.org", "request_sent"),
        ("max@oak.example.org", "approval_asked"),
        ("cat@oak.example.org", "request_sent"),
        ("mia@oak.example.org", "approval_asked"),
    ]
    assert "A place on Neglect has been asked for in your name." in mails[0].text
    for words in (mails[1].text, mails[1].html):
        assert "Lena Lead has asked for a place on Neglect for Ann" in " ".join(words.split())
        assert "your address was given as that of Ann’s line manager" in " ".join(words.split())
    assert "/refuse/" in mails[0].text


def test_group_uses_reserved_places_first_within_the_cap(app: Flask) -> None:
    agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=9, policies={"agency_cap": 3})
    reserve(event, agency, 2, had=0, by=lead, now=NOW)
    lines = book(event, lead, "\n".join(f"P{number}, p{number}@oak.example.org" for number in range(4)))
    assert [line.sentence for line in lines] == [
        "One of the reserved places.",
        "One of the reserved places.",
        "One of the available places.",
        "Number 1 on the waiting list. One agency can hold up to 3 places now.",
    ]
    assert places(event) == Places(capacity=9, held=3, waiting=1, reserved=0)
    kept = db.session.scalars(select(ReservedPlace).order_by(ReservedPlace.id)).all()
    booked = db.session.scalars(select(Booking.id).order_by(Booking.id)).all()
    assert [(place.booking_id, place.ended_by_id) for place in kept] == [
        (booked[0], lead.id),
        (booked[1], lead.id),
    ]
