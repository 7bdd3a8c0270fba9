"""Questions about the mails: who is to be reminded, of what, and what still waits to leave."""

from collections.abc import Collection
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from training_hub.access import secret_hash
from training_hub.bookings.models import Booking, Status
from training_hub.catalogue.models import Course, Event
from training_hub.database import db
from training_hub.evaluation.models import CourseForm, Invitation, Nudge, OptOut, Stage
from training_hub.evaluation.rules import (
    APART,
    FOLLOW_UPS,
    KEY_BEGINS,
    LADDER,
    LINK_OPENS_FOR,
    TOP,
    manager_of,
)
from training_hub.mail.models import Mail, MailState, Urgency
from training_hub.people.models import Person

MANAGER_EMAIL: Any = func.lower(
    case((Person.manager_named_at > Booking.asked_at, Person.manager_email), else_=Booking.manager_email)
)
"""The address of the line manager, as `rules.manager_of` says, in a statement that joins the booking and the person."""
ADDRESS: Any = case((Invitation.stage == Stage.MANAGER, MANAGER_EMAIL), else_=Person.email)
"""To whom the mails about an evaluation go, in a statement that joins its booking and the person."""
_WAITS = (MailState.WAITING, MailState.FAILED)


def is_owed(*, now: datetime) -> ColumnElement[bool]:
    """That an evaluation, joined with its booking, course date and course, is due and has not come back."""
    asks = exists().where(CourseForm.course_id == Course.id, CourseForm.stage == Invitation.stage)
    is_completed = Booking.status == Status.COMPLETED
    return and_(
        Invitation.returned_at.is_(None),
        or_(
            and_(Invitation.stage == Stage.END, is_completed, Course.is_evaluated),
            and_(
                Invitation.stage == Stage.BEFORE,
                Booking.status == Status.CONFIRMED,
                Event.starts_at > now,
                asks,
            ),
            and_(Invitation.stage.in_(FOLLOW_UPS), is_completed, asks),
        ),
    )


def wants_no_mails() -> ColumnElement[bool]:
    """That whoever is asked has said that they want no mails about evaluations."""
    asked = aliased(Person)
    return exists().where(OptOut.person_id == asked.id, asked.email == ADDRESS)


def was_mailed_lately(*, now: datetime) -> ColumnElement[bool]:
    """That a mail about any evaluation left for the same address in the last 48 hours, or is leaving."""
    # One that waits in vain for a mail server counts from when it was queued: the next one takes its place.
    moment = func.coalesce(Mail.sent_at, Mail.queued_at)
    return exists().where(
        Mail.to_email == ADDRESS,
        Mail.key.startswith(KEY_BEGINS),
        Mail.state != MailState.DROPPED,
        or_(Mail.state == MailState.SENDING, moment > now - APART),
    )


def to_remind(*, now: datetime, limit: int) -> dict[int, tuple[str, list[int]]]:
    """To whom a mail is to be sent now, and about which invitations: each address with all that is due to it, under the
    id of the first of them."""
    reached = or_(
        # What somebody began in the room is there before it is due.
        and_(Invitation.rung == 0, Invitation.due_at <= now),
        *(and_(Invitation.rung == step, Invitation.due_at <= now - LADDER[step]) for step in range(1, TOP)),
    )
    rows = db.session.execute(
        about_invitations(select(ADDRESS.label("address"), Invitation.id))
        .where(
            # Said for the index: what is past reminding and was never returned only grows.
            Invitation.rung.in_(range(TOP)),
            reached,
            is_owed(now=now),
            # Not with the reminders that go on from what another line manager was sent: from the beginning, or never.
            ~and_(*_is_with_another()),
            ADDRESS != "",
            Event.ends_at > Event.entered_at,
            ~was_mailed_lately(now=now),
            ~wants_no_mails(),
        )
        .order_by("address", Invitation.id)
        .limit(limit)
    ).all()
    found = [(address, [row.id for row in of_one]) for address, of_one in groupby(rows, lambda row: row[0])]
    if len(rows) == limit and len(found) > 1:
        # The last one may have been cut in two: the next minute finds all of it.
        found.pop()
    return {ids[0]: (address, ids) for address, ids in found}


def may_be_mailed(address: str, ids: Collection[int], *, now: datetime) -> list[int]:
    """Those of these invitations that are still owed, and may be written about to this address at this moment."""
    return list(
        db.session.scalars(
            about_invitations(select(Invitation.id)).where(
                Invitation.id.in_(ids),
                is_owed(now=now),
                ~and_(*_is_with_another()),
                address == ADDRESS,
                Event.ends_at > Event.entered_at,
                ~was_mailed_lately(now=now),
                ~wants_no_mails(),
            )
        )
    )


def waiting_to(address: str, *, urgency: Urgency | None = None) -> list[str]:
    """The keys of the mails about evaluations that still wait to leave for this address; of all, or of one urgency."""
    statement = select(Mail.key).where(
        Mail.to_email == address, Mail.key.startswith(KEY_BEGINS), Mail.state.in_(_WAITS)
    )
    if urgency is not None:
        statement = statement.where(Mail.urgency == int(urgency))
    return list(db.session.scalars(statement))


