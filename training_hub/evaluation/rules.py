"""The decisions about evaluations: what the end form asks, when a reminder is due, and whether a link still opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from training_hub.bookings.models import Status
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.evaluation.models import Invitation, Question, QuestionKind

LADDER = tuple(timedelta(days=days) for days in (0, 2, 5, 9, 14))
"""How long after it fell due each mail is: the invitation, then at most four reminders (domain 5)."""
TOP = len(LADDER)
"""The rung above which no reminder follows."""
APART = timedelta(hours=48)
"""Two mails to one person about one evaluation leave at least this long after one another."""
LINK_OPENS_FOR = timedelta(days=90)
"""How long after the evaluation fell due its link opens the form without signing in."""
JUST_OVER = timedelta(days=90)
"""How long after its end an event is looked at each minute for what has fallen due; later, once a day."""
EVER = datetime(1, 1, 1, tzinfo=UTC)
LONGEST_TEXT = 2000
KEY_BEGINS = "evaluation:"

Answered = tuple[int | None, int | None, str]
"""The answer to one question: the number (of a before-and-now pair, the one for now), the number for before, words."""


class AlreadyAnswered(Refused):
    """The form has come back already: it is answered once."""


class LinkReplaced(Refused):
    """A newer link was sent, and only that one opens the form."""


class LinkExpired(Refused):
    """The link is too old to open the form without signing in."""


class NoLongerDue(Refused):
    """The register does not say, or no longer says, that the person completed the course."""


@dataclass(frozen=True)
class Asked:
    """One question of a form that is to be made."""

    key: str
    section: str
    text: str
    kind: QuestionKind
    low: str = ""
    high: str = ""
    help: str = ""


_CHANGE, _COURSE, _WORDS = "Before the course, and now", "The course", "In your words"
_PAIR, _SCALE, _TEXT = QuestionKind.BEFORE_NOW, QuestionKind.SCALE, QuestionKind.TEXT

END_FORM_NAME = "End of course"
END_FORM = (
    Asked("knowledge", _CHANGE, "What you know about this subject", _PAIR, "Very little", "A great deal"),
    Asked("skills", _CHANGE, "Your skill in putting it into practice", _PAIR, "Very low", "Very high"),
    Asked("confidence", _CHANGE, "Your confidence to act on it at work", _PAIR, "Very low", "Very high"),
    Asked("objectives", _COURSE, "Did it do what it set out to do?", _SCALE, "Not at all", "Completely"),
    Asked("relevance", _COURSE, "How relevant is it to your job?", _SCALE, "Not at all", "Very"),
    Asked("trainer", _COURSE, "How good was the trainer?", _SCALE, "Poor", "Excellent"),
    Asked(
        "materials",
        _COURSE,
        "How good were the materials, and how easy was it for you to take part?",
        _SCALE,
        "Poor",
        "Excellent",
    ),
    Asked(
        "pace", _COURSE, "How was the pace?", QuestionKind.BALANCE, "Too slow", "Too fast", "3 is just right."
    ),
    Asked(
        "different",
        _WORDS,
        "What will you do differently at work?",
        _TEXT,
        help="Do not name a child, a family or a colleague.",
    ),
    Asked("change", _WORDS, "What should we change about the course?", _TEXT),
)
"""The first end form (domain 6): every number is asked for, words are welcome."""


def is_chased(event: Event) -> bool:
    """Whether mails go out about what `event` leaves to do: never for one that had ended before it was entered."""
    return event.ends_at > event.entered_at


def next_step(invitation: Invitation, *, now: datetime) -> int | None:
    """The number of the reminder to send at `now`: the latest that is due. Those missed are not made up for."""
    latest = sum(invitation.due_at + after <= now for after in LADDER) - 1
    return latest if latest >= max(invitation.rung, 1) else None


def mail_key(reference: Any, step: int) -> Any:
    """The key of one of the mails about the evaluation of the booking with this reference, or of that column."""
    return KEY_BEGINS + reference + f":end:{step}"


def mail_keys(reference: Any) -> list[Any]:
    """The keys of all the mails that there can be about one evaluation."""
    return [mail_key(reference, step) for step in range(TOP)]


def reference_in(key: str) -> str:
    """The booking's reference that a mail's key holds."""
    return key.split(":")[1]


def check_answerable(invitation: Invitation, *, now: datetime, version: int, is_owner: bool) -> None:
    """Raises a Refused of its own kind where the link, in this version, does not open the form at `now`.

    Who is signed in as the person who is asked needs no young link.
    """
    if version != invitation.link_version:
        raise LinkReplaced("A newer link to this form has been sent. Open the newest email about it.")
    if invitation.returned_at is not None:
        raise AlreadyAnswered("You have already answered this form. It can be answered once.")
    if invitation.booking.status is not Status.COMPLETED:
        raise NoLongerDue(
            "The register does not show that you completed this course, so there is no form to answer."
        )
    if not is_owner and now >= invitation.due_at + LINK_OPENS_FOR:
        raise LinkExpired("It can still be answered: sign in, and open the form from there.")


def check_answers(questions: Sequence[Question], answers: Mapping[str, Answered]) -> None:
    """Raises Refused where an answer is missing, out of range, too long, or to no question of the form."""
    if set(answers) - {question.key for question in questions}:
        raise Refused("The form has changed since this page was opened. Open it again.")
    for question in questions:
        value, before, words = answers.get(question.key, (None, None, ""))
        numbers = [number for number in (value, before) if number is not None]
        wanted = {QuestionKind.TEXT: 0, QuestionKind.BEFORE_NOW: 2}.get(question.kind, 1)
        given_enough = len(numbers) == wanted or (not numbers and not question.is_required)
        if not given_enough or any(not 1 <= number <= 5 for number in numbers) or len(words) > LONGEST_TEXT:
            raise Refused(f"“{question.text}” has not been answered as the form asks.")
