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
from training_hub.bookings.actions.equivalences import record_equivalence, remove_equivalence
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.equivalences import Equivalence
from training_hub.bookings.models.interest import Interest
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.reminders import MissedReminder
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.approval import approval_version
from training_hub.catalogue.models import Course, Event, EventStatus, Venue
from training_hub.certificates.actions import issue
from training_hub.certificates.models import Certificate
from training_hub.database import db
from training_hub.evaluation.actions.answers import answer
from training_hub.evaluation.actions.classroom import open_classroom
from training_hub.evaluation.models.answers import Answer, Theme
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import ReminderSent
from training_hub.evaluation.rules.answers import Given
from training_hub.improvement.actions import add_action, review_course
from training_hub.improvement.models import CourseAction
from training_hub.improvement.rules import Plan
from training_hub.mail.models import Mail, MailState
from training_hub.people.models import Person
from training_hub.questionnaires.actions.questions import add_new_question
from training_hub.questionnaires.actions.versions import make_version
from training_hub.questionnaires.models import QuestionKind, Questionnaire, Stage
from training_hub.questionnaires.queries.versions import default_questionnaire
from training_hub.questionnaires.rules.questions import Asked

S = Status
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Programme:
    """The people and rows that the checked pages show."""

    people: dict[str, Person]
    open: Event
    full: Event
    closed: Event
    draft: Event
    called_off: Event
    today: Event
    ending: Event
    over: Event
    venue: Venue
    place: Booking
    turn: Booking
    pickable: Booking
    """A person waiting at a date that has a free place."""
    wanted: Course
    """A course without a date that Ann Archer wants to hear about."""
    lost: Booking
    late: Booking
    offered: Booking
    requested: Booking
    moved: Booking
    rebooked: Booking
    barred: Event
    counts: Equivalence
    owed: Booking
    earned: Booking
    released: Booking
    walk_in: Booking
    marked: Booking
    asked: Invitation
    answered: Invitation
    managers: Invitation
    """What the line manager of `answered` is asked."""
    told: Event
    action: CourseAction
    """An overdue action; another about the same course is published."""
    comment: Answer
    theme: Theme
    """A theme without comments; there is another."""
    certificate: Certificate
    form: Questionnaire
    new_form: Questionnaire
    room: str
    failed: Mail
    sent: Mail
    kept: Event
    """A date with an agency limit, at which the training lead's agency reserved places."""
    arranged: Booking
    """A place that the training lead arranged. The person has not been asked about needs."""
    stuck: Booking
    """A place at a date that is no longer open to this person's sector."""
    clashing: Booking
    """A cancelled booking of the same person on that day."""


def people() -> dict[str, Person]:
    """One person for each role, including a line manager."""
    agency = make.agency("Upton Heath Church of England Primary School")
    manager = {"manager_name": "Max Manager", "manager_email": "max.manager@example.org"}
    return {
        "practitioner": make.person("Ann Archer", of=agency, **manager),
        "lead": make.person("Lena Lead", Role.AGENCY_LEAD, of=agency, **manager),
        "trainer": make.person("Tia Trainer", Role.TRAINER, of=agency, **manager),
        "officer": make.person("Olive Officer", Role.HUB_OFFICER, of=agency, **manager),
        "member": make.person("Mo Member", Role.HUB_MEMBER, of=agency, **manager),
        "administrator": make.person("Ada Admin", Role.ADMINISTRATOR, of=agency, **manager),
    }


