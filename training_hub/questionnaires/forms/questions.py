"""The forms for one question, and for a search of the bank."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from training_hub.questionnaires.models import Question, QuestionKind
from training_hub.questionnaires.rules.questions import LONGEST_SHORT, LONGEST_TEXT, MOST_OPTIONS, Asked
from training_hub.web.forms import Form, Select, VersionedForm, longest

K = QuestionKind

KINDS: Mapping[QuestionKind, tuple[str, str]] = {
    K.SCALE: ("A number from 1 to 5", "5 is best. You label both ends, such as “Poor” and “Excellent”."),
    K.BEFORE_NOW: (
        "Before and now",
        "Two numbers from 1 to 5: before the course, and now. They show what changed.",
    ),
    K.BALANCE: ("A number with the best in the middle", "From 1 to 5, where 3 is best, such as the pace."),
    K.YES_NO: ("Yes or no", "Another question can follow for people who say yes."),
    K.CHOICE: ("One answer from a list", "You write the answers."),
    K.CHOICES: ("Any answers from a list", "You write the answers. People can choose several."),
    K.SHORT: ("A few words", f"Up to {LONGEST_SHORT} characters."),
    K.TEXT: ("Sentences", f"Up to {LONGEST_TEXT:,} characters."),
}
"""Label and description of each kind."""

WITH_ENDS = frozenset({K.SCALE, K.BALANCE, K.BEFORE_NOW})
WITH_OPTIONS = frozenset({K.CHOICE, K.CHOICES})
IN_WORDS = frozenset({K.SHORT, K.TEXT})


def word_for(kind: QuestionKind) -> str:
    """A kind as an address has it: "before-now"."""
    return kind.name.lower().replace("_", "-")


KIND_AT: Mapping[str, QuestionKind] = {word_for(kind): kind for kind in KINDS}


class QuestionForm(VersionedForm):
    """One question. `fit` removes the fields that its kind does not need."""

    text = StringField(
        "Question",
        validators=[InputRequired("Enter the question"), longest("The question", 300)],
    )
    help = StringField(
        "Hint",
        description="Shown under the question, such as “Do not name a child, a family or a colleague.”",
        validators=[Optional(), longest("The hint", 300)],
    )
    low = StringField(
        "Label for 1",
        description="Such as “Not at all”.",
        validators=[InputRequired("Enter a label for 1"), longest("The label for 1", 60)],
    )
    high = StringField(
        "Label for 5",
        description="Such as “Completely”.",
        validators=[InputRequired("Enter a label for 5"), longest("The label for 5", 60)],
    )
    options = TextAreaField(
        "Answers to choose from",
        description=f"One on each line, 2 to {MOST_OPTIONS} answers.",
        validators=[InputRequired("Enter the answers, one on each line")],
    )
    section = StringField("Heading", validators=[Optional(), longest("The heading", 120)])
    shown_if = Select("Who is asked?", empty="Everyone")
    is_required = BooleanField(
        "People must answer it", description="Otherwise the question is marked “optional”."
    )

    def fit(self, kind: QuestionKind, leaders: Sequence[Question], headings: Sequence[str]) -> None:
        """Keep the fields that this kind needs. The question can follow any of `leaders`. `headings` are in use."""
        if kind not in WITH_ENDS:
            del self.low, self.high
        if kind not in WITH_OPTIONS:
            del self.options
        if kind is K.BALANCE:
            self.low.description, self.high.description = "Such as “Too slow”.", "Such as “Too fast”."
        if leaders:
            # The empty choice, "Everyone", is a valid answer.
            self.shown_if.flags.optional = False
            self.shown_if.choices = {each.key: f"People who say yes to “{each.text}”" for each in leaders}
        else:
            del self.shown_if
        used = ", ".join(f"“{heading}”" for heading in dict.fromkeys(headings) if heading)
        self.section.description = f"Headings so far: {used}." if used else "Such as “The course”."

    def validate_options(self, field: Any) -> None:
        lines = option_lines(field.data)
        if not 2 <= len(lines) <= MOST_OPTIONS:
            raise ValidationError(f"Enter 2 to {MOST_OPTIONS} answers, one on each line")
        if any(len(line) > 100 for line in lines):
            raise ValidationError("Each answer must be 100 characters or fewer")
        if len({line.lower() for line in lines}) < len(lines):
            raise ValidationError("Two answers are the same. Each must be different")

    def question(self, key: str, kind: QuestionKind) -> Asked:
        """The question that was entered."""
        return Asked(
            key=key,
            kind=kind,
            options=tuple(option_lines(self.options.data)) if "options" in self else (),
            is_required=self.is_required.data,
            **{name: self[name].data or "" for name in _WORDS if name in self},
        )


_WORDS = ("section", "text", "help", "low", "high", "shown_if")


def option_lines(text: str | None) -> list[str]:
    """The lines of this text that are not empty."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def answers_of(question: Question) -> dict[str, Any]:
    """The form's data for a stored question."""
    return {
        **{name: getattr(question, name) for name in _WORDS},
        "options": "\n".join(question.options),
        "is_required": question.is_required,
    }


def in_words(question: Question) -> list[tuple[str, str]]:
    """A stored question as label and value pairs, to show next to an officer's own wording."""
    facts = [
        ("Question", question.text),
        ("Hint", question.help),
        ("Label for 1", question.low),
        ("Label for 5", question.high),
        ("Answers", "\n".join(question.options)),
        ("Heading", question.section),
    ]
    required = ("People must answer it", "Yes" if question.is_required else "No")
    return [*(fact for fact in facts if fact[1]), required]


class BankForm(Form):
    """A search of the bank."""

    words = StringField("Words in the question", validators=[Optional()])
    kind = Select(
        "Kind of answer", choices={word_for(kind): words[0] for kind, words in KINDS.items()}, empty="Any"
    )
