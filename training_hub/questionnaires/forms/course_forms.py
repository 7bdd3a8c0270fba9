"""The form that says which questionnaires a course uses."""

from collections.abc import Mapping, Sequence

from wtforms import HiddenField
from wtforms.validators import Optional

from training_hub.questionnaires.forms.versions import STAGES
from training_hub.questionnaires.models import Questionnaire, Stage
from training_hub.web.forms import Form, Select

NOT_ASKED, THE_DEFAULT, NAMED = "no", "default", "form:"


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
