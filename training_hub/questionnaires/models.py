"""Tables of questionnaires: their versions, their questions, and the courses that ask them."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.database import Base, index, words
from training_hub.people.models import Person


class Stage(enum.Enum):
    """When an evaluation is asked. The stage also decides who answers it."""

    BEFORE = "before"
    """At booking, or in the week before."""
    END = "end"
    """Once the course is completed."""
    SIX_WEEKS = "six weeks"
    THREE_MONTHS = "three months"
    """How practice has changed since the course."""
    MANAGER = "manager"
    """Whether the line manager sees a change."""


class Confidentiality(enum.Enum):
    """Who can see a person's name next to their answers."""

    ATTRIBUTED = "attributed"
    """Trainers and hub officers see names."""
    CONFIDENTIAL = "confidential"
    """Hub officers see names, trainers do not."""
    ANONYMOUS = "anonymous"
    """Nobody can see names, because the answers are stored without the person."""


class VersionState(enum.Enum):
    """Whether a version of a questionnaire is a draft, in use or withdrawn."""

    DRAFT = "draft"
    IN_USE = "in use"
    WITHDRAWN = "withdrawn"
    """A former version: a later one is in use, or none is."""


class QuestionKind(enum.Enum):
    """How a question is answered."""

    SCALE = "scale"
    """One whole number, 1 to 5, of which 5 is best."""
    BALANCE = "balance"
    """One whole number, 1 to 5, of which 3 is best, such as the pace. Its average means nothing."""
    BEFORE_NOW = "before and now"
    """Two whole numbers, 1 to 5: before the course, and now."""
    CHOICE = "one choice"
    CHOICES = "several choices"
    YES_NO = "yes or no"
    SHORT = "short text"
    TEXT = "text"


class Questionnaire(Base):
    """One version of a questionnaire. A version that was ever in use never changes: officers make a new one."""

    __tablename__ = "questionnaire"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    """The same for all its versions."""
    version: Mapped[int] = mapped_column(default=1)
    stage: Mapped[Stage] = mapped_column(words(Stage))
    confidentiality: Mapped[Confidentiality] = mapped_column(words(Confidentiality))
    is_default: Mapped[bool] = mapped_column(default=False)
    """Whether courses that name no other questionnaire ask this one at its stage."""
    state: Mapped[VersionState] = mapped_column(words(VersionState), default=VersionState.IN_USE)
    made_at: Mapped[datetime | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The time and the author are None for questionnaires that come with the product."""

    questions: Mapped[list["Question"]] = relationship(order_by="Question.position", lazy="select")
    made_by: Mapped[Person | None] = relationship(lazy="select")


index(
    Questionnaire.name,
    name="uq_questionnaire_in_use",
    unique=True,
    where=Questionnaire.state == VersionState.IN_USE,
)
index(
    Questionnaire.stage,
    name="uq_questionnaire_default",
    unique=True,
    where=Questionnaire.is_default,
)


class Question(Base):
    """One question of one version of a questionnaire.

    Questions with the same key are the same question, of the same kind, in every questionnaire and version, so their
    figures can be compared. The bank is every question that was ever in a questionnaire.
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
    """The answers to choose from, in order. An answer stores their numbers, from 1."""
    shown_if: Mapped[str] = mapped_column(String(40), default="")
    """The key of an earlier yes-or-no question, if only people who said yes to it are asked this one."""
    is_required: Mapped[bool] = mapped_column(default=False)


class CourseQuestionnaire(Base):
    """The questionnaire that a course asks at a stage.

    An evaluated course asks at its end, and needs a row for that stage only if it does not use the default. At every
    other stage, a course asks only if it has a row.
    """

    __tablename__ = "course_form"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)
    stage: Mapped[Stage] = mapped_column(words(Stage), primary_key=True)
    questionnaire_name: Mapped[str] = mapped_column("form_name", String(120), default="")
    """The questionnaire's name: its version in use is asked. Empty for the default of the stage."""
