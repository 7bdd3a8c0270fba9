"""Who is asked at each stage, when, and by which mail."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.evaluation.answering import ANSWERS, completed
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.database import db
from training_hub.evaluation.actions import answers as answers_actions
from training_hub.evaluation.actions import invitations as invitations_actions
from training_hub.evaluation.actions import reminders as reminders_actions
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import ReminderSent
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.mail import delivery
from training_hub.mail.models import Mail, MailState
from training_hub.questionnaires.actions import course_questionnaires
from training_hub.questionnaires.models import Stage
from training_hub.results.queries import counting as counting_queries
from training_hub.results.queries import results as results_queries

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def asking(*stages: Stage, title: str = "Working Together", is_evaluated: bool = False) -> Course:
    """A course that asks at these stages."""
    course = make.course(title, is_evaluated=is_evaluated)
    for stage in stages:
        course_questionnaires.set_course_questionnaire(course, stage, is_asked=True)
    db.session.commit()
    return course


def booked(
    course: Course, starts_at: datetime, *, status: Status = Status.CONFIRMED, **columns: object
) -> Booking:
    """A booking of Ann Archer's."""
    ann = columns.pop("who", None) or make.person("Ann Archer", email="ann@example.org")
    booking = make.booking(make.event(course, starts_at=starts_at), ann, status, **columns)  # type: ignore[arg-type]
    db.session.commit()
    return booking


def asked() -> list[tuple[str, datetime]]:
    """The stages asked, and when each fell due."""
    db.session.expire_all()
    rows = db.session.scalars(select(Invitation).order_by(Invitation.id))
    return [(row.stage.value, row.due_at) for row in rows]


def sent() -> list[tuple[str, str, str]]:
    """The mails: address, template, subject."""
    rows = db.session.scalars(select(Mail).where(Mail.template.startswith("evaluation_")).order_by(Mail.id))
    return [(mail.to_email, mail.template.removeprefix("evaluation_"), mail.subject) for mail in rows]


def work(now: datetime) -> None:
    """Run the worker once, with a mail server that takes everything."""
    invitations_actions.invite_due(now=now)
    reminders_actions.remind_due(now=now)
    delivery.deliver(lambda mail: None, now=now)


def test_before_is_asked_and_reminded_in_the_last_week(app: Flask) -> None:
    course = asking(Stage.BEFORE)
    booked(course, NOW + 9 * DAY)
    for hours in range(0, 24 * 20, 6):
        work(NOW + timedelta(hours=hours))
    assert asked() == [("before", NOW + 2 * DAY)]
    assert sent() == [
        ("ann@example.org", "invitation", "Before you come to Working Together"),
        # Two days after Thursday is Saturday; five days after it is Tuesday.
        ("ann@example.org", "reminder_1", "Before you come: your form about Working Together"),
        ("ann@example.org", "reminder_2", "Your form is missing: Working Together"),
    ]
    assert [row.at for row in db.session.scalars(select(ReminderSent).order_by(ReminderSent.id))] == [
        NOW + 2 * DAY,
        NOW + 6 * DAY,
        NOW + 8 * DAY,
    ]


def test_before_is_asked_at_once_after_a_late_booking(app: Flask) -> None:
    booked(asking(Stage.BEFORE), NOW + 2 * DAY, asked_at=NOW)
    work(NOW)
    assert asked() == [("before", NOW)]


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.CONFIRMED])
def test_before_is_asked_only_of_people_with_a_place(app: Flask, status: Status) -> None:
    booked(asking(Stage.BEFORE), NOW + 2 * DAY, status=status)
    work(NOW)
    assert asked() == []


def test_a_cancelled_place_gets_no_reminder(app: Flask) -> None:
    booking = booked(asking(Stage.BEFORE), NOW + 6 * DAY)
    invitations_actions.invite_due(now=NOW)
    booking.status = Status.CANCELLED
    db.session.commit()
    reminders_actions.remind_due(now=NOW + 2 * DAY)
    assert [mail.state for mail in db.session.scalars(select(Mail))] == [MailState.DROPPED]
    assert db.session.scalars(select(ReminderSent)).all() == []


