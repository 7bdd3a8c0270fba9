"""What is compared in two mails: their first sentences."""

from typing import Any

from wtforms import StringField
from wtforms.validators import InputRequired

from training_hub.evaluation.rules.trials import LONGEST_WORDING, STEPS, WrongWording
from training_hub.web.forms import Form, Select


def _sentence(label: str, hint: str = "") -> Any:
    return StringField(label, [InputRequired(f"Write {label[0].lower()}{label[1:]}")], description=hint)


class TrialForm(Form):
    """Two wordings of the first sentence of one mail."""

    step = Select(
        "Which mail?",
        choices={str(step): words for step, words in STEPS.items()},
        missing="Choose which mail it is about",
        empty="Choose a mail",
    )
    wording_a = _sentence(
        "Wording A",
        f"The first sentence of the mail, in {LONGEST_WORDING} characters or fewer. Everything else stays as it is.",
    )
    wording_b = _sentence("Wording B", "Change one thing only, so that you know what made the difference.")

    def say_wrong(self, wrong: WrongWording) -> None:
        """Say what is wrong beside the field at which it can be put right."""
        self[wrong.field].errors = [str(wrong)]
