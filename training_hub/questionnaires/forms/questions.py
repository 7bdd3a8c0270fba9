"""The shape of evaluation forms as officers make them: a new form, one question, what a course asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from training_hub.questionnaires.models import Question, QuestionKind
from training_hub.questionnaires.rules.questions import LONGEST_SHORT, LONGEST_TEXT, MOST_OPTIONS, Asked
from training_hub.web.forms import Form, Select

K = QuestionKind

KINDS: Mapping[QuestionKind, tuple[str, str]] = {
    K.SCALE: ("A number from 1 to 5", "5 is best. You name both ends, such as “Poor” and “Excellent”."),
    K.BEFORE_NOW: (
        "Before and now",
        "Two numbers from 1 to 5: how it was before the course, and how it is now. They show what changed.",
    ),
    K.BALANCE: ("A number with the best in the middle", "From 1 to 5, of which 3 is best, such as the pace."),
    K.YES_NO: ("Yes or no", "Another question can follow, for those who say yes."),
    K.CHOICE: ("One answer from a list", "You write the answers."),
    K.CHOICES: ("Any answers from a list", "You write the answers. People choose as many as they like."),
    K.SHORT: ("A few words", f"Up to {LONGEST_SHORT} characters."),
    K.TEXT: ("Sentences", f"Up to {LONGEST_TEXT:,} characters."),
}
"""How each kind of question is answered."""

WITH_ENDS = frozenset({K.SCALE, K.BALANCE, K.BEFORE_NOW})
WITH_OPTIONS = frozenset({K.CHOICE, K.CHOICES})
IN_WORDS = frozenset({K.SHORT, K.TEXT})


def word_for(kind: QuestionKind) -> str:
    """How a kind is written in an address: "before-now"."""
    return kind.name.lower().replace("_", "-")


KIND_AT: Mapping[str, QuestionKind] = {word_for(kind): kind for kind in KINDS}


def _longest(what: str, most: int) -> Length:
    return Length(max=most, message=f"{what} must be {most} characters or fewer")


class QuestionForm(Form):
    """One question. `fit` leaves the fields that its kind needs."""

    text = StringField(
        "What is the question?",
        validators=[InputRequired("Enter the question"), _longest("The question", 300)],
    )
    help = StringField(
        "What helps people to answer it?",
        description="Shown beneath the question, such as “Do not name a child, a family or a colleague.”",
        validators=[Optional(), _longest("The help", 300)],
    )
    low = StringField(
        "What does 1 stand for?",
        description="Such as “Not at all”.",
        validators=[InputRequired("Enter what 1 stands for"), _longest("What 1 stands for", 60)],
    )
    high = StringField(
        "What does 5 stand for?",
        description="Such as “Completely”.",
        validators=[InputRequired("Enter what 5 stands for"), _longest("What 5 stands for", 60)],
    )
    options = TextAreaField(
        "Which answers can people choose?",
        description=f"One on each line, 2 to {MOST_OPTIONS} of them.",
        validators=[InputRequired("Enter the answers, one on each line")],
    )
    section = StringField(
        "Under which heading does it stand?", validators=[Optional(), _longest("The heading", 120)]
    )
    shown_if = Select("Who is asked?", empty="Everyone")
    is_required = BooleanField(
        "It must be answered", description="Otherwise people can leave it empty, and are told so."
    )
    seen = HiddenField(validators=[Optional()])
    """What the question was when the page was opened: nobody undoes another's change without seeing it."""

    def fit(self, kind: QuestionKind, leaders: Sequence[Question], headings: Sequence[str]) -> None:
        """Leave what a question of this kind needs, which can follow each of `leaders`, and stand under a heading."""
        if kind not in WITH_ENDS:
            del self.low, self.high
        if kind not in WITH_OPTIONS:
            del self.options
        if kind is K.BALANCE:
            self.low.description, self.high.description = "Such as “Too slow”.", "Such as “Too fast”."
        if leaders:
            # Not to choose is an answer here.
            self.shown_if.flags.optional = False
            self.shown_if.choices = {each.key: f"Only those who say yes to “{each.text}”" for each in leaders}
        else:
            del self.shown_if
        used = ", ".join(f"“{heading}”" for heading in dict.fromkeys(headings) if heading)
        self.section.description = f"So far the form has {used}." if used else "Such as “The course”."

    def validate_options(self, field: Any) -> None:
        lines = option_lines(field.data)
        if not 2 <= len(lines) <= MOST_OPTIONS:
            raise ValidationError(f"Enter 2 to {MOST_OPTIONS} answers, one on each line")
        if any(len(line) > 100 for line in lines):
            raise ValidationError("Each answer must be 100 characters or fewer")
        if len({line.lower() for line in lines}) < len(lines):
            raise ValidationError("Two of the answers are the same. Each must be different")

    def question(self, key: str, kind: QuestionKind) -> Asked:
        """What was answered, as a question."""
        return Asked(
            key=key,
            kind=kind,
            options=tuple(option_lines(self.options.data)) if "options" in self else (),
            is_required=self.is_required.data,
            **{name: self[name].data or "" for name in _WORDS if name in self},
        )


_WORDS = ("section", "text", "help", "low", "high", "shown_if")


def option_lines(text: str | None) -> list[str]:
    """The answers that were written one on each line, without empty lines."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def answers_of(question: Question) -> dict[str, Any]:
    """What the form of a question that stands already holds."""
    return {
        **{name: getattr(question, name) for name in _WORDS},
        "options": "\n".join(question.options),
        "is_required": question.is_required,
    }


def in_words(question: Question) -> list[tuple[str, str]]:
    """A question as it stands, for whoever has another wording before them: what each part is called, and says."""
    facts = [
        ("Question", question.text),
        ("Help", question.help),
        ("1 stands for", question.low),
        ("5 stands for", question.high),
        ("Answers", "\n".join(question.options)),
        ("Heading", question.section),
    ]
    required = ("Must be answered", "Yes" if question.is_required else "No")
    return [*(fact for fact in facts if fact[1]), required]


class BankForm(Form):
    """What of the bank of questions is looked for."""

    words = StringField("Words in the question", validators=[Optional()])
    kind = Select(
        "How it is answered", choices={word_for(kind): words[0] for kind, words in KINDS.items()}, empty="Any"
    )
