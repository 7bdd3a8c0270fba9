"""The form that starts a questionnaire."""

from collections.abc import Mapping, Sequence

from wtforms import StringField
from wtforms.validators import InputRequired

from training_hub.questionnaires.forms.questions import _longest
from training_hub.questionnaires.models import Confidentiality, Questionnaire, Stage
from training_hub.web.forms import Form, Radios, Select

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

FROM_DEFAULT, FROM_NOTHING = "default", "nothing"


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
