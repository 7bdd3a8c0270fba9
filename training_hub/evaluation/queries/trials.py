"""Questions about comparisons of two wordings."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from training_hub.access import secret_hash
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import Nudge
from training_hub.evaluation.models.trials import WordingTrial
from training_hub.evaluation.rules.trials import Sent, letter_for
from training_hub.people.models import Person

MOST_TRIALS = 100


def wording_for(person_id: int, step: int) -> tuple[int, str, str] | None:
    """With which sentence this mail to this person begins, where two are compared: the trial, the letter, the words."""
    trial = running_trial(step)
    if trial is None:
        return None
    letter = letter_for(secret_hash("wording", str(trial.id), str(person_id)))
    return trial.id, letter, trial.wording_a if letter == "A" else trial.wording_b


def trial_of(person: Person | None, step: int) -> dict[str, Any]:
    """What the ledger keeps of it; nothing where no two are compared, and of a line manager without an account."""
    worded = wording_for(person.id, step) if person is not None else None
    return {} if worded is None else {"trial_id": worded[0], "wording": worded[1]}


def running_trial(step: int) -> WordingTrial | None:
    """The comparison that is being made of this mail."""
    return db.session.scalar(
        select(WordingTrial).where(WordingTrial.step == step, WordingTrial.ended_at.is_(None))
    )


def trial(trial_id: int) -> WordingTrial | None:
    """The comparison with this id."""
    return db.session.get(WordingTrial, trial_id)


def trials() -> Sequence[WordingTrial]:
    """The comparisons, those that are being made first, then the latest."""
    return db.session.scalars(
        select(WordingTrial)
        .order_by(WordingTrial.ended_at.is_not(None), WordingTrial.started_at.desc(), WordingTrial.id.desc())
        .limit(MOST_TRIALS)
    ).all()


def sent_in(trial_id: int) -> list[Sent]:
    """The mails of a comparison about places that are due (domain 4.6): one row for each evaluation they asked about.

    Seven days after each are not counted alike by the two databases, so they are counted from these rows.
    """
    rows = db.session.execute(
        select(Booking.person_id, Nudge.wording, Nudge.at, Invitation.returned_at)
        .select_from(Nudge)
        .join(Invitation, Nudge.invitation_id == Invitation.id)
        .join(Booking, Invitation.booking_id == Booking.id)
        .where(Nudge.trial_id == trial_id, Booking.status == Status.COMPLETED)
        .order_by(Nudge.at, Nudge.id)
    )
    return [Sent(person_id=row[0], letter=row[1], at=row[2], returned_at=row[3]) for row in rows]
