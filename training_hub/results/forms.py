"""What is looked for among comments, and what an officer says about one."""

from collections.abc import Sequence

from wtforms import StringField, TextAreaField
from wtforms.validators import Length, Optional

from training_hub.evaluation.models.answers import Review, Theme
from training_hub.questionnaires.rules.questions import LONGEST_TEXT
from training_hub.results.rules.themes import LONGEST_THEME
from training_hub.web.forms import Checkboxes, Form, Radios, Select

STATES: dict[str, str] = {
    Review.UNREAD.value: "Not read yet",
    Review.READ.value: "Read",
    Review.PUBLISHED.value: "Published",
    Review.HIDDEN.value: "Hidden",
}
HINTS: dict[str, str] = {
    Review.READ.value: "Trainers of the date and hub officers can read it.",
    Review.PUBLISHED.value: "Anyone may read the words below: on pages, in reports, in what we say we did.",
    Review.HIDDEN.value: "Hub officers alone can read it.",
}


class CommentsForm(Form):
    """Which comments are wanted."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField("Words in the comment", [Length(max=200)])
    course = Select("Course", empty="Every course", validators=[])
    theme = Select("Theme", empty="Every theme", validators=[])
    state = Select("State", choices=STATES, empty="Every state", validators=[])

    def offer(self, *, courses: dict[str, str], themes: Sequence[Theme]) -> None:
        """Let these be chosen."""
        self.course.choices = courses
        self.theme.choices = {str(theme.id): theme.name for theme in themes}


class ThemeForm(Form):
    """What a theme is called."""

    name = StringField("Name", description="In a word or two. All comments about it follow.")


class TogetherForm(Form):
    """Which other theme takes the comments of one."""

    into = Select("The other theme", missing="Choose the other theme", empty="Choose a theme")

    def offer(self, themes: Sequence[Theme]) -> None:
        """Let these be chosen."""
        self.into.choices = {str(theme.id): theme.name for theme in themes}


class ReviewForm(Form):
    """What becomes of one comment, and what it is about."""

    state = Radios("What becomes of it?", choices=STATES, missing="Choose what becomes of the comment")
    published = TextAreaField(
        "Words to publish",
        [Optional(), Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT:,} characters or fewer")],
        description="Take out whatever could tell who wrote it, or whom they mean. "
        "What was written stays as it was, for hub officers.",
    )
    themes = Checkboxes("What is it about?", coerce=str, description="As many as fit.")
    new_theme = StringField(
        "Another theme",
        [
            Optional(),
            Length(
                max=LONGEST_THEME,
                message=f"The name of a theme must be {LONGEST_THEME} characters or fewer",
            ),
        ],
        description="In a word or two, such as “Time” or “Practice cases”.",
    )

    def offer(self, themes: Sequence[Theme]) -> None:
        """Let these be chosen."""
        self.themes.choices = {theme.name: theme.name for theme in themes}
