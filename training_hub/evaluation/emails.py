"""Emails about evaluations: invitations, one reminder a day, copies to managers, answers given in the classroom."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from training_hub.access import link_token, secret_hash
from training_hub.catalogue.models import Event
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.evaluation.queries import managers as managers_queries
from training_hub.evaluation.rules.invitations import LINK_OPENS_FOR
from training_hub.evaluation.rules.reminders import REMINDER_SCHEDULE
from training_hub.evaluation.rules.stages import manager_of
from training_hub.improvement.queries import said_and_done
from training_hub.mail.models import Mail, Urgency
from training_hub.mail.outbox import Envelope, put, queue
from training_hub.people.models import Person
from training_hub.questionnaires.models import QuestionKind, Stage
from training_hub.questionnaires.queries import questions as questions_queries
from training_hub.questionnaires.rules.wording import WHO_SEES

KINDS = {
    Stage.BEFORE: "before",
    Stage.END: "end",
    Stage.SIX_WEEKS: "later",
    Stage.THREE_MONTHS: "later",
    Stage.MANAGER: "manager",
}
"""The kind of email for each stage. Both follow-ups have the same words."""

TEMPLATES = (
    "evaluation_invitation",
    "evaluation_reminder_1",
    "evaluation_reminder_2",
    "evaluation_reminder_3",
    "evaluation_reminder_4",
)
"""By reminder number."""


def invite(invitation: Invitation, *, now: datetime) -> Mail | None:
    """Queue the invitation to a person whose course is coming up or just over. None if already queued."""
    person = invitation.booking.person
    envelope = Envelope(
        f"evaluation:{invitation.booking.reference}:{invitation.stage.value}:0",
        (person.name, person.email),
        # Only reminders keep office hours. An invitation is sent at once, while the course is fresh in people's minds.
        urgency=Urgency.CHANGE,
    )
    return put(TEMPLATES[0], _facts([(invitation, 0)], person), envelope, now=now)


def remind(
    listed: Sequence[tuple[Invitation, int]],
    *,
    key: str,
    now: datetime,
    person: Person | None,
    copied: Collection[int] = (),
) -> Mail | None:
    """Queue the day's email about these evaluations, each with its reminder number. None if already queued.

    The highest number decides the tone. `person` is None for a line manager without an account. `copied` holds the ids
    of the evaluations that the person's line manager is told about, so that the email can mention it.
    """
    to = (person.name, person.email) if person else manager_of(listed[0][0].booking)
    # The latest reminder comes first.
    ordered = sorted(listed, key=lambda one: (-one[1], one[0].due_at, one[0].id))
    envelope = Envelope(key, to, urgency=Urgency.REMINDER)
    return put(TEMPLATES[ordered[0][1]], _facts(ordered, person, copied), envelope, now=now)


def _facts(
    listed: Sequence[tuple[Invitation, int]], person: Person | None, copied: Collection[int] = ()
) -> dict[str, Any]:
    """The values that the template needs: those of the first evaluation, and all evaluations as `items`."""
    items = [_item(invitation, number, is_copied=invitation.id in copied) for invitation, number in listed]
    (first, highest), several = listed[0], len(listed) > 1
    return {
        **items[0],
        "items": items,
        "several": several,
        "said_and_done": [] if several or highest else said_and_done(first.booking.event.course_id),
        "first_question": _first_question(first, str(items[0]["href"])),
        "stop_href": f"{_base()}/evaluation-mails/{_stop_token(first, person)}",
    }


def _stop_token(invitation: Invitation, person: Person | None) -> str:
    if person:
        return link_token("evaluation-mails", person.id)
    # The number ties the link to the manager who got it, in case the person has a new manager by then.
    number = managers_queries.manager_number(manager_of(invitation.booking)[1])
    return "manager/" + link_token("manager-mails", invitation.id, number)


def _item(invitation: Invitation, reminder_number: int, *, is_copied: bool) -> dict[str, Any]:
    booking = invitation.booking
    token = link_token("evaluate", invitation.id, invitation.link_version)
    return {
        "kind": KINDS[invitation.stage],
        "course": booking.event.course,
        "event": booking.event,
        "person": booking.person.name,
        "reminder_number": reminder_number,
        "is_certificate_waiting": invitation.stage is Stage.END
        and invitations_queries.is_certificate_waiting(booking.event),
        "who_sees": WHO_SEES[invitation.questionnaire.confidentiality],
        "told": next(filter(None, manager_of(booking))) if is_copied else "",
        "answer_by": invitation.due_at + REMINDER_SCHEDULE[-1],
        "opens_until": invitation.due_at + LINK_OPENS_FOR - timedelta(days=1),
        "href": f"{_base()}/evaluate/{token}?by={reminder_number}",
    }


def _first_question(invitation: Invitation, href: str) -> dict[str, Any] | None:
    """The first question, if it asks for a number from 1 to 5, and a link with each number that opens the form."""
    asked = questions_queries.questions(invitation.questionnaire_id)
    if not asked or asked[0].kind not in {QuestionKind.SCALE, QuestionKind.BALANCE}:
        return None
    links = [(number, f"{href}&tap={number}") for number in range(1, 6)]
    return {"text": asked[0].text, "low": asked[0].low, "high": asked[0].high, "links": links}


def _base() -> str:
    # Not url_for: the worker queues emails too, and has no request to take the address from.
    return str(current_app.config["SETTINGS"].base_url)


def manager_recipient(address: str) -> str:
    """The part of an email's key for a line manager without an account, with the address hashed."""
    return f"manager:{secret_hash('manager', address)[:32]}"


def tell_manager(missing: Sequence[Invitation], *, key: str, now: datetime) -> bool:
    """Tell a line manager that the last reminders about these forms have been sent. False if told today.

    The email has no link to the forms, and does not delay emails about the manager's own evaluations.
    """
    ordered = sorted(missing, key=lambda one: (one.booking.person.name, one.booking.event.ends_at, one.id))
    items = [
        {
            "person": invitation.booking.person.name,
            "course": invitation.booking.event.course,
            "event": invitation.booking.event,
            "is_certificate_waiting": invitations_queries.is_certificate_waiting(invitation.booking.event),
        }
        for invitation in ordered
    ]
    envelope = Envelope(key, manager_of(missing[0].booking), urgency=Urgency.REMINDER)
    return queue("evaluation_manager_copied", {**items[0], "items": items}, envelope, now=now)


def tell_arrived(invitation: Invitation, *, now: datetime) -> None:
    """Tell someone that the answers given in the classroom with their address have arrived.

    If someone else used the address, this email tells its owner.
    """
    booking = invitation.booking
    envelope = Envelope(f"room:{booking.reference}:answered", (booking.person.name, booking.person.email))
    facts = {"course": booking.event.course, "event": booking.event}
    queue("classroom_answered", facts, envelope, now=now)


def tell_unknown(event: Event, email: str, *, now: datetime) -> bool:
    """Tell an address without a booking that nothing was kept, and what to do. False if the date told it before."""
    facts = {"course": event.course, "event": event, "href": f"{_base()}/room"}
    key = f"room:{event.id}:unknown:{secret_hash('room', email)[:32]}"
    return queue("classroom_unknown", facts, Envelope(key, ("", email)), now=now)
