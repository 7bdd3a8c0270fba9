"""Comparing two wordings of a mail: beginning it, and ending it."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from training_hub.database import db
from training_hub.evaluation.models.trials import WordingTrial
from training_hub.evaluation.queries import trials as trials_queries
from training_hub.evaluation.rules.trials import AlreadyCompared, check_wordings
from training_hub.people.models import Person


def start_trial(step: int, wording_a: str, wording_b: str, *, by: Person, now: datetime) -> WordingTrial:
    """Begin this mail with one of two sentences from now on, drawn by lot for each person.

    One comparison at a time is made of each mail. Raises WrongWording, and AlreadyCompared of a mail of which one is
    being made.
    """
    check_wordings(step, wording_a, wording_b)
    if trials_queries.running_trial(step) is not None:
        raise AlreadyCompared(step)
    trial = WordingTrial(
        step=step, wording_a=wording_a.strip(), wording_b=wording_b.strip(), started_at=now, by_id=by.id
    )
    try:
        # Another officer may begin one at this very moment: the database lets one of them through. And the page that is
        # shown next names it by the id that the database gives.
        with db.session.begin_nested():
            db.session.add(trial)
    except IntegrityError:
        raise AlreadyCompared(step) from None
    return trial


def end_trial(trial: WordingTrial, *, now: datetime) -> None:
    """Begin the mail with its usual sentence again. What was sent stays counted; ending it twice changes nothing."""
    db.session.refresh(trial, with_for_update=True)
    if trial.ended_at is None:
        trial.ended_at = now
