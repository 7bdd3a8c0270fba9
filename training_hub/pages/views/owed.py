"""The evaluations that the reader still has to return."""

from datetime import datetime
from typing import Any

from flask import url_for

from training_hub.access import link_token
from training_hub.evaluation.queries.invitations import certificates_waiting, outstanding
from training_hub.questionnaires.models import Stage

HEADINGS = {Stage.BEFORE: "Before you come to {}", Stage.END: "How was {}?"}


def own_forms(person_id: int, *, now: datetime) -> list[dict[str, Any]]:
    """The evaluations that a person still has to return, each with a link, latest first."""
    owed = outstanding(person_id, now=now)
    waiting = certificates_waiting(owed)
    return [
        {
            "stage": row.stage.value,
            "heading": HEADINGS.get(row.stage, "What has changed since {}?").format(
                row.booking.event.course.title
            ),
            "title": row.booking.event.course.title,
            "is_certificate_waiting": row.stage is Stage.END and row.booking_id in waiting,
            "starts_at": row.booking.event.starts_at,
            "ends_at": row.booking.event.ends_at,
            "href": url_for(
                "pages.evaluate", token=link_token("evaluate", row.id, row.link_version), by="signed-in"
            ),
        }
        for row in owed
    ]