def test_follow_ups_fall_due_after_six_weeks_and_three_months(app: Flask) -> None:
    booked(asking(Stage.SIX_WEEKS, Stage.THREE_MONTHS), NOW, status=Status.COMPLETED)
    # It ends at 4:30pm.
    ends = NOW + timedelta(hours=7)
    for day in (41, 42, 43, 90, 91, 92):
        work(ends + day * DAY)
    assert asked() == [("six weeks", ends + 42 * DAY), ("three months", ends + 91 * DAY)]
    assert sent()[0] == ("ann@example.org", "invitation", "What has changed since Working Together?")
    rows = db.session.execute(
        select(Invitation.stage, ReminderSent.reminder_number).join(ReminderSent).order_by(ReminderSent.id)
    ).all()
    assert [tuple(row) for row in rows] == [
        (Stage.SIX_WEEKS, 0),
        (Stage.SIX_WEEKS, 4),
        (Stage.THREE_MONTHS, 0),
    ]


def test_a_follow_up_due_on_a_saturday_is_asked_on_monday(app: Flask) -> None:
    saturday = NOW + 4 * DAY
    booked(asking(Stage.SIX_WEEKS), saturday - 42 * DAY - timedelta(hours=7), status=Status.COMPLETED)
    work(saturday)
    assert (asked(), sent()) == ([("six weeks", saturday)], [])
    work(saturday + 2 * DAY)
    assert [template for _, template, _ in sent()] == ["invitation"]


def test_the_line_manager_is_asked_by_mail_where_one_is_named(app: Flask) -> None:
    course, over = asking(Stage.MANAGER), NOW - 43 * DAY
    booked(course, over, status=Status.COMPLETED, manager_name="May Manager", manager_email="May@example.org")
    booked(course, over, status=Status.COMPLETED, who=make.person("Bob Baker"))
    cat = make.person("Cat Carter", email="cat@example.org")
    booked(
        course, over, status=Status.COMPLETED, who=cat, manager_name="Cat", manager_email="cat@example.org"
    )
    work(NOW)
    assert asked() == [("manager", NOW)]
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.to_name, mail.to_email, mail.subject) == (
        "May Manager",
        "may@example.org",
        "Has Working Together made a difference?",
    )
    assert "Ann Archer has been on Working Together. Do you see a difference?" in mail.text


def test_a_manager_of_three_gets_one_mail_that_names_them_all(app: Flask) -> None:
    course, over = asking(Stage.MANAGER), NOW - 43 * DAY
    for name in ("Ann Archer", "Bob Baker", "Cat Carter"):
        who = make.person(name)
        booked(
            course,
            over,
            status=Status.COMPLETED,
            who=who,
            manager_name="May",
            manager_email="may@example.org",
        )
    work(NOW)
    mail = db.session.scalars(select(Mail)).one()
    assert mail.subject == "3 evaluation forms are waiting for you"
    assert [name in mail.text for name in ("Ann Archer", "Bob Baker", "Cat Carter")] == [True, True, True]
    assert len(db.session.scalars(select(ReminderSent)).all()) == 3


def test_no_stage_is_asked_for_old_or_unasked_events(
    app: Flask,
) -> None:
    every = asking(*Stage, is_evaluated=True)
    over = NOW - 43 * DAY
    history = make.event(every, starts_at=over, entered_at=NOW)
    called_off = make.event(every, starts_at=over, status=EventStatus.CALLED_OFF)
    plain = make.event(make.course(is_evaluated=False), starts_at=over)
    partial = make.event(every, starts_at=over)
    for event, status in (
        (history, Status.COMPLETED),
        (called_off, Status.COMPLETED),
        (plain, Status.COMPLETED),
        (partial, Status.PARTIAL),
    ):
        make.booking(event, status=status, manager_email="may@example.org")
    db.session.commit()
    work(NOW)
    assert asked() == []


def test_a_course_that_starts_to_ask_skips_old_bookings(app: Flask) -> None:
    course = asking(Stage.SIX_WEEKS)
    booked(course, NOW - (42 + 29) * DAY, status=Status.COMPLETED)
    booked(course, NOW - (42 + 27) * DAY, status=Status.COMPLETED, who=make.person())
    work(NOW)
    invitations_actions.invite_late(now=NOW)
    assert asked() == [("six weeks", NOW)]


