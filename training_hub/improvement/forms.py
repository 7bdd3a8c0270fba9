"""What an officer writes about a course: what its evaluations show, and what is done because of it."""

from datetime import date
from typing import Any, cast

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from training_hub.improvement.models import CourseAction
from training_hub.improvement.rules import LONGEST_PUBLISHED, Plan, WrongAction, plan_of
from training_hub.web.fields import DayField
from training_hub.web.forms import Form, Select, VersionedForm

STANDINGS = {
    "open": "Not done yet",
    "overdue": "Overdue",
    "done": "Done",
}


class ActionForm(Form):
    """Something to be done about a course because of what people said."""

    you_said = TextAreaField(
        "What did people tell you?",
        [InputRequired("Say what people told you")],
        description="In your own words, and without anything that could tell who said it.",
    )
    action = TextAreaField("What will be done?", [InputRequired("Say what will be done")])
    owner = StringField(
        "Who will do it?",
        [InputRequired("Say who will do it")],
        description="A name or a role, such as “Training administrator”.",
    )
    due_on = DayField(
        "By which day?",
        what="The day by which it is due",
        missing="Enter the day by which it is due",
    )

    def plan(self) -> Plan:
        """What was typed."""
        return Plan(
            you_said=self.you_said.data or "",
            action=self.action.data or "",
            owner=self.owner.data or "",
            # Its validator has made sure that it is there.
            due_on=cast(date, self.due_on.data),
        )

    def say_wrong(self, wrong: WrongAction) -> None:
        """Say what is wrong beside the field at which it can be put right."""
        self[wrong.field].errors = [str(wrong)]


class ActionProgressForm(ActionForm, VersionedForm):
    """The same, and how far it has come."""

    done_on = DayField("On which day was it done?", what="The day on which it was done")
    outcome = TextAreaField("What came of it?", [Optional()])
    evidence = TextAreaField(
        "What shows that it worked?",
        [Optional()],
        description="Such as “The mean for pace went from 3.8 to 3.1 over the next four dates.” "
        "It can be added later.",
    )
    we_did = TextAreaField(
        "What did you do, in words for people who take the course?",
        [Optional()],
        description=f"Begin with “We”. To be published, {LONGEST_PUBLISHED} characters or fewer.",
    )
    is_published = BooleanField(
        "Tell people what they said and what you did",
        description="It is shown on the public page of the course, and in the next invitations to its evaluation. "
        "The first answer above is shown with it.",
    )

    def plan(self) -> Plan:
        """What was typed."""
        return Plan(
            you_said=self.you_said.data or "",
            action=self.action.data or "",
            owner=self.owner.data or "",
            # Its validator has made sure that it is there.
            due_on=cast(date, self.due_on.data),
            done_on=self.done_on.data,
            outcome=self.outcome.data or "",
            evidence=self.evidence.data or "",
            we_did=self.we_did.data or "",
            is_published=bool(self.is_published.data),
        )


class ActionsForm(Form):
    """Which actions are wanted."""

    class Meta(Form.Meta):
        csrf = False

    state = Select("How far it has come", choices=STANDINGS, empty="All", validators=[])
    course = Select("Course", empty="Every course", validators=[])
    owner = Select("Who does it", empty="Everybody", validators=[])


def stored(action: CourseAction) -> dict[str, Any]:
    """The answers that stand, as a form shows them."""
    plan = plan_of(action)
    return {name: getattr(plan, name) for name in plan.__dataclass_fields__}
