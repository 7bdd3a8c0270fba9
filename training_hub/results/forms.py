"""The forms for comments and themes."""

from collections.abc import Sequence

from wtforms import StringField, TextAreaField
from wtforms.validators import Length, Optional

from training_hub.evaluation.models.answers import Review, Theme
from training_hub.questionnaires.rules.questions import LONGEST_TEXT
from training_hub.results.rules.themes import LONGEST_THEME
from training_hub.web.forms import Checkboxes, Form, Radios, Select, longest

STATES: dict[str, str] = {
    Review.UNREAD.value: "Not read yet",
    Review.READ.value: "Read",
    Review.PUBLISHED.value: "Published",
    Review.HIDDEN.value: "Hidden",
}
HINTS: dict[str, str] = {
    Review.READ.value: "Trainers of the course date and hub officers can read the comment.",
    Review.PUBLISHED.value: "Anyone can read the words below, on pages, in reports and in “You said, we did”.",
    Review.HIDDEN.value: "Only hub officers can read the comment.",
}


class CommentsForm(Form):
    """The filters of the comments page."""

    q = StringField("Words in the comment", [Length(max=200)])
    course = Select("Course", empty="All courses", validators=[])
    theme = Select("Theme", empty="All themes", validators=[])
    state = Select("State", choices=STATES, empty="All states", validators=[])

    def offer(self, *, courses: dict[str, str], themes: Sequence[Theme]) -> None:
        """Set the choices."""
        self.course.choices = courses
        self.theme.choices = {str(theme.id): theme.name for theme in themes}


class ThemeForm(Form):
    """The form for the name of a theme."""

    name = StringField("Name", description="One or two words. Comments keep the theme under its new name.")


class MergeForm(Form):
    """The theme to merge into."""

    into = Select("Merge into", missing="Choose the other theme", empty="Choose a theme")

    def offer(self, themes: Sequence[Theme]) -> None:
        """Set the choices."""
        self.into.choices = {str(theme.id): theme.name for theme in themes}


class ReviewForm(Form):
    """The review of one comment."""

    state = Radios("State", choices=STATES, missing="Choose a state")
    published = TextAreaField(
        "Words to publish",
        [Optional(), longest("This", LONGEST_TEXT)],
        description="Remove anything that could identify the writer or another person. "
        "Hub officers keep the original.",
    )
    themes = Checkboxes("Themes", coerce=str, description="Choose all that apply.")
    new_theme = StringField(
        "New theme",
        [Optional(), longest("The name of a theme", LONGEST_THEME)],
        description="One or two words, such as “Time” or “Practice cases”.",
    )

    def offer(self, themes: Sequence[Theme]) -> None:
        """Set the choices."""
        self.themes.choices = {theme.name: theme.name for theme in themes}
