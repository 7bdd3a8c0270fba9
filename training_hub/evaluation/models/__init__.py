"""Tables of questionnaires, of who is asked, of what was answered, and of what was made of it."""

from training_hub.evaluation.models.answering import (
    AnonymousAnswers,
    Answer,
    PartAnswers,
    Response,
    Review,
    random_id,
)
from training_hub.evaluation.models.asking import Channel, Invitation, Nudge, OptOut, Room, WordingTrial
from training_hub.evaluation.models.forms import (
    Confidentiality,
    CourseForm,
    FormState,
    Question,
    QuestionKind,
    Questionnaire,
    Stage,
)
from training_hub.evaluation.models.learning import AnswerTheme, CourseAction, CourseReview, Theme

__all__ = [
    "AnonymousAnswers",
    "Answer",
    "AnswerTheme",
    "Channel",
    "Confidentiality",
    "CourseAction",
    "CourseForm",
    "CourseReview",
    "FormState",
    "Invitation",
    "Nudge",
    "OptOut",
    "PartAnswers",
    "Question",
    "QuestionKind",
    "Questionnaire",
    "Response",
    "Review",
    "Room",
    "Stage",
    "Theme",
    "WordingTrial",
    "random_id",
]
