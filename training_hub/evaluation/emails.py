"""The mails about an evaluation: an invitation, four reminders, each shorter and firmer than the last, and what became
of answers that were given in the room."""

from datetime import datetime, timedelta

from flask import current_app

from training_hub.access import link_token
from training_hub.catalogue.models import Event
from training_hub.evaluation import queries
from training_hub.evaluation.models import Confidentiality, Invitation
from training_hub.evaluation.queries import said_and_done, wording_for
from training_hub.evaluation.rules import LADDER, LINK_OPENS_FOR, mail_key
from training_hub.mail.models import Urgency
from training_hub.mail.outbox import queue

TEMPLATES = (
    "evaluation_invitation",
    "evaluation_reminder_1",
    "evaluation_reminder_2",
    "evaluation_reminder_3",
    "evaluation_reminder_4",
)

WHO_SEES = {
    Confidentiality.ATTRIBUTED: "The training team and the trainers see your name beside your answers.",
    Confidentiality.CONFIDENTIAL: "The training team sees your name beside your answers; the trainers never do.",
    Confidentiality.ANONYMOUS: "Nobody can see who said what: we know only whether you have answered.",
}


def tell(invitation: Invitation, step: int, *, now: datetime) -> None:
    """Queue the invitation (step 0) or a reminder (steps 1 to 4) to the person who is asked."""
    booking = invitation.booking
    worded = wording_for(booking.person_id, step)
    token = link_token("evaluate", invitation.id, invitation.link_version)
    queue(
        TEMPLATES[step],
        key=mail_key(booking.reference, step),
        to=(booking.person.name, booking.person.email),
        now=now,
        facts={
            "course": booking.event.course,
            "event": booking.event,
            "is_certificate_waiting": queries.is_certificate_waiting(booking.event),
            "who_sees": WHO_SEES[invitation.questionnaire.confidentiality],
            "answer_by": invitation.due_at + LADDER[-1],
            # What is compared stands where the usual first sentence would.
            "opening": worded[2] if worded else "",
            "said_and_done": said_and_done(booking.event.course_id) if step == 0 else [],
            "opens_until": invitation.due_at + LINK_OPENS_FOR - timedelta(days=1),
            # Not url_for: the worker writes this too, where there is no request to build an address from.
            "action_href": f"{current_app.config['SETTINGS'].base_url}/evaluate/{token}",
        },
        # The invitation is news, and people answer in the room; only reminders keep office hours.
        urgency=Urgency.REMINDER if step else Urgency.CHANGE,
        carries_key=True,
    )


def tell_arrived(invitation: Invitation, *, now: datetime) -> None:
    """Tell someone that what was answered in the room for them is here: who only knew their address cannot hide it."""
    booking = invitation.booking
    queue(
        "room_answered",
        key=f"room:{booking.reference}:answered",
        to=(booking.person.name, booking.person.email),
        now=now,
        facts={"course": booking.event.course, "event": booking.event},
    )


def tell_unknown(event: Event, email: str, *, key: str, now: datetime) -> None:
    """Tell an address that nobody booked with that nothing was kept, and what to do; once for each course date."""
    queue(
        "room_unknown",
        key=key,
        to=("", email),
        now=now,
        facts={
            "course": event.course,
            "event": event,
            "action_href": f"{current_app.config['SETTINGS'].base_url}/room",
        },
    )