def test_one_digest_lists_everything_due(app: Flask) -> None:
    ann = make.person("Ann Archer", email="ann@example.org")
    first, second = (
        make.event(make.course(title), starts_at=NOW - DAY + timedelta(hours=1))
        for title in ("Neglect", "Signs")
    )
    follow = make.event(asking(Stage.SIX_WEEKS, title="Early Help"), starts_at=NOW - 42 * DAY)
    for event in (first, second, follow):
        make.booking(event, ann, Status.COMPLETED)
    db.session.commit()
    work(NOW)
    assert [subject for _, _, subject in sent()] == [
        "How was Neglect? Your certificate is waiting",
        "How was Signs? Your certificate is waiting",
    ]
    work(NOW + 2 * DAY)
    assert sent()[2:] == [
        ("ann@example.org", "reminder_1", "3 evaluation forms are waiting for your answers")
    ]
    mail = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert mail is not None
    assert (mail.key, mail.text.count("/evaluate/")) == (f"evaluation:person:{ann.id}:2025-05-08", 3)
    steps = db.session.scalars(
        select(ReminderSent.reminder_number)
        .where(ReminderSent.mail_id == mail.id)
        .order_by(ReminderSent.invitation_id)
    )
    assert steps.all() == [1, 1, 0]


def test_a_digest_listing_a_returned_form_is_replaced(
    app: Flask,
) -> None:
    ann = make.person("Ann Archer", email="ann@example.org")
    for title in ("Neglect", "Signs"):
        event = make.event(make.course(title), starts_at=NOW - DAY + timedelta(hours=1))
        make.booking(event, ann, Status.COMPLETED)
    db.session.commit()
    work(NOW)
    reminders_actions.remind_due(now=NOW + 2 * DAY)
    first, second = db.session.scalars(select(Invitation).order_by(Invitation.id))
    answers_actions.answer(first, ANSWERS, now=NOW + 2 * DAY)
    db.session.commit()
    work(NOW + 2 * DAY)
    states = db.session.execute(select(Mail.template, Mail.state).order_by(Mail.id)).all()
    assert [(template.removeprefix("evaluation_"), state.value) for template, state in states] == [
        ("invitation", "sent"),
        ("invitation", "sent"),
        ("reminder_1", "dropped"),
        ("reminder_1", "sent"),
    ]
    rows = db.session.execute(
        select(ReminderSent.invitation_id, ReminderSent.reminder_number).order_by(ReminderSent.id)
    ).all()
    assert [tuple(row) for row in rows] == [(first.id, 0), (second.id, 0), (second.id, 1)]


def test_managers_are_told_of_last_reminders_by_policy(app: Flask) -> None:
    plain, copying = (
        make.event(make.course(title), starts_at=NOW - DAY + timedelta(hours=1), policies=policies)
        for title, policies in (("Neglect", {}), ("Signs", {"copies_manager_last": True}))
    )
    for name, event in (("Ann Archer", plain), ("Bob Baker", copying)):
        manager = {"manager_name": "May Manager", "manager_email": "may@example.org"}
        make.booking(event, make.person(name), Status.COMPLETED, **manager)
    db.session.commit()
    for day in (0, 2, 6, 9, 14):
        work(NOW + day * DAY)
    work(NOW + 14 * DAY + timedelta(minutes=1))
    copies = db.session.scalars(select(Mail).where(Mail.to_email == "may@example.org")).all()
    assert [(mail.template, mail.subject) for mail in copies] == [
        ("evaluation_manager_copied", "An evaluation form about Signs is missing")
    ]
    assert ("/evaluate/" in copies[0].text, copies[0].carries_key) == (False, False)
    told = db.session.scalars(select(Invitation.copied_in).order_by(Invitation.id))
    assert [bool(key) for key in told] == [False, True]
    last = db.session.scalars(
        select(Mail).where(Mail.template == "evaluation_reminder_4").order_by(Mail.id)
    ).all()
    words = "We are telling May Manager, your line manager, that it is missing."
    assert [words in mail.text for mail in last] == [False, True]


