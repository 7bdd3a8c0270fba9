"""The form that starts a questionnaire."""

from collections.abc import Sequence

from wtforms import StringField
from wtforms.validators import InputRequired

from training_hub.questionnaires.models import Questionnaire
from training_hub.questionnaires.rules.wording import CONFIDENTIALITY, STAGES
from training_hub.web.forms import Form, Radios, Select, longest

FROM_DEFAULT, FROM_NOTHING = "default", "nothing"


class NewQuestionnaireForm(Form):
    """The settings of a new questionnaire."""

    name = StringField(
        "Name",
        description="People who answer do not see the name. All versions have the same name.",
        validators=[InputRequired("Enter a name"), longest("The name", 120)],
    )
    stage = Radios(
        "When are people asked?",
        choices={stage.value: label for stage, label in STAGES.items()},
        missing="Choose when people are asked",
    )
    confidentiality = Radios(
        "Who can see who said what?",
        choices={kind.value: label for kind, label in CONFIDENTIALITY.items()},
        missing="Choose who can see who said what",
    )
    begin = Select(
        "Questions to start with",
        description="You can change the questions before anyone is asked.",
        missing="Choose which questions to start with",
    )

    def offer(self, questionnaires: Sequence[Questionnaire]) -> None:
        """Set the questionnaires whose questions the new one can start with."""
        self.begin.choices = {
            FROM_DEFAULT: "The questions of the default questionnaire",
            FROM_NOTHING: "No questions",
            **{str(each.id): f"The questions of “{each.name}”" for each in questionnaires},
        }
