"""Store what followed from the demo's evaluations: actions, some published, and how replies came in."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from training_hub.access import Role
from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.demo.cast import SIGNING_IN
from training_hub.demo.courses import COURSES
from training_hub.evaluation.models.invitations import Channel, Invitation
from training_hub.evaluation.rules.reminders import REMINDER_SCHEDULE
from training_hub.improvement.models import CourseAction, CourseReview
from training_hub.london import london_date

SEED = 20192021
"""Of its own: what is drawn here changes nothing that is drawn elsewhere."""
MAILS = (
    Channel.INVITATION,
    Channel.REMINDER_1,
    Channel.REMINDER_2,
    Channel.REMINDER_3,
    Channel.REMINDER_4,
)
FINDINGS = (
    "People rate the trainers and the cases highly. The last hour is rushed: pace is the one answer that leans to "
    "“too fast”, and a third of the comments ask for more time on information sharing.\n"
    "Return rates are better where the form was answered before people left."
)
ACTIONS = (
    # What people said, what is to be done, who, due and done in days from now; then outcome, evidence, we did.
    (
        "The last hour on information sharing was rushed.",
        "Take twenty minutes out of the morning and give them to information sharing.",
        "Training officer",
        (-60, -66),
        "The new timetable is in use at every date since.",
        "Over the next four dates, 9 of 10 people called the pace about right. It was 6 of 10 before.",
        "We made the morning shorter, and information sharing now has a full hour.",
    ),
    (
        "Parking was hard to find, and people missed the introductions.",
        "Put a map of the car parks into the joining instructions.",
        "Training administrator",
        (-30, -33),
        "The map is in the joining instructions of every venue.",
        "",
        "",
    ),
    (
        "There was little about children with disabilities.",
        "Write a case about a child with a disability, with the Children with Disabilities team.",
        "Lead trainer",
        (-6, None),
        "",
        "",
        "",
    ),
    (
        "It would help to have someone from the police on the course.",
        "Ask the police for a second trainer at two dates a year.",
        "Training officer",
        (24, None),
        "",
        "",
        "",
    ),
)


def store_what_was_learnt(people: dict[str, tuple[int, int]], *, now: datetime) -> None:
    """Stores a review of the first course, and what is done because of it."""
    officer, _agency = people[SIGNING_IN[Role.HUB_OFFICER].email]
    title = next(iter(COURSES.values())).title
    course_id = db.session.scalars(select(Course.id).where(Course.title == title)).one()
    today, made_at = london_date(now), now - timedelta(days=90)
    review = CourseReview(
        course_id=course_id,
        from_on=today - timedelta(days=455),
        to_on=today - timedelta(days=91),
        findings=FINDINGS,
        made_at=made_at,
        by_id=officer,
    )
    db.session.add(review)
    # What is done because of it names it by the id that the database gives.
    db.session.flush()
    rows = [
        {
            "course_id": course_id,
            "review_id": review.id,
            "you_said": you_said,
            "action": action,
            "owner": owner,
            "due_on": today + timedelta(days=due),
            "done_on": None if done is None else today + timedelta(days=done),
            "outcome": outcome,
            "evidence": evidence,
            "we_did": we_did,
            "is_published": bool(we_did),
            "made_at": made_at,
            "by_id": officer,
        }
        for you_said, action, owner, (due, done), outcome, evidence, we_did in ACTIONS
    ]
    db.session.execute(insert(CourseAction), rows)


def store_by_which_way(asked: Sequence[tuple[int, datetime, datetime | None]]) -> None:
    """Stores how people replied, from (booking, fell due, came back).

    Mostly it is the last email before they did. For imported dates it is not known.
    """
    chance = random.Random(SEED)  # noqa: S311 - it must come out the same again
    by_way: dict[Channel, list[int]] = {}
    for booking_id, due_at, returned_at in asked:
        if returned_at is not None:
            by_way.setdefault(_way(due_at, returned_at, chance), []).append(booking_id)
    for way, booking_ids in by_way.items():
        came = Invitation.booking_id.in_(booking_ids)
        db.session.execute(update(Invitation).where(came).values(returned_by=way))


def _way(due_at: datetime, returned_at: datetime, chance: random.Random) -> Channel:
    drawn = chance.random()
    if returned_at - due_at < timedelta(hours=2) or drawn < 0.2:
        return Channel.CLASSROOM
    if drawn > 0.85:
        return chance.choice((Channel.CERTIFICATE, Channel.SIGNED_IN))
    step = sum(due_at + after <= returned_at for after in REMINDER_SCHEDULE) - 1
    return MAILS[min(max(step, 0), len(MAILS) - 1)]
