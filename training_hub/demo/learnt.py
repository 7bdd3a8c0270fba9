"""Store what followed from the demo's evaluations: a review with its actions, and how people replied."""

import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import update

from training_hub.access import Role
from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.demo.cast import SIGNING_IN
from training_hub.evaluation.models.invitations import BY_EMAIL, Channel, Invitation
from training_hub.evaluation.rules.reminders import REMINDER_SCHEDULE
from training_hub.improvement.models import CourseAction, CourseReview
from training_hub.london import london_date
from training_hub.people.models import Person

SEED = 20192021
"""A separate seed, so that random draws here do not change those elsewhere."""
FINDINGS = (
    "People rate the trainers and the cases highly. The last hour is rushed: pace is the one answer that leans to "
    "“too fast”, and a third of the comments ask for more time on information sharing.\n"
    "Response rates are better where the form was answered before people left."
)
ACTIONS = (
    # What people said, the action, its owner, due and done in days from now, outcome, evidence, "we did".
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


def store_review(course: Course, people: Mapping[str, Person], *, now: datetime) -> None:
    """Store a review of this course, and the actions that follow from it."""
    officer = people[SIGNING_IN[Role.HUB_OFFICER].email]
    today, made_at = london_date(now), now - timedelta(days=90)
    review = CourseReview(
        course_id=course.id,
        from_on=today - timedelta(days=455),
        to_on=today - timedelta(days=91),
        findings=FINDINGS,
        made_at=made_at,
        by_id=officer.id,
    )
    db.session.add(review)
    # Stored now, because the actions refer to the review's id.
    db.session.flush()
    db.session.add_all(
        CourseAction(
            course_id=course.id,
            review_id=review.id,
            you_said=you_said,
            action=action,
            owner=owner,
            due_on=today + timedelta(days=due),
            done_on=None if done is None else today + timedelta(days=done),
            outcome=outcome,
            evidence=evidence,
            we_did=we_did,
            is_published=bool(we_did),
            made_at=made_at,
            by_id=officer.id,
        )
        for you_said, action, owner, (due, done), outcome, evidence, we_did in ACTIONS
    )


def store_channels(returned: Iterable[tuple[int, datetime, datetime]]) -> None:
    """Store how people replied, from (booking, fell due, came back). Most answer the last email before their reply."""
    chance = random.Random(SEED)  # noqa: S311 - the same seed must give the same demo
    bookings: dict[Channel, list[int]] = {}
    for booking_id, due_at, returned_at in returned:
        bookings.setdefault(_channel(due_at, returned_at, chance), []).append(booking_id)
    for channel, ids in bookings.items():
        db.session.execute(
            update(Invitation).where(Invitation.booking_id.in_(ids)).values(returned_by=channel)
        )


def _channel(due_at: datetime, returned_at: datetime, chance: random.Random) -> Channel:
    drawn = chance.random()
    if returned_at - due_at < timedelta(hours=2) or drawn < 0.2:
        return Channel.CLASSROOM
    if drawn > 0.85:
        return chance.choice((Channel.CERTIFICATE, Channel.SIGNED_IN))
    step = sum(due_at + after <= returned_at for after in REMINDER_SCHEDULE) - 1
    return BY_EMAIL[max(step, 0)]