def test_a_manager_is_not_told_when_the_last_reminder_is_dropped(app: Flask) -> None:
    booking = completed()
    booking.manager_name, booking.manager_email = "May Manager", "may@example.org"
    booking.event.policies = {"copies_manager_last": True}
    db.session.commit()
    work(NOW)
    reminders_actions.remind_due(now=NOW + 14 * DAY)
    invitation = invitations_queries.invitation_of(booking.id)
    assert invitation is not None
    answers_actions.answer(invitation, ANSWERS, now=NOW + 14 * DAY)
    db.session.commit()
    work(NOW + 14 * DAY)
    work(NOW + 15 * DAY)
    states = db.session.execute(select(Mail.template, Mail.state).order_by(Mail.id)).all()
    assert [(template.removeprefix("evaluation_"), state.value) for template, state in states] == [
        ("invitation", "sent"),
        ("reminder_4", "dropped"),
    ]


def test_opting_out_stops_mails_but_the_form_stays_due(app: Flask) -> None:
    booking = completed()
    work(NOW)
    reminders_actions.remind_due(now=NOW + 2 * DAY)
    reminders_actions.opt_out(booking.person, now=NOW + 2 * DAY)
    db.session.commit()
    for day in (2, 6, 9):
        work(NOW + day * DAY)
    left = db.session.scalars(select(Mail.template).where(Mail.state == MailState.SENT)).all()
    assert left == ["evaluation_invitation"]
    assert len(invitations_queries.outstanding(booking.person_id, now=NOW + 9 * DAY)) == 1
    reminders_actions.opt_in(booking.person)
    db.session.commit()
    work(NOW + 9 * DAY)
    left = db.session.scalars(
        select(Mail.template).where(Mail.state == MailState.SENT).order_by(Mail.id)
    ).all()
    assert left == ["evaluation_invitation", "evaluation_reminder_3"]


def test_people_who_opted_out_are_not_invited(app: Flask) -> None:
    booking = completed()
    reminders_actions.opt_out(booking.person, now=NOW)
    db.session.commit()
    work(NOW)
    assert (len(asked()), sent()) == (1, [])


def test_five_links_in_the_mail_answer_the_first_question(app: Flask) -> None:
    completed()
    work(NOW)
    mail = db.session.scalars(select(Mail)).one()
    assert [mail.html.count(f"?by=0&amp;tap={number}") for number in range(1, 6)] == [1, 1, 1, 1, 1]
    assert (mail.text.count("/evaluate/"), "tap=" in mail.text) == (1, False)


def test_each_stage_counts_its_own_due_and_returned(app: Flask) -> None:
    course = asking(Stage.SIX_WEEKS, is_evaluated=True)
    event: Event = make.event(course, starts_at=NOW - 43 * DAY)
    for name in ("Ann", "Bob", "Cat"):
        make.booking(event, make.person(name), Status.COMPLETED)
    db.session.commit()
    work(NOW)
    rows = db.session.scalars(select(Invitation).where(Invitation.stage == Stage.SIX_WEEKS)).all()
    assert (len(rows), len(asked())) == (3, 6)
    rows[0].returned_at = NOW
    db.session.commit()
    reading = results_queries.visible_results(
        make.officer(), counting_queries.ResultsFilter(course_id=course.id), now=NOW
    )
    assert {stage.value: (each.due, each.returned) for stage, each in reading.returns.items()} == {
        "end": (3, 0),
        "six weeks": (3, 1),
    }


def test_before_is_due_from_kept_places_only(app: Flask) -> None:
    course = asking(Stage.BEFORE)
    event = make.event(course, starts_at=NOW + DAY)
    rows = [make.booking(event, make.person(name)) for name in ("Ann", "Bob", "Cat", "Dee")]
    db.session.commit()
    work(NOW)
    for invitation in db.session.scalars(select(Invitation)).all()[:2]:
        invitation.returned_at = NOW
    for row, became in zip(rows, (Status.COMPLETED, Status.CANCELLED, Status.DID_NOT_ATTEND), strict=False):
        row.status = became
    db.session.commit()
    found = results_queries.visible_results(
        make.officer(), counting_queries.ResultsFilter(course_id=course.id), now=NOW + 2 * DAY
    ).returns
    assert (found[Stage.BEFORE].due, found[Stage.BEFORE].returned) == (3, 1)
