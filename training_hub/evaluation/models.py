"""Tables of questionnaires, of who is asked, and of what was answered."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.bookings.models import Booking
from training_hub.database import Base, index, words


class Stage(enum.Enum):
    """When an evaluation is asked. Only the end form is built so far."""

    END = "end"


class Confidentiality(enum.Enum):
    """Who may know who said what. Confidential: hub officers see names, trainers do not (domain 6)."""

    CONFIDENTIAL = "confidential"


class QuestionKind(enum.Enum):
    """How a question is answered."""

    SCALE = "scale"
    """One whole number, 1 to 5, of which 5 is best."""
    BALANCE = "balance"
    """One whole number, 1 to 5, of which 3 is best: too slow to too fast. It has no average worth showing."""
    BEFORE_NOW = "before and now"
    """Two whole numbers, 1 to 5: then and now, asked together."""
    TEXT = "text"


class Questionnaire(Base):
    """A form that is asked. One in use is never changed under its answers."""

    __tablename__ = "questionnaire"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    stage: Mapped[Stage] = mapped_column(words(Stage))
    confidentiality: Mapped[Confidentiality] = mapped_column(words(Confidentiality))
    is_default: Mapped[bool] = mapped_column(default=False)

    questions: Mapped[list["Question"]] = relationship(order_by="Question.position", lazy="select")


class Question(Base):
    """One question of a form."""

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("questionnaire_id", "position"),
        UniqueConstraint("questionnaire_id", "key"),
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
    is_required: Mapped[bool] = mapped_column(default=False)


class Invitation(Base):
    """One evaluation asked of one booking: whether it is back, and never what was said."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("booking_id", "stage"),
        # Who is to be reminded is looked for each minute, among everyone who was ever asked.
        index("returned_at", "rung", "due_at", name="ix_invitation_returned_at_rung"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    stage: Mapped[Stage] = mapped_column(words(Stage))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"))
    due_at: Mapped[datetime]
    """When it fell due: the moment from which the reminders count."""
    returned_at: Mapped[datetime | None]
    is_imported: Mapped[bool] = mapped_column(default=False)
    """Its return was brought in from elsewhere and has no answers: outside every result's n (domain 4.6)."""
    link_version: Mapped[int] = mapped_column(default=1)
    """Rises when the link is replaced: a mail that carries an older one no longer opens the form."""
    rung: Mapped[int] = mapped_column(default=1)
    """How far up the ladder of reminders it has come: 1 once invited, n + 1 after reminder n, `rules.TOP` when no more
    will follow, as for what had ended before it was entered."""

    booking: Mapped[Booking] = relationship(lazy="select")
    questionnaire: Mapped[Questionnaire] = relationship(lazy="select")


class Response(Base):
    """One returned form. A confidential one names its invitation."""

    __tablename__ = "response"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), unique=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"))
    submitted_at: Mapped[datetime]

    answers: Mapped[list["Answer"]] = relationship(cascade="all, delete-orphan", lazy="select")


class Answer(Base):
    """One answer to one question: numbers or words, by the question's kind."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("response_id", "question_id"),
        index("question_id", name="ix_answer_question_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    value: Mapped[int | None]
    """1 to 5; of a before-and-now pair, the rating now."""
    before: Mapped[int | None]
    """Of a before-and-now pair, the rating for then."""
    text: Mapped[str] = mapped_column(Text, default="")