def programme() -> Programme:
    """Store a programme with future, current and past dates, and bookings of every status."""
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
    ending = make.event(
        neglect, starts_at=NOW - timedelta(hours=3), hours=3.5, venue=venue, trainers=(trainer,)
    )
    over = make.event(course, starts_at=NOW - 7 * DAY, venue=venue, trainers=(trainer,))
    older = make.event(neglect, starts_at=NOW - 14 * DAY, venue=venue)

    wanted = make.course("Sexual Assault Services in Cheshire West and Chester Workshop")
    for who, days in ((ann, 9), (trainer, 4)):
        asked_at = NOW - days * DAY
        row = Interest(course=wanted, person=who, agency_id=who.agency_id, asked_at=asked_at)
        db.session.add(row)
    make.course("Nobody Has Asked for This").slug = "unasked"
    make.event(wanted, starts_at=NOW + 70 * DAY, status=EventStatus.DRAFT, venue=venue)

    place = make.booking(open_, ann, manager_name="Max Manager")
    db.session.add(BookingNeeds(booking_id=place.id, access="A hearing loop", dietary="No nuts"))
    make.booking(full)
    turn = make.booking(full, ann, S.WAITING)
    by_hand = make.event(
        neglect, starts_at=NOW + 38 * DAY, capacity=2, venue=venue, policies={"waiting_list": "manual"}
    )
    make.booking(by_hand, status=S.OFFERED)
    pickable = make.booking(by_hand, make.person("Uma Underwood"), S.WAITING)
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
    moved_date = make.event(neglect, starts_at=NOW + 37 * DAY, venue=venue, sequence=1)
    moved = make.booking(moved_date, ann, asked_sequence=1)
    make.booking(moved_date, asked_sequence=1)
    again = make.event(course, starts_at=NOW + 45 * DAY, venue=venue)
    rebooked = make.booking(called_off, make.person("Rob Rebooked"), S.EVENT_CANCELLED)
    make.booking(again, rebooked.person, follows=rebooked)
    first = make.course("Designated Safeguarding Leads: First Steps")
    make.event(first, starts_at=NOW + 34 * DAY, venue=venue)
    narrow = make.course(
        "Designated Safeguarding Leads: Next Steps",
        prerequisites=[first],
        policies={"sectors": ["health", "early years"], "opens_days": 90},
    )
    barred = make.event(narrow, starts_at=NOW + 36 * DAY, venue=venue)
    sam = make.person("Sam Stuck", of=ann.agency)
    stuck = make.booking(barred, sam)
    clashing = make.booking(make.event(neglect, starts_at=NOW + 36 * DAY, venue=venue), sam, S.CANCELLED)
    counts = record_equivalence(
        trainer, first, reason="Level 3 in Wrexham, March 2024", by=cast["officer"], now=NOW
    )
    gone = record_equivalence(trainer, course, reason="A day in Leeds, 2019", by=cast["officer"], now=NOW)
    remove_equivalence(gone, by=cast["officer"], now=NOW)
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

    db.session.add(MissedReminder(booking_id=marked.id, kind="joining", at=over.starts_at))
    absent = Attendance(booking_id=marked.id, session_id=over.sessions[0].id, mark=Mark.ABSENT, marked_at=NOW)
    db.session.add(absent)

    kept = make.event(
        make.course("Professional Curiosity"),
        starts_at=NOW + 50 * DAY,
        venue=venue,
        policies={"agency_cap": 4},
    )
    for _ in range(2):
        db.session.add(
            ReservedPlace(
                event_id=kept.id,
                agency_id=ann.agency_id,
                reserved_at=NOW,
                reserved_by_id=cast["lead"].id,
            )
        )
    arranged = make.booking(kept, ann)
    make.booking(kept, status=S.WAITING)

    form = default_questionnaire()
    earned.manager_name, earned.manager_email = "May Manager", "may@example.org"
    make.booking(ending, ann)
    room = open_classroom(ending, by=trainer, now=NOW).code
    asked = _asked(owed, form.id)
    answered = _asked(earned, form.id, returned=True)
    db.session.add_all([asked, answered])
    managers = Invitation(
        booking=earned,
        stage=Stage.MANAGER,
        questionnaire=default_questionnaire(Stage.MANAGER),
        due_at=NOW - 2 * DAY,
    )
    db.session.add(managers)
    db.session.flush()
    for step, days in enumerate((20, 18)):
        db.session.add(ReminderSent(invitation_id=asked.id, reminder_number=step, at=NOW - days * DAY))
    new_form = _draft_of(form, by=cast["officer"])
    told = make.event(course, starts_at=NOW - 21 * DAY, venue=venue, trainers=(trainer,))
    for number in range(6):
        tell(told, make.person(f"Teller {number}", of=ann.agency), form.id)
    action = _acted_on(course, by=cast["officer"])
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
    themes = [Theme(name="Parking"), Theme(name="Small groups")]
    db.session.add_all(themes)
    db.session.flush()
    return Programme(
        people=cast,
        open=open_,
        full=full,
        closed=closed,
        draft=draft,
        called_off=called_off,
        today=today,
        ending=ending,
        room=room,
        over=over,
        venue=venue,
        place=place,
        turn=turn,
        pickable=pickable,
        wanted=wanted,
        lost=lost,
        late=late,
        offered=offered,
        requested=requested,
        moved=moved,
        rebooked=rebooked,
        barred=barred,
        stuck=stuck,
        clashing=clashing,
        counts=counts,
        owed=owed,
        earned=earned,
        released=released,
        walk_in=walk_in,
        marked=marked,
        asked=asked,
        answered=answered,
        managers=managers,
        told=told,
        action=action,
        theme=themes[0],
        comment=db.session.scalars(select(Answer).where(Answer.text != "").limit(1)).one(),
        certificate=certificate,
        form=form,
        new_form=new_form,
        failed=failed,
        sent=sent,
        kept=kept,
        arranged=arranged,
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


def _acted_on(course: Course, *, by: Person) -> CourseAction:
    """A review of the course, an action that is overdue, and one that is done and published."""
    today = NOW.date()
    found = "The last hour is rushed, and people say so.\nThe rest is well liked."
    review_course(course, today - 365 * DAY, today, found, by=by, now=NOW - 9 * DAY)
    said = {"you_said": "The last hour was rushed.", "owner": "Training administrator"}
    plan = Plan(**said, action="Take twenty minutes out of the morning.", due_on=today - DAY)
    overdue = add_action(course, plan, by=by, now=NOW - 9 * DAY)
    done = Plan(
        you_said="The room was cold all morning.",
        action="Ask the venue to heat the room from 8am.",
        owner="Olive Officer",
        due_on=today - 20 * DAY,
        done_on=today - 21 * DAY,
        outcome="The venue heats it from 8am.",
        we_did="We had the room heated before you come.",
        is_published=True,
    )
    add_action(course, done, by=by, now=NOW)
    # Its address has the id that the database gives.
    db.session.flush()
    return overdue


def _draft_of(form: Questionnaire, *, by: Person) -> Questionnaire:
    """The next version of a questionnaire, with a question of every kind."""
    draft = make_version(form, by=by, now=NOW)
    needs = {"low": "Poor", "high": "Excellent", "options": ("One", "Another")}
    for kind in QuestionKind:
        add_new_question(
            draft,
            Asked(key="", section="In your words", text=f"A question: {kind.value}?", kind=kind, **needs),
        )
    return draft


def tell(event: Event, person: Person, form_id: int) -> None:
    """Answer the evaluation of a completed booking, with comments."""
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
    return f"/approve/{link_token('approve', booking.id, approval_version(booking.manager_email))}"


def answer_link(booking: Booking, sequence: int = 1) -> str:
    """The path of the link in the mail about a date that has moved."""
    return f"/answer/{link_token('answer', booking.id, sequence)}"


def other_dates_link(booking: Booking) -> str:
    """The path of the link in the mail about a date that was called off."""
    return f"/other-dates/{link_token('other-dates', booking.id)}"


def refusal_link(booking: Booking) -> str:
    """The path of the link in the email about an arranged place."""
    return f"/refuse/{link_token('refuse', booking.id)}"


def stop_link(person: Person) -> str:
    """The path of the link in the mails about forms that stops them."""
    return f"/evaluation-mails/{link_token('evaluation-mails', person.id)}"


def manager_stop_link(invitation: Invitation) -> str:
    """The same for a line manager."""
    return f"/evaluation-mails/manager/{link_token('manager-mails', invitation.id)}"


def evaluation_link(invitation: Invitation) -> str:
    """The path of the link in the mail."""
    return f"/evaluate/{link_token('evaluate', invitation.id, invitation.link_version)}"
