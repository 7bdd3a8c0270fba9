"""The emails about evaluations that a person was sent."""

from collections.abc import Sequence
from typing import Any

from flask import abort, render_template

from training_hub.access import Permission, requires
from training_hub.database import db
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.queries import mail_log as mail_log_queries
from training_hub.evaluation.queries.invitations import evaluations_of
from training_hub.evaluation.rules.stages import manager_of
from training_hub.evaluation.views.blueprint import blueprint
from training_hub.london import london_date
from training_hub.people.models import Person
from training_hub.questionnaires.models import Confidentiality
from training_hub.questionnaires.rules.wording import STAGES


@blueprint.get("/manage/people/<int:person_id>/evaluations")
@requires(Permission.READ_OUTBOX)
def person_evaluations(person_id: int) -> str:
    """Show the emails about each evaluation of a person, and whether it was returned."""
    person = db.session.get(Person, person_id) or abort(404)
    asked = evaluations_of(person.id)
    sent = mail_log_queries.sent_about(asked)
    return render_template(
        "evaluation/person.html",
        person=person,
        since=mail_log_queries.opted_out_at(person.id),
        asked=[
            {
                "stage": STAGES[row.stage],
                "row": row,
                "booking": row.booking,
                "manager": next(filter(None, manager_of(row.booking)), ""),
                "is_anonymous": row.questionnaire.confidentiality is Confidentiality.ANONYMOUS,
                "mails": _followed(row, sent.get(row.id, ())),
            }
            for row in asked
        ],
    )


def _followed(row: Invitation, mails: Sequence[Any]) -> list[tuple[Any, bool]]:
    """Each email, and whether the form was returned after it and before the next one. Compares days, because only the
    day of return is known for an anonymous form."""
    returned = london_date(row.returned_at) if row.returned_at else None
    before = [number for number, mail in enumerate(mails) if returned and london_date(mail.at) <= returned]
    return [(mail, bool(before) and number == before[-1]) for number, mail in enumerate(mails)]
