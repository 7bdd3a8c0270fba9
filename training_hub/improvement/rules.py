"""What is made of evaluations: what an action must say, when it is overdue, and when people may be told of it."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from training_hub.errors import Refused
from training_hub.improvement.models import CourseAction

LONGEST_FINDINGS = 5000
LONGEST_WORDS = 500
LONGEST_OWNER = 200
LONGEST_PUBLISHED = 200
"""As long as either half of what is published may be: three of them stand in one paragraph of a mail."""
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


class Standing(enum.Enum):
    """How far an action has come."""

    OPEN = "open"
    OVERDUE = "overdue"
    """Not done, and the day by which it was due is past."""
    DONE = "done"


class WrongAction(Refused):
    """An action cannot be kept as it is: the answer at which that can be put right, and what to do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that an officer says about an action."""

    you_said: str
    action: str
    owner: str
    due_on: date
    done_on: date | None = None
    outcome: str = ""
    evidence: str = ""
    we_did: str = ""
    is_published: bool = False


def plan_of(action: CourseAction) -> Plan:
    """What is said about an action now."""
    return Plan(
        you_said=action.you_said,
        action=action.action,
        owner=action.owner,
        due_on=action.due_on,
        done_on=action.done_on,
        outcome=action.outcome,
        evidence=action.evidence,
        we_did=action.we_did,
        is_published=action.is_published,
    )


def standing(action: CourseAction, *, today: date) -> Standing:
    """How far an action has come by `today`. On the day by which it is due it is not overdue yet."""
    if action.done_on is not None:
        return Standing.DONE
    return Standing.OVERDUE if action.due_on < today else Standing.OPEN


def check_plan(plan: Plan, *, today: date) -> None:
    """Raises WrongAction where an action does not say what it must.

    What was done is done by today, and says what came of it. People are told of it only once it is done, and in words
    that are written for them.
    """
    for field, words, most, missing in (
        ("you_said", plan.you_said, LONGEST_WORDS, "Say what people told you"),
        ("action", plan.action, LONGEST_WORDS, "Say what will be done"),
        ("owner", plan.owner, LONGEST_OWNER, "Say who will do it"),
        ("we_did", plan.we_did, LONGEST_WORDS, ""),
        ("outcome", plan.outcome, LONGEST_FINDINGS, ""),
        ("evidence", plan.evidence, LONGEST_FINDINGS, ""),
    ):
        if missing and not words.strip():
            raise WrongAction(field, missing)
        if len(words) > most:
            raise WrongAction(field, f"This must be {most:,} characters or fewer")
    for field, day in (("due_on", plan.due_on), ("done_on", plan.done_on)):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise WrongAction(field, "The year must be between 2000 and 2100")
    if plan.done_on is not None and plan.done_on > today:
        raise WrongAction("done_on", "The day on which it was done cannot be in the future")
    if plan.done_on is not None and not plan.outcome.strip():
        raise WrongAction("outcome", "Say what came of it, as it is done")
    if plan.is_published:
        _check_published(plan)


def _check_published(plan: Plan) -> None:
    if plan.done_on is None:
        raise WrongAction("done_on", "Say on which day it was done before you tell people that it was")
    if not plan.we_did.strip():
        raise WrongAction("we_did", "Say what you did, in words for people who take the course")
    for field, words in (("you_said", plan.you_said), ("we_did", plan.we_did)):
        if len(words) > LONGEST_PUBLISHED:
            raise WrongAction(field, f"To be published, this must be {LONGEST_PUBLISHED} characters or fewer")
        if not words.strip().endswith((".", "?", "!")):
            raise WrongAction(field, "To be published, this must end with a full stop")


def check_findings(findings: str) -> None:
    """Raises Refused where a review of a course finds nothing, or too much to read."""
    if not findings.strip():
        raise Refused("Say what the figures and the comments show")
    if len(findings) > LONGEST_FINDINGS:
        raise Refused(f"This must be {LONGEST_FINDINGS:,} characters or fewer")


def _standing(found: Sequence[CourseAction], today: date) -> list[tuple[CourseAction, Standing]]:
    return [(each, standing(each, today=today)) for each in found]
