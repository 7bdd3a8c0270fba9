"""Forms about actions."""

from dataclasses import fields

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from training_hub.improvement.rules import LONGEST_PUBLISHED, Plan, WrongAction
from training_hub.web.fields import DayField
from training_hub.web.forms import Form, Select, VersionedForm

STATES = {"open": "Not done yet", "overdue": "Overdue", "done": "Done"}


class ActionForm(Form):
    """The form for an action about a course that follows from what people said."""

    you_said = TextAreaField(
        "What did people tell you?",
        [InputRequired("Say what people told you")],
        description="In your own words, without anything that identifies people.",
    )
    action = TextAreaField("What will be done?", [InputRequired("Say what will be done")])
    owner = StringField(
        "Who will do it?",
        [InputRequired("Say who will do it")],
        description="A name or a role, such as “Training administrator”.",
    )
    due_on = DayField(
        "By when?",
        what="The day by which it is due",
        missing="Enter the day by which it is due",
    )

    def plan(self) -> Plan:
        """The plan that was entered."""
        typed = {each.name: self[each.name].data for each in fields(Plan) if each.name in self}
        return Plan(**{name: data for name, data in typed.items() if data is not None})

    def say_wrong(self, wrong: WrongAction) -> None:
        """Show the error at the field that it concerns."""
        self[wrong.field].errors = [str(wrong)]


class ActionProgressForm(ActionForm, VersionedForm):
    """An action, with its progress."""

    done_on = DayField("When was it done?", what="The day on which it was done")
    outcome = TextAreaField("Outcome", [Optional()])
    evidence = TextAreaField(
        "Evidence that it worked",
        [Optional()],
        description="Such as “The mean for pace went from 3.8 to 3.1 over the next four dates.” "
        "You can add the evidence later.",
    )
    we_did = TextAreaField(
        "What did you do, in words for people who take the course?",
        [Optional()],
        description=f"Begin with “We”. To publish this answer, keep it to {LONGEST_PUBLISHED} characters or fewer.",
    )
    is_published = BooleanField(
        "Tell people what they said and what you did",
        description="We will show what people told you and what you did on the course’s public page, "
        "and when we ask people to evaluate the course.",
    )


class ActionsForm(Form):
    """Filters for the list of actions."""

    class Meta(Form.Meta):
        csrf = False

    state = Select("Progress", choices=STATES, empty="All", validators=[])
    course = Select("Course", empty="Every course", validators=[])
    owner = Select("Who does it", empty="Everyone", validators=[])
