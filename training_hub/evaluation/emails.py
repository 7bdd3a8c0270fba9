"""The mails about evaluations: invitations, one reminder a day of all that is owed, shorter and firmer each time,
and what became of answers that were given in the classroom."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from training_hub.access import link_token, secret_hash
from training_hub.catalogue.models import Event
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.evaluation.queries import managers as managers_queries
from training_hub.evaluation.rules.invitations import LINK_OPENS_FOR, invitation_key
from training_hub.evaluation.rules.reminders import REMINDER_SCHEDULE
from training_hub.evaluation.rules.stages import manager_of
from training_hub.improvement.queries import said_and_done
from training_hub.mail.models import Urgency
from training_hub.mail.outbox import queue
from training_hub.people.models import Person
from training_hub.questionnaires.models import QuestionKind, Stage
from training_hub.questionnaires.queries import questions as questions_queries
from training_hub.questionnaires.rules.wording import WHO_SEES

TEMPLATES = (
    "evaluation_invitation",
    "evaluation_reminder_1",
    "evaluation_reminder_2",
    "evaluation_reminder_3",
    "evaluation_reminder_4",
)
KINDS = {
    Stage.BEFORE: "before",
    Stage.END: "end",
    Stage.SIX_WEEKS: "later",
    Stage.THREE_MONTHS: "later",
    Stage.MANAGER: "manager",
}
"""What the words of a mail go by: the two follow-ups are asked in the same words."""


def invite(invitation: Invitation, *, now: datetime) -> None:
    """Queue the invitation to a person whose course is to come, or just over."""
    person = invitation.booking.person
    queue(
        TEMPLATES[0],
        key=invitation_key(invitation.booking.reference, invitation.stage),
        to=(person.name, person.email),
        now=now,
        facts=_facts([(invitation, 0)], person),
        # The invitation is news, and people answer in the classroom; only reminders keep office hours.
        urgency=Urgency.CHANGE,
        carries_key=True,
    )


def remind(
    listed: Sequence[tuple[Invitation, int]],
    *,
    key: str,
    now: datetime,
    person: Person | None,
    copied: Collection[int] = (),
) -> bool:
    """Queue the mail of the day, which lists these evaluations, each with the number of its mail; False if there is
    one of this day. The highest number decides the tone.

    `person` is None for a line manager without an account; `copied` are the ids of those of which the person's line
    manager is told, which the mail says.
    """
    booking = listed[0][0].booking
    to = (person.name, person.email) if person else manager_of(booking)
    # What is furthest up the ladder is read first.
    ordered = sorted(listed, key=lambda one: (-one[1], one[0].due_at, one[0].id))
    return queue(
        TEMPLATES[ordered[0][1]],
        key=key,
        to=to,
        now=now,
        facts=_facts(ordered, person, copied),
        urgency=Urgency.REMINDER,
        carries_key=True,
    )


def _facts(
    listed: Sequence[tuple[Invitation, int]], person: Person | None, copied: Collection[int] = ()
) -> dict[str, Any]:
    """What the mail says. No url_for: the worker writes this too, where no request gives an address to build on."""
    items = [_item(invitation, step, is_copied=invitation.id in copied) for invitation, step in listed]
    (first, highest), is_alone = listed[0], len(listed) == 1
    if person:
        token = link_token("evaluation-mails", person.id)
    else:
        # By then somebody else may be the line manager: it stops the mails of whom it was sent to.
        number = managers_queries.manager_number(manager_of(first.booking)[1])
        token = link_token("manager-mails", first.id, number)
    # The text has a link for each in any case; of several, each has its own button, and so there is not one of all.
    return {
        "items": items,
        "one": items[0],
        "step": highest,
        "said_and_done": said_and_done(first.booking.event.course_id) if is_alone and not highest else [],
        "taps": _taps(first, str(items[0]["href"])),
        "action_href": items[0]["href"] if is_alone else "",
        "stop_href": f"{_base()}/evaluation-mails/{'' if person else 'manager/'}{token}",
    }


def _item(invitation: Invitation, step: int, *, is_copied: bool) -> dict[str, Any]:
    booking = invitation.booking
    token = link_token("evaluate", invitation.id, invitation.link_version)
    return {
        "kind": KINDS[invitation.stage],
        "course": booking.event.course,
        "event": booking.event,
        "person": booking.person.name,
        "step": step,
        "is_certificate_waiting": invitation.stage is Stage.END
        and invitations_queries.is_certificate_waiting(booking.event),
        "who_sees": WHO_SEES[invitation.questionnaire.confidentiality],
        "told": next(filter(None, manager_of(booking))) if is_copied else "",
        "answer_by": invitation.due_at + REMINDER_SCHEDULE[-1],
        "opens_until": invitation.due_at + LINK_OPENS_FOR - timedelta(days=1),
        "href": f"{_base()}/evaluate/{token}?by={step}",
    }


def _taps(invitation: Invitation, href: str) -> dict[str, Any] | None:
    """The first question and five links that open the form with it answered, where it asks for a number from 1 to 5."""
    asked = questions_queries.questions(invitation.questionnaire_id)
    if not asked or asked[0].kind not in {QuestionKind.SCALE, QuestionKind.BALANCE}:
        return None
    links = [(number, f"{href}&tap={number}") for number in range(1, 6)]
    return {"text": asked[0].text, "low": asked[0].low, "high": asked[0].high, "links": links}


def _base() -> str:
    return str(current_app.config["SETTINGS"].base_url)


def manager_recipient(address: str) -> str:
    """What a line manager without an account is called in the key of a mail, which does not hold the address itself."""
    return f"manager:{secret_hash('manager', address)[:32]}"


def tell_manager(missing: Sequence[Invitation], *, key: str, now: datetime) -> bool:
    """Tell a line manager that the last reminders have been sent of these forms; False if there is such a mail of this
    day. Nothing in it answers for anybody, and it counts among no one's mails about their own evaluations."""
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
    return queue(
        "evaluation_manager_copied",
        key=key,
        to=manager_of(missing[0].booking),
        now=now,
        facts={"items": items, "one": items[0]},
        urgency=Urgency.REMINDER,
    )


def tell_arrived(invitation: Invitation, *, now: datetime) -> None:
    """Tell a person that answers under their address arrived, in case someone else sent them."""
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
            "action_href": f"{_base()}/room",
        },
    )
