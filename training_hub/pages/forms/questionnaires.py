"""The shape of evaluation forms as officers make them: a new form, one question, what a course asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from training_hub.evaluation.models import Confidentiality, Question, QuestionKind, Questionnaire, Stage
from training_hub.evaluation.rules import LONGEST_SHORT, LONGEST_TEXT, MOST_OPTIONS, Asked
from training_hub.web.forms import Form, Radios, Select

K = QuestionKind

STAGES: Mapping[Stage, tuple[str, str]] = {
    Stage.BEFORE: ("Before the course", "Asked of everyone with a place, before the course date."),
    Stage.END: ("End of the course", "Asked of everyone who completed the course, when it is over."),
    Stage.SIX_WEEKS: ("Six weeks later", "Asked of everyone who completed the course, six weeks after it."),
    Stage.THREE_MONTHS: (
        "Three months later",
        "Asked of everyone who completed the course, three months after it.",
    ),
    Stage.MANAGER: ("Line manager", "Asked of the line manager of someone who completed the course."),
}
"""What each stage is called, and when and whom it asks."""

CONFIDENTIALITY: Mapping[Confidentiality, tuple[str, str]] = {
    Confidentiality.ATTRIBUTED: ("With names", "The training team and the trainers see who said what."),
    Confidentiality.CONFIDENTIAL: (
        "Confidential",
        "The training team sees who said what. The trainers never do.",
    ),
    Confidentiality.ANONYMOUS: (
        "Anonymous",
        "Nobody can find out who said what. Answers from before and after the course cannot be put side by side "
        "for each person.",
    ),
}
"""What each kind of confidentiality is called, and what it means."""

SAID: Mapping[Confidentiality, str] = {
    Confidentiality.ATTRIBUTED: "The training team and the trainers see your name beside your answers.",
    Confidentiality.CONFIDENTIAL: "The training team sees your name beside your answers; the trainers never do.",
    Confidentiality.ANONYMOUS: "Nobody can find out what you answered.",
}
"""What whoever answers is told of it."""

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

FROM_DEFAULT, FROM_NOTHING = "default", "nothing"
NOT_ASKED, THE_DEFAULT, NAMED = "no", "default", "form:"


def word_for(kind: QuestionKind) -> str:
    """How a kind is written in an address: "before-now"."""
    return kind.name.lower().replace("_", "-")


KIND_AT: Mapping[str, QuestionKind] = {word_for(kind): kind for kind in KINDS}


def _longest(what: str, most: int) -> Length:
    return Length(max=most, message=f"{what} must be {most} characters or fewer")


class NewFormForm(Form):
    """What a new form is, before it has questions of its own."""

    name = StringField(
        "What is the form called?",
        description="People who answer it do not see this. All its versions keep the name.",
        validators=[InputRequired("Enter a name for the form"), _longest("The name", 120)],
    )
    stage = Radios(
        "When is it asked?",
        choices={stage.value: words[0] for stage, words in STAGES.items()},
        missing="Choose when it is asked",
    )
    confidentiality = Radios(
        "Who may know who said what?",
        choices={kind.value: words[0] for kind, words in CONFIDENTIALITY.items()},
        missing="Choose who may know who said what",
    )
    begin = Select(
        "Which questions does it begin with?",
        description="You can change them before it is used.",
        missing="Choose which questions it begins with",
    )

    def offer(self, forms: Sequence[Questionnaire]) -> None:
        """Say which forms it can begin with."""
        self.begin.choices = {
            FROM_DEFAULT: "Those of the default form of its stage",
            FROM_NOTHING: "None",
            **{str(form.id): f"Those of {form.name}" for form in forms},
        }


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


def _stage_field(stage: Stage) -> Select:
    label, when = STAGES[stage]
    return Select(label, description=when, missing="Choose one of the answers shown")


class CourseFormsForm(Form):
    """What a course asks at each stage."""

    before = _stage_field(Stage.BEFORE)
    end = _stage_field(Stage.END)
    six_weeks = _stage_field(Stage.SIX_WEEKS)
    three_months = _stage_field(Stage.THREE_MONTHS)
    manager = _stage_field(Stage.MANAGER)
    seen = HiddenField(validators=[Optional()])

    def offer(self, forms: Sequence[Questionnaire], asked: Mapping[Stage, str]) -> None:
        """Say which forms can be chosen: those in use, of each stage; its default by name only where that is asked."""
        for stage in Stage:
            of_stage = [form for form in forms if form.stage is stage]
            default = next((form.name for form in of_stage if form.is_default), "")
            named = [form.name for form in of_stage if not form.is_default or asked.get(stage) == form.name]
            self[stage.name.lower()].choices = {
                NOT_ASKED: "Not asked",
                THE_DEFAULT: f"Asked, with the default form: {default}"
                if default
                else "Asked, with the default form",
                **{f"{NAMED}{name}": f"Asked, with: {name}" for name in named},
            }

    def wanted(self) -> dict[Stage, str | None]:
        """The name of the form of each stage, empty for the default; None where nothing is asked."""
        return {stage: _name_of(self[stage.name.lower()].data) for stage in Stage}


def _name_of(choice: str) -> str | None:
    return None if choice == NOT_ASKED else choice.removeprefix(NAMED) if choice.startswith(NAMED) else ""


def choices_of(asked: Mapping[Stage, str], forms: Sequence[Questionnaire]) -> dict[str, str]:
    """What the form holds where a course asks these; a form that is not in use any more gives way to the default."""
    in_use = {(form.stage, form.name) for form in forms}
    return {
        stage.name.lower(): NOT_ASKED
        if stage not in asked
        else f"{NAMED}{asked[stage]}"
        if (stage, asked[stage]) in in_use
        else THE_DEFAULT
        for stage in Stage
    }
