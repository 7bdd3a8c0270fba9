"""Imported answers are stored as the form stores answers given here."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.evaluation.dumping import SAID, WORDS, anonymous_date, dump, of_event
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.evaluation.actions import past as past_actions
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.rules.answers import Given
from training_hub.questionnaires.actions import versions as versions_actions
from training_hub.questionnaires.models import Stage
from training_hub.questionnaires.queries import versions as versions_queries


def given(number: int) -> dict[str, Given]:
    return {"overall": Given(value=number % 5 + 1), "say": Given(words=WORDS[number])}


def test_imported_anonymous_answers_are_kept_apart(app: Flask) -> None:
    event, bookings = anonymous_date(4)
    form = versions_queries.in_use("Anonymous", Stage.END)
    assert form is not None
    versions_actions.choose_default(form, by=make.officer(), now=NOW)
    for booking in bookings:
        booking.status = Status.COMPLETED
    db.session.commit()
    due, back = event.ends_at, event.ends_at + timedelta(hours=3)
    answers = [given(0), given(1), None, None]
    past_actions.bring_in(
        [
            past_actions.PastReturn(booking_id=booking.id, due_at=due, returned_at=at, answers=answered)
            for booking, at, answered in zip(bookings, [back, back, back, None], answers, strict=True)
        ]
    )
    found = dump()
    responses, answers_kept = of_event(event, found)
    # The return has only its day, and the answers only their course date.
    day = NOW.replace(day=5, hour=23, minute=0)
    rows = db.session.execute(
        select(Invitation.returned_at, Invitation.is_imported, Invitation.returned_by).order_by(
            Invitation.booking_id
        )
    )
    assert [tuple(row) for row in rows] == [
        (day, False, None),
        (day, False, None),
        (day, True, None),
        (None, False, None),
    ]
    assert [(row["invitation_id"], row["submitted_at"]) for row in responses] == [(None, None)] * 2
    assert sorted(row["text"] for row in answers_kept if row["text"]) == sorted(WORDS[:2])
    assert [row["event_id"] for row in found["anonymous_answers"]] == [event.id]
    elsewhere = repr({table: rows for table, rows in found.items() if table not in SAID})
    told = [str(row["id"]) for row in (*responses, *answers_kept)] + WORDS
    assert [each for each in told if each in elsewhere] == []
