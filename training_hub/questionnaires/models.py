"""Tables of questionnaires: their versions, their questions, and which course asks which."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.database import Base, index, words
from training_hub.people.models import Person


class Stage(enum.Enum):
    """When an evaluation is asked, and of whom (domain 6)."""

    BEFORE = "before"
    """At booking, or in the week before."""
    END = "end"
    """Once the course is completed."""
    SIX_WEEKS = "six weeks"
    THREE_MONTHS = "three months"
    """What changed in practice, that long after the course."""
    MANAGER = "manager"
    """Whether the line manager sees the change."""


class Confidentiality(enum.Enum):
    """Who may know who said what (domain 6)."""

    ATTRIBUTED = "attributed"
    """Trainers and hub officers see names."""
    CONFIDENTIAL = "confidential"
    """Hub officers see names, trainers do not."""
    ANONYMOUS = "anonymous"
    """Nobody can know: who has returned is kept apart from what was said."""


class FormState(enum.Enum):
    """Whether a version of a form is asked."""

    DRAFT = "draft"
    IN_USE = "in use"
    WITHDRAWN = "withdrawn"
    """A later version is in use, or none."""


class QuestionKind(enum.Enum):
    """How a question is answered."""

    SCALE = "scale"
    """One whole number, 1 to 5, of which 5 is best."""
    BALANCE = "balance"
    """One whole number, 1 to 5, of which 3 is best: too slow to too fast. It has no average worth showing."""
    BEFORE_NOW = "before and now"
    """Two whole numbers, 1 to 5: then and now, asked together."""
    CHOICE = "one choice"
    CHOICES = "several choices"
    YES_NO = "yes or no"
    SHORT = "short text"
    TEXT = "text"


class Questionnaire(Base):
    """One version of a form. One that was ever in use is never changed under its answers: a new version is made."""

    __tablename__ = "questionnaire"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    """What all its versions are called."""
    version: Mapped[int] = mapped_column(default=1)
    stage: Mapped[Stage] = mapped_column(words(Stage))
    confidentiality: Mapped[Confidentiality] = mapped_column(words(Confidentiality))
    is_default: Mapped[bool] = mapped_column(default=False)
    """Asked at its stage where a course names no other form."""
    state: Mapped[FormState] = mapped_column(words(FormState), default=FormState.IN_USE)
    made_at: Mapped[datetime | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Both None for what the product brings with it."""

    questions: Mapped[list["Question"]] = relationship(order_by="Question.position", lazy="select")
    made_by: Mapped[Person | None] = relationship(lazy="select")


index(
    Questionnaire.name,
    name="uq_questionnaire_in_use",
    unique=True,
    where=Questionnaire.state == FormState.IN_USE,
)
index(
    Questionnaire.stage,
    name="uq_questionnaire_default",
    unique=True,
    where=Questionnaire.is_default,
)


class Question(Base):
    """One question of one version of a form.

    The bank of questions is all that were ever asked: questions with one key are the same question, of the same kind,
    whatever form and version they stand in, and their figures can be compared.
    """

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("questionnaire_id", "position"),
        UniqueConstraint("questionnaire_id", "key"),
        index("key", name="ix_question_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    section: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(String(300))
    help: Mapped[str] = mapped_column(String(300), default="")
    kind: Mapped[QuestionKind] = mapped_column(words(QuestionKind))
    low: Mapped[str] = mapped_column(String(60), default="")
    high: Mapped[str] = mapped_column(String(60), default="")
    options: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """The answers that can be chosen, in order; an answer keeps their numbers, from 1."""
    shown_if: Mapped[str] = mapped_column(String(40), default="")
    """The key of a yes-or-no question before it: asked only of those who said yes."""
    is_required: Mapped[bool] = mapped_column(default=False)


class CourseForm(Base):
    """That a course asks at a stage, and with which form.

    The end stage is asked wherever the course is evaluated, and has a row only where another form than the default is
    asked; every other stage is asked only where it has one.
    """

    __tablename__ = "course_form"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)
    stage: Mapped[Stage] = mapped_column(words(Stage), primary_key=True)
    form_name: Mapped[str] = mapped_column(String(120), default="")
    """What its versions are called, of which the one in use is asked; empty for the default of the stage."""
