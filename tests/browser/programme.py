"""A small programme in which every page has something to show."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.evaluation.answering import ANSWERS
from tests.mail.letters import waiting
from training_hub.access import Role, link_token
from training_hub.attendance.models import Attendance, Mark
from training_hub.bookings.models import Booking, BookingNeeds, Status
from training_hub.bookings.rules import approval_version
from training_hub.catalogue.models import Event, EventStatus, Venue
from training_hub.certificates.actions import issue
from training_hub.certificates.models import Certificate
from training_hub.database import db
from training_hub.evaluation.actions import answer, ensure_default_form
from training_hub.evaluation.models import Answer, Invitation, Stage
from training_hub.evaluation.rules import Given
from training_hub.mail.models import Mail, MailState
from training_hub.people.models import Person

S = Status
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Programme:
    """What pages are looked at, and by whom."""

    people: dict[str, Person]
    open: Event
    full: Event
    closed: Event
    draft: Event
    called_off: Event
    today: Event
    over: Event
    venue: Venue
    place: Booking
    turn: Booking
    lost: Booking
    late: Booking
    offered: Booking
    requested: Booking
    owed: Booking
    earned: Booking
    released: Booking
    walk_in: Booking
    marked: Booking
    asked: Invitation
    answered: Invitation
    told: Event
    comment: Answer
    certificate: Certificate
    failed: Mail
    sent: Mail


def people() -> dict[str, Person]:
    """One person for each role, a line manager and all."""
    agency = make.agency("Upton Heath Church of England Primary School")
    manager = {"manager_name": "Max Manager", "manager_email": "max.manager@example.org"}
    return {
        "practitioner": make.person("Ann Archer", of=agency, **manager),
        "trainer": make.person("Tia Trainer", Role.TRAINER, of=agency, **manager),
        "officer": make.person("Olive Officer", Role.HUB_OFFICER, of=agency, **manager),
        "member": make.person("Mo Member", Role.HUB_MEMBER, of=agency, **manager),
        "administrator": make.person("Ada Admin", Role.ADMINISTRATOR, of=agency, **manager),
    }


def programme() -> Programme:
    """The programme, stored: dates to come, today and over, each with people in every state they can be in."""
    cast = people()
    ann, trainer = cast["practitioner"], cast["trainer"]
    course = make.course(
        "Working Together to Safeguard Children",
        aims="To know what to do.\nAnd to do it.",
        outcomes="Say what neglect is\nAct on what you see",
        audience="Everyone who works with children.",
        validity_months=36,
    )
    neglect = make.course("Neglect: Understanding and Responding to It")
    venue = make.venue("Northgate Training Hub")
    venue.directions = "Parking is behind the building."
    open_ = make.event(
        course, starts_at=NOW + 27 * DAY, venue=venue, notes="Bring your own lunch.", trainers=(trainer,)
    )
    make.event(
        course,
        starts_at=NOW + 40 * DAY,
        hours=3,
        days=2,
        is_online=True,
        online_link="https://meet.example.org/1",
    )
    full = make.event(neglect, starts_at=NOW + 30 * DAY, capacity=1, venue=venue)
    closed = make.event(neglect, starts_at=NOW + 1 * DAY, venue=venue, trainers=(trainer,))
    draft = make.event(neglect, starts_at=NOW + 60 * DAY, status=EventStatus.DRAFT)
    called_off = make.event(
        course,
        starts_at=NOW + 20 * DAY,
        status=EventStatus.CALLED_OFF,
        called_off_at=NOW,
        called_off_reason="The trainer is ill.",
    )
    today = make.event(course, starts_at=NOW - timedelta(hours=1), venue=venue, trainers=(trainer,))
    over = make.event(course, starts_at=NOW - 7 * DAY, venue=venue, trainers=(trainer,))
    older = make.event(neglect, starts_at=NOW - 14 * DAY, venue=venue)

    place = make.booking(open_, ann, manager_name="Max Manager")
    db.session.add(BookingNeeds(booking_id=place.id, access="A hearing loop", dietary="No nuts"))
    make.booking(full)
    turn = make.booking(full, ann, S.WAITING)
    lost = make.booking(called_off, ann, S.EVENT_CANCELLED)
    late = make.booking(closed, ann, S.CANCELLED_LATE)
    offered = make.booking(
        make.event(neglect, starts_at=NOW + 33 * DAY, capacity=1, venue=venue), ann, S.OFFERED
    )
    requested = make.booking(
        make.event(neglect, starts_at=NOW + 35 * DAY, venue=venue),
        ann,
        S.REQUESTED,
        manager_name="Max Manager",
        manager_email="max.manager@example.org",
    )
    here = [make.booking(today, make.person(name)) for name in ("Ben Baker", "Carol Cole", "Dan Drew")]
    db.session.add(BookingNeeds(booking_id=here[0].id, access="", dietary="Halal"))
    walk_in = make.booking(today, make.person("Wes Walker"), walk_in=True)
    owed = make.booking(over, ann, S.COMPLETED)
    earned = make.booking(older, ann, S.COMPLETED)
    released = make.booking(older, status=S.COMPLETED)
    for status in S:
        if status is not S.WAITING:
            make.booking(over, status=status)
    marked = make.booking(over, make.person("Eve Ellis"), S.DID_NOT_ATTEND)

    absent = Attendance(booking_id=marked.id, session_id=over.sessions[0].id, mark=Mark.ABSENT, marked_at=NOW)
    db.session.add(absent)

    form = ensure_default_form()
    asked = _asked(owed, form.id)
    answered = _asked(earned, form.id, returned=True)
    db.session.add_all([asked, answered])
    told = make.event(course, starts_at=NOW - 21 * DAY, venue=venue, trainers=(trainer,))
    for number in range(6):
        tell(told, make.person(f"Teller {number}", of=ann.agency), form.id)
    certificate = issue(earned, now=NOW - 13 * DAY)
    db.session.commit()
    failed = waiting(
        "nobody@example.org",
        now=NOW,
        state=MailState.FAILED,
        error="The mail server refused nobody@example.org: 550 5.1.1 No such person",
        tries=1,
    )
    sent = waiting(
        "ann.archer@example.org", now=NOW, state=MailState.SENT, sent_at=NOW, tries=1, subject="Sent"
    )
    return Programme(
        people=cast,
        open=open_,
        full=full,
        closed=closed,
        draft=draft,
        called_off=called_off,
        today=today,
        over=over,
        venue=venue,
        place=place,
        turn=turn,
        lost=lost,
        late=late,
        offered=offered,
        requested=requested,
        owed=owed,
        earned=earned,
        released=released,
        walk_in=walk_in,
        marked=marked,
        asked=asked,
        answered=answered,
        told=told,
        comment=db.session.scalars(select(Answer).where(Answer.text != "").limit(1)).one(),
        certificate=certificate,
        failed=failed,
        sent=sent,
    )


def _asked(booking: Booking, form_id: int, *, returned: bool = False) -> Invitation:
    due = booking.event.ends_at
    return Invitation(
        booking=booking,
        stage=Stage.END,
        questionnaire_id=form_id,
        due_at=due,
        returned_at=due if returned else None,
    )


def tell(event: Event, person: Person, form_id: int) -> None:
    """Have somebody who completed the course answer its evaluation, comments and all."""
    invitation = _asked(make.booking(event, person, S.COMPLETED), form_id)
    db.session.add(invitation)
    # Answering asks the database for it.
    db.session.flush()
    answers = {**ANSWERS, "change": Given(words="A little more time for the discussion in small groups.")}
    answer(invitation, answers, now=event.ends_at)


def offer_link(booking: Booking) -> str:
    """The path of the link in the mail that offers a place."""
    return f"/offers/{link_token('offer', booking.id)}"


def approval_link(booking: Booking) -> str:
    """The path of the link in the mail that asks a line manager."""
    return f"/approve/{link_token('approve', booking.id, approval_version(booking))}"


def refusal_link(booking: Booking) -> str:
    """The path of the link in the mail about a place that somebody else arranged."""
    return f"/refuse/{link_token('refuse', booking.id)}"


def evaluation_link(invitation: Invitation) -> str:
    """The path of the link in the mail."""
    return f"/evaluate/{link_token('evaluate', invitation.id, invitation.link_version)}"
