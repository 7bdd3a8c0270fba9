"""Whatever happens to three places at two courses, nobody gets an email too often, too soon or in vain.

To repeat a failure, run this file with the seed that the run printed: `pytest --hypothesis-seed=N`.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from tests import make
from tests.evaluation.answering import ANSWERS
from tests.exploring import fixed_and_fresh, settings_for
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.evaluation.actions import answers as answers_actions
from training_hub.evaluation.actions import invitations as invitations_actions
from training_hub.evaluation.actions import reminders as reminders_actions
from training_hub.evaluation.actions.reminders import cancel_mails_about
from training_hub.evaluation.models.answers import Answer, PartAnswers, Response
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import OptOut, ReminderSent
from training_hub.evaluation.rules.invitations import check_due
from training_hub.london import london_date, next_working_moment
from training_hub.mail import delivery
from training_hub.mail.delivery import OutgoingMail
from training_hub.mail.models import Mail, MailState
from training_hub.people.models import Person
from training_hub.questionnaires.actions import course_questionnaires
from training_hub.questionnaires.models import CourseQuestionnaire, Stage

EVENTS = (
    "look",
    "look",
    "look",
    "server away",
    "return",
    "correct",
    "restore",
    "complete",
    "opt out",
    "opt in",
)
STEPS = st.lists(
    st.tuples(st.floats(min_value=0.01, max_value=60), st.sampled_from(EVENTS), st.integers(0, 7)),
    min_size=20,
    max_size=60,
)


@contextmanager
def three_places(moment: datetime) -> Iterator[list[Booking]]:
    """Ann's places at two courses, one of which asks at every stage, and Bob's. Ann is his line manager."""
    every, end = make.course(), make.course()
    for stage in Stage:
        course_questionnaires.set_course_questionnaire(every, stage, is_asked=True)
    ann, bob = make.person("Ann Archer"), make.person("Bob Baker")
    manager = {"manager_name": "Ann Archer", "manager_email": ann.email}
    rows = [
        make.booking(make.event(every, starts_at=moment + timedelta(days=2)), ann),
        make.booking(make.event(end, starts_at=moment + timedelta(days=4)), ann),
        make.booking(make.event(every, starts_at=moment + timedelta(days=1)), bob, **manager),
    ]
    db.session.commit()
    try:
        yield rows
    finally:
        db.session.rollback()
        for table in (
            *(Mail, ReminderSent, OptOut, PartAnswers, Answer, Response, Invitation),
            *(BookingChange, Booking, CourseQuestionnaire),
        ):
            db.session.execute(delete(table))
        db.session.commit()


def happens(what: str, which: int, places: list[Booking], moment: datetime) -> None:
    """One thing that people do."""
    place = places[which % 3]
    if what == "complete":
        for each in places:
            each.status = Status.COMPLETED if moment >= each.event.ends_at else each.status
    elif what in {"restore", "correct"} and moment >= place.event.ends_at:
        place.status = Status.PARTIAL if what == "correct" else Status.COMPLETED
    elif what == "opt out":
        reminders_actions.opt_out(place.person, now=moment)
    elif what == "opt in":
        reminders_actions.opt_in(place.person)
    elif what == "return":
        found = db.session.scalars(
            select(Invitation).where(Invitation.returned_at.is_(None)).order_by(Invitation.id)
        ).all()
        if found and _owes(found[which % len(found)], moment):
            asked = found[which % len(found)]
            if asked.booking_id == places[1].id:
                answers_actions.answer(asked, ANSWERS, now=moment)
            else:
                # Another form asks other questions: here it only matters that it is returned.
                cancel_mails_about(asked)
                asked.returned_at = moment
    db.session.commit()


def _owes(invitation: Invitation, moment: datetime) -> bool:
    booking = invitation.booking
    if invitation.stage is Stage.BEFORE:
        return booking.status is Status.CONFIRMED and moment < booking.event.starts_at
    return booking.status is Status.COMPLETED


@fixed_and_fresh
def test_at_most_one_mail_a_day_and_none_in_vain(app: Flask, is_fresh: bool) -> None:
    check = given(start=st.integers(0, 400 * 24 * 60), steps=STEPS, workers=st.integers(1, 2))(_check_mails)
    settings_for(is_fresh=is_fresh, fixed=4, fresh=6)(check)()


def _check_mails(start: int, steps: list[tuple[float, str, int]], workers: int) -> None:
    moment = datetime(2024, 12, 1, tzinfo=UTC) + timedelta(minutes=start)
    with three_places(moment) as places:
        left: list[tuple[datetime, str, str]] = []
        reminded: Counter[int] = Counter()

        def send(mail: OutgoingMail) -> None:
            key = db.session.scalars(select(Mail.key).where(Mail.id == mail.id)).one()
            for row in db.session.scalars(select(ReminderSent).where(ReminderSent.mail_id == mail.id)):
                invitation = db.session.get_one(Invitation, row.invitation_id)
                assert invitation.returned_at is None
                check_due(invitation, now=moment)
                reminded[invitation.id] += row.reminder_number > 0
            assert not _has_opted_out(mail.to_email)
            left.append((moment, mail.to_email, key))

        def fail(mail: OutgoingMail) -> None:
            raise ConnectionError("no server")

        for hours, what, which in steps:
            moment += timedelta(hours=hours)
            happens(what, which, places, moment)
            for _ in range(workers):
                invitations_actions.invite_due(now=moment)
                reminders_actions.remind_due(now=moment)
            delivery.deliver(fail if what == "server away" else send, now=moment)
            db.session.expire_all()
            assert _recorded() == _waiting_or_sent()
        assert [count for count in reminded.values() if count > 4] == []
        for address in {to for _, to, _ in left}:
            mails = [(at, key) for at, to, key in left if to == address]
            days = [at for at, key in mails if key.startswith("evaluation:person:")]
            assert len({london_date(at) for at in days}) == len(days)
            assert [next_working_moment(at) for at in days] == days
            too_soon = [
                later
                for (earlier, _), (later, key) in pairwise(mails)
                if key.startswith("evaluation:person:") and later - earlier < timedelta(hours=48)
            ]
            assert too_soon == []


def _has_opted_out(address: str) -> bool:
    found = select(OptOut).join(Person, OptOut.person_id == Person.id).where(Person.email == address)
    return db.session.scalar(found) is not None


def _recorded() -> set[str]:
    return set(db.session.scalars(select(Mail.key).join(ReminderSent)))


def _waiting_or_sent() -> set[str]:
    statement = select(Mail.key).where(Mail.key.startswith("evaluation:"), Mail.state != MailState.DROPPED)
    return set(db.session.scalars(statement))
