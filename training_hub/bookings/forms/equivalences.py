"""The form that records what counts as having completed a course."""

from training_hub.bookings.forms.reasons import reason_field
from training_hub.web.forms import Form, Select


class EquivalenceForm(Form):
    """What counts as a course, and why."""

    course_id = Select("Course", coerce=int, empty="Choose a course", missing="Choose the course")
    reason = reason_field(
        "What counts as this course?",
        description="What they did, where and when. Such as “Level 3 with another partnership, March 2024”.",
        missing="Say what counts as this course",
        what="This",
    )