def waiting_about(invitation_id: int) -> list[str]:
    """The keys of the mails that list this invitation and have not left."""
    return list(
        db.session.scalars(
            select(Mail.key)
            .join(Nudge, Nudge.mail_key == Mail.key)
            .where(Nudge.invitation_id == invitation_id, Mail.state.in_([*_WAITS, MailState.SENDING]))
        )
    )


def listed_in(keys: Collection[str]) -> list[int]:
    """The ids of the invitations that these mails list."""
    return list(
        db.session.scalars(
            select(Nudge.invitation_id)
            .where(Nudge.mail_key.in_(keys))
            .distinct()
            .order_by(Nudge.invitation_id)
        )
    )


def overtaken_mails(*, now: datetime, limit: int = 500) -> list[str]:
    """The keys of mails that still wait although something they list is owed no more: answered, corrected on the
    register, or too late."""
    return list(
        db.session.scalars(
            about_invitations(
                select(Mail.key)
                .join(Nudge, Nudge.mail_key == Mail.key)
                .join(Invitation, Nudge.invitation_id == Invitation.id)
            )
            .where(Mail.state.in_(_WAITS), Mail.key.startswith(KEY_BEGINS), ~is_owed(now=now))
            .distinct()
            .limit(limit)
        )
    )


def dropped_mails(*, limit: int = 500) -> list[str]:
    """The keys of mails that were dropped before they left, and still stand in the ledger."""
    return list(
        db.session.scalars(
            select(Mail.key)
            .join(Nudge, Nudge.mail_key == Mail.key)
            .where(Mail.state == MailState.DROPPED)
            .distinct()
            .limit(limit)
        )
    )


def has_opted_out(person_id: int) -> bool:
    """Whether somebody wants no mails about evaluations."""
    return db.session.get(OptOut, person_id) is not None


def asked_of_manager(address: str) -> list[Invitation]:
    """The evaluations that a line manager, known by their address, has been asked for and not returned."""
    return list(
        db.session.scalars(
            select(Invitation)
            .join(Booking, Invitation.booking_id == Booking.id)
            .join(Person, Booking.person_id == Person.id)
            .where(
                Invitation.stage == Stage.MANAGER,
                Invitation.returned_at.is_(None),
                address == MANAGER_EMAIL,
            )
            .order_by(Invitation.id)
        )
    )


def manager_number(address: str) -> int:
    """What the link by which a line manager stops the mails says of whom it was sent to: not the address itself."""
    return int(secret_hash("manager", address)[:12], 16)


def manager_numbered(invitation: Invitation, number: int) -> str:
    """The address of the line manager to whom a link about this evaluation that says `number` was sent, be they that no
    longer; empty where that is not known any more."""
    asked = db.session.scalars(
        select(Mail.to_email)
        .join(Nudge, Nudge.mail_key == Mail.key)
        .where(Nudge.invitation_id == invitation.id)
        .distinct()
        .order_by(Mail.to_email)
    ).all()
    named = invitation.booking.manager_email.lower()
    # The links of mails from before it was said lead to whoever was named on the booking.
    numbers = {1: named} | {
        manager_number(address): address for address in (*asked, named, manager_of(invitation.booking)[1])
    }
    return numbers.get(number, "")


def asked_of_another(*, now: datetime, limit: int) -> list[int]:
    """The ids of the evaluations for which a line manager was asked who is that no longer, and which the one that there
    is now can still answer."""
    return list(
        db.session.scalars(
            about_invitations(select(Invitation.id))
            .where(*_is_with_another(), Invitation.due_at > now - LINK_OPENS_FOR, is_owed(now=now))
            .order_by(Invitation.id)
            .limit(limit)
        )
    )


def is_asked_of_another(invitation_id: int) -> bool:
    """Whether the last mail about this evaluation went to a line manager who is that no longer."""
    found = about_invitations(select(Invitation.id)).where(
        *_is_with_another(), Invitation.id == invitation_id
    )
    return db.session.scalar(found) is not None


def _is_with_another() -> list[ColumnElement[bool]]:
    each = aliased(Nudge)
    latest = select(func.max(each.id)).where(each.invitation_id == Invitation.id)
    last = latest.correlate(Invitation).scalar_subquery()
    return [
        Invitation.stage == Stage.MANAGER,
        Invitation.returned_at.is_(None),
        # At 0 the new one is about to be asked.
        Invitation.rung > 0,
        # Said for the database: few have another line manager, and what was never returned only grows.
        Person.manager_named_at > Booking.asked_at,
        exists().where(Nudge.id == last, Mail.key == Nudge.mail_key, Mail.to_email != MANAGER_EMAIL),
    ]


def about_invitations(statement: Any) -> Any:
    """A statement about invitations, with the booking, the person, the course date and the course of each."""
    return (
        statement.join(Booking, Invitation.booking_id == Booking.id)
        .join(Person, Booking.person_id == Person.id)
        .join(Event, Booking.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
    )
