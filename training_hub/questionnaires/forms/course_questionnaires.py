"""The form that sets which questionnaires a course uses."""

from collections.abc import Mapping, Sequence

from training_hub.questionnaires.models import Questionnaire, Stage
from training_hub.questionnaires.rules.wording import STAGES, WHEN_ASKED
from training_hub.web.forms import Select, VersionedForm

NOT_ASKED, THE_DEFAULT, NAMED = "no", "default", "form:"


def _stage_field(stage: Stage) -> Select:
    return Select(STAGES[stage], description=WHEN_ASKED[stage], missing="Choose one of the answers shown")


class CourseQuestionnairesForm(VersionedForm):
    """What a course asks at each stage."""

    before = _stage_field(Stage.BEFORE)
    end = _stage_field(Stage.END)
    six_weeks = _stage_field(Stage.SIX_WEEKS)
    three_months = _stage_field(Stage.THREE_MONTHS)
    manager = _stage_field(Stage.MANAGER)

    def offer(self, in_use: Sequence[Questionnaire], asked: Mapping[Stage, str]) -> None:
        """Set the choices of each stage. The default's name is a choice only if the course uses that name."""
        for stage in Stage:
            of_stage = [each for each in in_use if each.stage is stage]
            default = next(each.name for each in of_stage if each.is_default)
            named = [each.name for each in of_stage if each.name != default or asked.get(stage) == default]
            self[stage.name.lower()].choices = {
                NOT_ASKED: "Not asked",
                THE_DEFAULT: f"The default: {default}",
                **{f"{NAMED}{name}": name for name in named},
            }

    def wanted(self) -> dict[Stage, str | None]:
        """The name of each stage's questionnaire: empty for the default, None if the stage is not asked."""
        return {stage: _name_of(self[stage.name.lower()].data) for stage in Stage}


def _name_of(choice: str) -> str | None:
    return None if choice == NOT_ASKED else choice.removeprefix(NAMED) if choice.startswith(NAMED) else ""


def choices_of(asked: Mapping[Stage, str], in_use: Sequence[Questionnaire]) -> dict[str, str]:
    """The form's data for a course with these questionnaires. The default replaces one that is no longer in use."""
    names = {(each.stage, each.name) for each in in_use}
    return {
        stage.name.lower(): NOT_ASKED
        if stage not in asked
        else f"{NAMED}{asked[stage]}"
        if (stage, asked[stage]) in names
        else THE_DEFAULT
        for stage in Stage
    }
