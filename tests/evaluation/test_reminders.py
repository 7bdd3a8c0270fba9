"""Invitations and reminders: when they are sent, and that there are never too many."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import String, cast, literal, select, update

from tests import make
from tests.conftest import NOW
from tests.evaluation.answering import ANSWERS, completed, invited
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import EventStatus
from training_hub.database import db
from training_hub.evaluation.actions import answers as answers_actions
from training_hub.evaluation.actions import invitations as invitations_actions
from training_hub.evaluation.actions import past as past_actions
from training_hub.evaluation.actions import reminders as reminders_actions
from training_hub.evaluation.models.answers import Response
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import ReminderSent
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.mail import delivery, outbox
from training_hub.mail.delivery import OutgoingMail
from training_hub.mail.models import Mail, MailState


def queued() -> list[tuple[str, datetime]]:
    """The mails about evaluations: which, and when they were queued."""
    db.session.expire_all()
    rows = db.session.scalars(select(Mail).where(Mail.key.startswith("evaluation:")).order_by(Mail.id))
    return [(mail.template, mail.queued_at) for mail in rows]


def pass_time(start: datetime, days: float, *, step: timedelta = timedelta(hours=3)) -> None:
    """Run the worker every three hours, with a mail server that takes everything."""
    moment = start
    while moment <= start + timedelta(days=days):
        invitations_actions.invite_due(now=moment)
        reminders_actions.remind_due(now=moment)
        delivery.deliver(lambda mail: None, now=moment)
        moment += step


def test_everyone_who_completed_is_asked_once_walk_ins_included(app: Flask) -> None:
    event = make.event(starts_at=NOW - timedelta(days=1))
    make.booking(event, make.person("Ann"), Status.COMPLETED)
    make.booking(event, make.person("Will Walker"), Status.COMPLETED, walk_in=True)
    for status in Status:
        if status is not Status.COMPLETED:
            make.booking(event, make.person(), status)
    db.session.commit()
    assert [invitations_actions.invite_due(now=NOW), invitations_actions.invite_due(now=NOW)] == [2, 0]
    mails = db.session.scalars(select(Mail).order_by(Mail.to_name)).all()
    assert [(mail.to_name, mail.template, mail.carries_key) for mail in mails] == [
        ("Ann", "evaluation_invitation", True),
        ("Will Walker", "evaluation_invitation", True),
    ]


def test_nobody_is_asked_before_the_end_or_about_old_events(
    app: Flask,
) -> None:
    still_running = make.event(starts_at=NOW - timedelta(hours=1))
    not_evaluated = make.event(make.course(is_evaluated=False), starts_at=NOW - timedelta(days=2))
    over = NOW - timedelta(days=3)
    history = make.event(starts_at=over, hours=7, entered_at=over + timedelta(hours=7))
    called_off = make.event(starts_at=over, status=EventStatus.CALLED_OFF)
    for event in (still_running, not_evaluated, history, called_off):
        make.booking(event, status=Status.COMPLETED)
    db.session.commit()
    assert invitations_actions.invite_due(now=NOW) == 0
    assert queued() == []
    assert invitations_actions.invite_due(now=NOW + timedelta(hours=6)) == 1


def test_an_invitation_and_four_reminders_in_office_hours(app: Flask) -> None:
    completed()
    # Tuesday, 9:30am in London.
    pass_time(NOW, days=25)
    assert queued() == [
        ("evaluation_invitation", NOW),
        ("evaluation_reminder_1", NOW + timedelta(days=2)),
        # The fifth day is a Sunday, and the ninth a Thursday again.
        ("evaluation_reminder_2", NOW + timedelta(days=6)),
        ("evaluation_reminder_3", NOW + timedelta(days=9)),
        ("evaluation_reminder_4", NOW + timedelta(days=14)),
    ]


def test_reminders_do_not_depend_on_the_keys_of_emails(app: Flask) -> None:
    completed()
    for day in range(25):
        pass_time(NOW + timedelta(days=day), days=0)
        db.session.execute(update(Mail).values(key=literal("other:").concat(cast(Mail.id, String))))
        db.session.commit()
    templates = db.session.scalars(select(Mail.template).order_by(Mail.id)).all()
    assert templates == [
        "evaluation_invitation",
        *(f"evaluation_reminder_{number}" for number in range(1, 5)),
    ]


def test_christmas_moves_reminders_but_keeps_them_apart(app: Flask) -> None:
    event = make.event(starts_at=datetime(2025, 12, 23, 9, 30, tzinfo=UTC))
    make.booking(event, status=Status.COMPLETED)
    db.session.commit()
    pass_time(event.ends_at, days=20)
    assert [(template, moment.isoformat()) for template, moment in queued()] == [
        ("evaluation_invitation", "2025-12-23T16:30:00+00:00"),
        # Two days and five days have both passed when offices open again: the later one is sent.
        ("evaluation_reminder_2", "2025-12-29T10:30:00+00:00"),
        ("evaluation_reminder_3", "2026-01-02T10:30:00+00:00"),
        ("evaluation_reminder_4", "2026-01-06T16:30:00+00:00"),
    ]


def test_after_an_outage_only_the_latest_reminder_is_sent(app: Flask) -> None:
    invited(completed())
    delivery.deliver(lambda mail: None, now=NOW)
    assert reminders_actions.remind_due(now=NOW + timedelta(days=10)) == 1
    assert [template for template, _ in queued()] == ["evaluation_invitation", "evaluation_reminder_3"]


def test_after_a_mail_outage_only_the_newest_reminder_leaves(app: Flask) -> None:
    invited(completed())
    for day in (2, 6, 9, 14):
        reminders_actions.remind_due(now=NOW + timedelta(days=day))
    sent: list[OutgoingMail] = []
    delivery.deliver(sent.append, now=NOW + timedelta(days=14))
    assert [mail.subject for mail in sent] == ["Last reminder: your form about Working Together"]


def test_reminder_to_send_again_and_dropped_still_counts(app: Flask) -> None:
    answered = invited(completed())
    other = make.booking(make.event(starts_at=NOW - timedelta(days=1)), make.person(), Status.COMPLETED)
    db.session.commit()
    owed = invited(other)
    other.person, owed.due_at, owed.next_reminder = answered.booking.person, NOW - timedelta(days=2), 2
    db.session.commit()
    pass_time(NOW, days=2)
    mail = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert (mail.template, mail.state) == ("evaluation_reminder_1", MailState.SENT)
    outbox.send_again(mail, now=NOW + timedelta(days=2, hours=1))
    reminders_actions.cancel_mails_about(answered)
    answered.returned_at = NOW + timedelta(days=2, hours=2)
    db.session.commit()
    # The reminder about the other evaluation is due on day 3, and waits for 48 hours and the weekend to pass.
    assert [reminders_actions.remind_due(now=NOW + timedelta(days=days)) for days in (3, 6)] == [0, 1]
    sent = db.session.scalars(
        select(ReminderSent.reminder_number).where(ReminderSent.invitation_id == answered.id)
    ).all()
    assert sent == [0, 1]


def test_nothing_more_is_sent_once_the_form_is_back(app: Flask) -> None:
    invitation = invited(completed())
    answers_actions.answer(invitation, ANSWERS, now=NOW + timedelta(days=3))
    db.session.commit()
    pass_time(NOW + timedelta(days=3), days=15)
    assert queued() == [("evaluation_invitation", NOW)]


def test_register_corrections_stop_and_continue_reminders(app: Flask) -> None:
    booking = completed()
    invited(booking)
    reminders_actions.remind_due(now=NOW + timedelta(days=2))
    booking.status = Status.DID_NOT_ATTEND
    db.session.commit()
    assert reminders_actions.remind_due(now=NOW + timedelta(days=2)) == 0
    assert set(db.session.scalars(select(Mail.state))) == {MailState.DROPPED}
    assert reminders_actions.remind_due(now=NOW + timedelta(days=9)) == 0
    booking.status = Status.COMPLETED
    db.session.commit()
    assert reminders_actions.remind_due(now=NOW + timedelta(days=9)) == 1
    assert [template for template, _ in queued()] == [
        "evaluation_invitation",
        "evaluation_reminder_1",
        "evaluation_reminder_3",
    ]
    assert db.session.scalars(select(Invitation.due_at)).all() == [NOW]


def test_a_course_that_stops_asking_reminds_nobody(app: Flask) -> None:
    booking = completed()
    invited(booking)
    booking.event.course.is_evaluated = False
    db.session.commit()
    assert reminders_actions.remind_due(now=NOW + timedelta(days=2)) == 0
    assert invitations_queries.outstanding(booking.person_id, now=NOW) == []


def test_more_people_than_one_batch_are_all_reminded(app: Flask) -> None:
    event = make.event(starts_at=NOW - timedelta(days=1), capacity=200)
    of = make.agency()
    for _ in range(120):
        make.booking(event, make.person(of=of), Status.COMPLETED)
    db.session.commit()
    assert invitations_actions.invite_due(now=NOW) == 120
    assert reminders_actions.remind_due(now=NOW + timedelta(days=2)) == 120
    assert reminders_actions.remind_due(now=NOW + timedelta(days=2)) == 0


def test_history_is_brought_in_with_its_answers_and_tells_no_one(app: Flask) -> None:
    event = make.event(starts_at=NOW - timedelta(days=400), entered_at=NOW)
    kept, counted, waiting = (make.booking(event, status=Status.COMPLETED) for _ in range(3))
    due, back = event.ends_at, event.ends_at + timedelta(days=1)
    past_actions.bring_in(
        [
            past_actions.PastReturn(booking_id=kept.id, due_at=due, returned_at=back, answers=ANSWERS),
            past_actions.PastReturn(booking_id=counted.id, due_at=due, returned_at=back),
            past_actions.PastReturn(booking_id=waiting.id, due_at=due, returned_at=None),
        ]
    )
    db.session.commit()
    rows = db.session.execute(
        select(Invitation.returned_at, Invitation.is_imported).order_by(Invitation.booking_id)
    )
    assert [tuple(row) for row in rows] == [(back, False), (back, True), (None, False)]
    response = db.session.scalars(select(Response)).one()
    assert (response.submitted_at, len(response.answers)) == (back, 9)
    pass_time(NOW, days=20)
    assert queued() == []
    assert [row.booking_id for row in invitations_queries.outstanding(waiting.person_id, now=NOW)] == [
        waiting.id
    ]


@pytest.mark.parametrize("step", range(5))
def test_the_words_of_the_invitation_and_each_reminder(app: Flask, step: int) -> None:
    invitation = invited(completed())
    delivery.deliver(lambda mail: None, now=NOW)
    days = (0, 2, 6, 9, 14)
    if step:
        reminders_actions.remind_due(now=NOW + timedelta(days=days[step]))
    mail = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert mail is not None
    expected = (
        "Tell us how Working Together was, and get your certificate.\n\n"
        "You completed the course on Monday 5 May 2025. Thank you for coming.\n\n"
        "The form takes about a minute on a phone, and you do not need to sign in. Your certificate is ready as soon "
        "as you send your answers. Answer by Tuesday 20 May 2025.",
        "Your certificate for Working Together is waiting for your answers.\n\n"
        "You completed the course on Monday 5 May 2025, and we have not yet heard how it was for you. The form takes "
        "about a minute, without signing in. Answer by Tuesday 20 May 2025.",
        "We have not heard from you about Working Together.\n\n"
        "Your answers decide what we change, and we can only make your certificate once you send them. Answer by "
        "Tuesday 20 May 2025.",
        "Your training record for Working Together is not complete: your evaluation form is missing.\n\n"
        "We’ll send your certificate once we have your form. Answer by Tuesday 20 May 2025.",
        "This is our last reminder about Working Together.\n\n"
        "We’ll send your certificate once we have your form. This link works until Sunday 3 August 2025.",
    )[step]
    assert mail.text.split("Dear Ann Archer,\n\n")[1].split("\n\nAnswer ")[0] == expected
    assert "http://localhost/evaluate/" in mail.text
    assert invitation.booking.event.course.title in mail.html
