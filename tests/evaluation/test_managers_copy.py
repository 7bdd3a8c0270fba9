"""What a line manager reads when the last reminder about a form has been sent."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.evaluation.emails import tell_manager
from training_hub.mail.models import Mail
from training_hub.questionnaires.queries.versions import default_questionnaire


def test_a_copy_mentions_a_certificate_only_if_one_waits(app: Flask) -> None:
    form = default_questionnaire()
    for title, policies in (("Neglect", {}), ("Signs", {"certificate_needs_evaluation": False})):
        event = make.event(make.course(title), starts_at=NOW - timedelta(days=15), policies=policies)
        manager = {"manager_name": "May Manager", "manager_email": "may@example.org"}
        booking = make.booking(event, make.person("Ann"), Status.COMPLETED, **manager)
        tell_manager([make.returned(booking, form)], key=f"copy of {title}", now=NOW)
    db.session.commit()
    mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    said = "We make the certificate once we have the form."
    assert [(said in mail.text, said in mail.html) for mail in mails] == [(True, True), (False, False)]
    told = "Only Ann can answer, from our email or after signing in."
    assert [told in mail.text for mail in mails] == [True, True]
