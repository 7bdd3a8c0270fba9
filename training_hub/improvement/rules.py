"""The rules of actions on a course: what must be filled in, and when one is overdue or may be published."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from training_hub.errors import Refused
from training_hub.improvement.models import CourseAction

LONGEST_FINDINGS = 5000
LONGEST_WORDS = 500
LONGEST_OWNER = 200
LONGEST_PUBLISHED = 200
"""The most characters of a published "you said" or "we did", so that three pairs fit in one paragraph of an email."""
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


class ActionState(enum.Enum):
    """The progress of an action."""

    OPEN = "open"
    OVERDUE = "overdue"
    """Not done, and due before today."""
    DONE = "done"


class WrongAction(Refused):
    """An action cannot be saved. Holds the field to correct, and what to do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything an officer enters about an action."""

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
    """The plan that an action has now."""
    return Plan(**{each.name: getattr(action, each.name) for each in fields(Plan)})


def state_of(action: CourseAction, *, today: date) -> ActionState:
    """The state of an action. An action is overdue from the day after it was due."""
    if action.done_on is not None:
        return ActionState.DONE
    return ActionState.OVERDUE if action.due_on < today else ActionState.OPEN


def with_states(actions: Sequence[CourseAction], today: date) -> list[tuple[CourseAction, ActionState]]:
    """The actions, each with its state."""
    return [(action, state_of(action, today=today)) for action in actions]


def check_plan(plan: Plan, *, today: date) -> None:
    """Raises WrongAction if a field is missing, too long or out of range.

    A done action needs an outcome. Only a done action can be published, with words for practitioners.
    """
    _check_words(plan)
    _check_days(plan, today)
    if plan.done_on is not None and not plan.outcome.strip():
        raise WrongAction("outcome", "Say what the outcome of the action was")
    if plan.is_published:
        _check_published(plan)


def _check_words(plan: Plan) -> None:
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


def _check_days(plan: Plan, today: date) -> None:
    for field, day in (("due_on", plan.due_on), ("done_on", plan.done_on)):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise WrongAction(field, "The year must be between 2000 and 2100")
    if plan.done_on is not None and plan.done_on > today:
        raise WrongAction("done_on", "The day the action was done cannot be in the future")


def _check_published(plan: Plan) -> None:
    if plan.done_on is None:
        raise WrongAction("done_on", "Say when the action was done before you publish it")
    if not plan.we_did.strip():
        raise WrongAction("we_did", "Say what you did, in words for people who take the course")
    for field, words in (("you_said", plan.you_said), ("we_did", plan.we_did)):
        if len(words) > LONGEST_PUBLISHED:
            raise WrongAction(field, f"To be published, this must be {LONGEST_PUBLISHED} characters or fewer")
        if not words.strip().endswith((".", "?", "!")):
            raise WrongAction(field, "To be published, this must end with a full stop")


def check_findings(findings: str) -> None:
    """Raises Refused if the findings are empty or too long."""
    if not findings.strip():
        raise Refused("Say what the figures and the comments show")
    if len(findings) > LONGEST_FINDINGS:
        raise Refused(f"This must be {LONGEST_FINDINGS:,} characters or fewer")
