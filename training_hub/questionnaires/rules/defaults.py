"""The questionnaires that every installation starts with."""

from collections.abc import Mapping
from dataclasses import replace

from training_hub.questionnaires.models import QuestionKind, Stage
from training_hub.questionnaires.rules.questions import Asked

K = QuestionKind
NO_NAMES = "Do not name a child, a family or a colleague."
_CHANGE, _COURSE, _WORDS = "Before the course, and now", "The course", "In your words"
_PRACTICE, _WAY, _SEEN = "What changed", "What got in the way", "What you see"


def _pairs(section: str) -> tuple[Asked, ...]:
    pairs = (
        _scale("knowledge", section, "What you know about this subject", "Very little", "A great deal"),
        _scale("skills", section, "Your skill in putting it into practice", "Very low", "Very high"),
        _scale("confidence", section, "Your confidence to act on it at work", "Very low", "Very high"),
    )
    return tuple(replace(each, kind=K.BEFORE_NOW) for each in pairs)


def _scale(key: str, section: str, text: str, low: str, high: str) -> Asked:
    return Asked(key=key, section=section, text=text, kind=K.SCALE, low=low, high=high)


def _text(key: str, section: str, text: str, help: str = "", shown_if: str = "") -> Asked:
    return Asked(
        key=key, section=section, text=text, kind=K.TEXT, help=help, shown_if=shown_if, is_required=False
    )


_FOLLOW_UP = (
    Asked(key="used", section=_PRACTICE, text="Have you used what you learned?", kind=K.YES_NO),
    _text("example", _PRACTICE, "What did you do differently? Give one example.", NO_NAMES, shown_if="used"),
    _scale(
        "difference",
        _PRACTICE,
        "How much difference has the course made to how you work?",
        "None",
        "A great deal",
    ),
    _scale("confidence_later", _PRACTICE, "How confident are you to act on it now?", "Not at all", "Very"),
    Asked(
        key="obstacles",
        section=_WAY,
        text="What got in the way?",
        kind=K.CHOICES,
        options=(
            "Nothing did",
            "There was no occasion for it",
            "Too little time",
            "My team works in another way",
            "My manager did not support it",
            "I did not feel sure enough",
            "Something else",
        ),
    ),
    _text("help_wanted", _WAY, "What would help you to use it more?"),
)

DEFAULT_QUESTIONNAIRES: Mapping[Stage, tuple[str, tuple[Asked, ...]]] = {
    Stage.BEFORE: (
        "Before the course",
        (
            *_pairs("Before the course"),
            _text("hope", "Before the course", "What do you most want from this course?"),
        ),
    ),
    Stage.END: (
        "End of course",
        (
            _scale("objectives", _COURSE, "Did it do what it set out to do?", "Not at all", "Completely"),
            _scale("relevance", _COURSE, "How relevant is it to your job?", "Not at all", "Very"),
            _scale("trainer", _COURSE, "How good was the trainer?", "Poor", "Excellent"),
            _scale(
                "materials",
                _COURSE,
                "How good were the materials, and how easy was it for you to take part?",
                "Poor",
                "Excellent",
            ),
            replace(
                _scale("pace", _COURSE, "How was the pace?", "Too slow", "Too fast"),
                kind=K.BALANCE,
                help="3 is just right.",
            ),
            *_pairs(_CHANGE),
            _text("different", _WORDS, "What will you do differently at work?", NO_NAMES),
            _text("change", _WORDS, "What should we change about the course?"),
        ),
    ),
    Stage.SIX_WEEKS: ("Six weeks later", _FOLLOW_UP),
    Stage.THREE_MONTHS: ("Three months later", _FOLLOW_UP),
    Stage.MANAGER: (
        "For the line manager",
        (
            Asked(
                key="manager_sees",
                section=_SEEN,
                text="Do you see a change in how they work since the course?",
                kind=K.YES_NO,
            ),
            _text("manager_example", _SEEN, "What has changed? Give one example.", NO_NAMES, "manager_sees"),
            _scale(
                "manager_worth",
                _SEEN,
                "Was the course worth the time away from work?",
                "Not at all",
                "Completely",
            ),
            _text("manager_help", _SEEN, "What would help them to use it more?"),
        ),
    ),
}
"""By stage: name and questions. Questions answered in words are optional, all others are required."""
