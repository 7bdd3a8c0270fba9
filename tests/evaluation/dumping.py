"""A copy of the whole database as an attacker would take it: all tables and columns, and where and when rows were
written."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import inspect, select, text

from tests import make
from tests.conftest import NOW, TestClock
from tests.evaluation.answering import answer_all, path
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.catalogue.models import Event
from training_hub.certificates.actions import issue_due
from training_hub.database import db
from training_hub.evaluation.actions import classroom as classroom_actions
from training_hub.evaluation.actions import invitations as invitations_actions
from training_hub.evaluation.actions import reminders as reminders_actions
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.mail import delivery
from training_hub.questionnaires.actions import course_questionnaires
from training_hub.questionnaires.actions import versions as versions_actions
from training_hub.questionnaires.models import Confidentiality, QuestionKind, Questionnaire, Stage
from training_hub.questionnaires.rules.questions import Asked

SignIn = Callable[..., PageClient]
Row = dict[str, Any]
SAID = {"response", "answer", "answer_theme"}
"""The tables of what was said."""
ASKED = [
    Asked(key="overall", section="", text="How was it?", kind=QuestionKind.SCALE, low="Bad", high="Good"),
    Asked(key="say", section="", text="What do you say?", kind=QuestionKind.TEXT, is_required=False),
]
WORDS = [f"Nobody knows that these are the words of number {number}." for number in range(12)]
ORDER = (3, 0, 7, 1, 10, 5, 2, 9, 4, 8, 6)
"""The people who return it, in this order; one never does."""


def anonymous_form(name: str = "Anonymous") -> Questionnaire:
    """An anonymous form in use."""
    kind = Confidentiality.ANONYMOUS
    officer = make.person(
        "Olive Officer", Role.HUB_OFFICER, of=make.agency("The Hub"), email="olive@example.org"
    )
    form = versions_actions.make_questionnaire(name, Stage.END, kind, asked=ASKED, by=officer, now=NOW)
    versions_actions.put_in_use(form)
    db.session.flush()
    return form


def anonymous_date(people: int = 12) -> tuple[Event, list[Booking]]:
    """A date that ends in half an hour and asks an anonymous form, and its people."""
    trainer = make.person(
        "Tia Trainer", Role.TRAINER, of=make.agency("The Trainers"), email="tia@example.org"
    )
    course = make.course("Neglect", board=make.board("The Board"))
    event = make.event(course, starts_at=NOW - timedelta(hours=6, minutes=30), trainers=(trainer,))
    school = make.agency("The School")
    bookings = [
        make.booking(event, make.person(f"Zebedee Zorn {number}", of=school, email=f"z{number}@example.org"))
        for number in range(people)
    ]
    form = anonymous_form()
    course_questionnaires.set_course_questionnaire(course, Stage.END, is_asked=True, name=form.name)
    db.session.commit()
    return event, bookings


def a_real_course_date(app: Flask, clock: TestClock, signed_in: SignIn, words: list[str]) -> Event:
    """A date with twelve people. Eleven answer, each at another moment.

    They answer in the classroom by address and signed in, by the link in the invitation and in a reminder, and from
    the certificate's page.
    """
    event, bookings = anonymous_date()
    classroom, mail, page = ORDER[:4], ORDER[4:7], ORDER[7:9]
    code = classroom_actions.open_classroom(event, by=event.trainers[0].person, now=clock.now).code
    db.session.commit()

    def said(number: int) -> dict[str, str]:
        return {"overall": str(number % 5 + 1), "say": words[number]}

    for number in classroom:
        clock.now += timedelta(minutes=3)
        is_known = number == classroom[-1]
        browser = signed_in(bookings[number].person) if is_known else PageClient(app)
        who = {"as": "me"} if is_known else {"email": bookings[number].person.email}
        first = browser.follow(browser.post(f"/room/{code}", who))
        assert answer_all(browser, first, **said(number)).status == 200
    clock.now = event.ends_at + timedelta(hours=1)
    register = signed_in(event.trainers[0].person)
    sheet = register.get(f"/registers/{event.id}/1")
    register.send(
        sheet, f"/registers/{event.id}/1", **{f"mark-{booking.id}": "present" for booking in bookings}
    )
    look_for_what_is_due(clock.now)
    for number in mail:
        clock.now += timedelta(hours=1, minutes=7)
        by_mail(app, bookings[number], **said(number))
    clock.now = NOW.replace(hour=9) + timedelta(days=3)
    look_for_what_is_due(clock.now)
    for number in page:
        clock.now += timedelta(minutes=11)
        browser = signed_in(bookings[number].person)
        waiting = browser.get(f"/certificates/{bookings[number].reference}")
        answer_all(browser, browser.send(waiting, "/evaluate"), **said(number))
    clock.now += timedelta(days=3)
    look_for_what_is_due(clock.now)
    for number in ORDER[9:]:
        clock.now += timedelta(minutes=5)
        by_mail(app, bookings[number], **said(number))
    look_for_what_is_due(clock.now)
    db.session.commit()
    return event


def look_for_what_is_due(now: datetime) -> None:
    """Run the jobs of each minute about evaluations and certificates, and send the mails."""
    invitations_actions.invite_due(now=now)
    reminders_actions.remind_due(now=now)
    issue_due(now=now)
    delivery.deliver(lambda _mail: None, now=now)


def by_mail(app: Flask, booking: Booking, **said: str) -> None:
    """Answer by the link in the mail."""
    invitation = invitations_queries.invitation_of(booking.id)
    assert invitation is not None
    browser = PageClient(app)
    thanks = answer_all(browser, browser.get(path(invitation)), **said)
    assert thanks.h1 == "Thank you, your answers have arrived"


def dump() -> dict[str, list[Row]]:
    """Every row of every table, with its place, and on PostgreSQL the transaction that wrote it."""
    db.session.commit()
    is_sqlite = db.engine.dialect.name == "sqlite"
    behind = "rowid AS place" if is_sqlite else "ctid AS place, xmin AS written"
    found = {}
    for table in sorted(inspect(db.engine).get_table_names()):
        rows = db.session.execute(text(f'SELECT {behind}, t.* FROM "{table}" AS t')).mappings()  # noqa: S608 - our own tables
        found[table] = [{name: _plain(value) for name, value in row.items()} for row in rows]
    db.session.rollback()
    return found


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | None) else str(value)


def what_was_drawn() -> dict[str, str]:
    """Every random or running number and word outside the answers, each with a name to replace it by."""
    columns = (
        ("booking", "reference"),
        ("certificate", "number"),
        ("evaluation_room", "code"),
        ("mail", "message_id"),
        ("course", "slug"),
        ("board", "slug"),
        ("event", "reference"),
        ("form_answer", "key"),
        ("form_answer", "sent"),
    )
    return {
        value: f"<{table} {column}>"
        for table, column in columns
        for value in db.session.scalars(text(f'SELECT {column} FROM "{table}"'))  # noqa: S608 - our own tables
    }


def of_event(event: Event, found: dict[str, list[Row]]) -> tuple[list[Row], list[Row]]:
    """The forms returned there, and their answers."""
    responses = [row for row in found["response"] if row["event_id"] == event.id]
    ids = {row["id"] for row in responses}
    return responses, [row for row in found["answer"] if row["response_id"] in ids]


def bookings_by_return(event: Event) -> list[Booking]:
    """The people who returned it, in order."""
    bookings = list(
        db.session.scalars(select(Booking).where(Booking.event_id == event.id).order_by(Booking.id))
    )
    return [bookings[number] for number in ORDER]
