"""Comparing two wordings of a mail: beginning it, and ending it."""

from datetime import datetime

from training_hub.database import db
from training_hub.evaluation import queries
from training_hub.evaluation.models import WordingTrial
from training_hub.evaluation.rules import STEPS, WrongWording, check_wordings
from training_hub.people.models import Person


def start_trial(step: int, wording_a: str, wording_b: str, *, by: Person, now: datetime) -> WordingTrial:
    """Begin this mail with one of two sentences from now on, drawn by lot for each person.

    One comparison at a time is made of each mail. Raises WrongWording.
    """
    check_wordings(step, wording_a, wording_b)
    if queries.running_trial(step) is not None:
        raise WrongWording(
            "step",
            f"Two wordings of “{STEPS[step]}” are being compared already. End that first, or choose another mail",
        )
    trial = WordingTrial(
        step=step, wording_a=wording_a.strip(), wording_b=wording_b.strip(), started_at=now, by_id=by.id
    )
    db.session.add(trial)
    # The page that is shown next names it by the id that the database gives.
    db.session.flush()
    return trial


def end_trial(trial: WordingTrial, *, now: datetime) -> None:
    """Begin the mail with its usual sentence again. What was sent stays counted; ending it twice changes nothing."""
    db.session.refresh(trial, with_for_update=True)
    if trial.ended_at is None:
        trial.ended_at = now
