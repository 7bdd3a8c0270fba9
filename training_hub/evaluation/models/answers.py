"""Tables of what was answered. What is kept of an anonymous form cannot be joined to who was asked (domain 6)."""

import enum
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.database import Base, index, words

# On SQLite only an INTEGER key is the row's own number: beside any other it would keep the order of arrival.
_DRAWN = BigInteger().with_variant(Integer, "sqlite")


def random_id() -> int:
    """A number for a row whose number must not tell when it came: drawn from 62 bits."""
    return secrets.randbits(62) + 1


class Review(enum.Enum):
    """What a hub officer made of a comment: none is published unread (domain 4.9)."""

    UNREAD = "unread"
    READ = "read"
    PUBLISHED = "published"
    HIDDEN = "hidden"


class Response(Base):
    """One returned form: an anonymous one names its event alone, every other its invitation."""

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("(invitation_id is null) = (event_id is not null)", name="one_origin"),
        CheckConstraint("(event_id is null) or (submitted_at is null)", name="no_moment_of_anonymous"),
        index("event_id", name="ix_response_event_id"),
    )

    id: Mapped[int] = mapped_column(_DRAWN, primary_key=True, autoincrement=False, default=random_id)
    invitation_id: Mapped[int | None] = mapped_column(
        ForeignKey("invitation.id", ondelete="CASCADE"), unique=True
    )
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"))
    submitted_at: Mapped[datetime | None]

    answers: Mapped[list["Answer"]] = relationship(cascade="all, delete-orphan", lazy="select")


class Answer(Base):
    """One answer to one question: numbers or words, by the question's kind."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("response_id", "question_id"),
        index("question_id", "review", name="ix_answer_question_id"),
        # A year of results counts some hundred thousand answers: here is all that is counted, and no row is read.
        index("response_id", "question_id", "value", "before", "chosen", name="ix_answer_counted"),
        # Of ten answers one is a comment, and each page of results counts and lists those of a year.
        index("response_id", "question_id", name="ix_answer_words", where=text("text != ''")),
    )

    id: Mapped[int] = mapped_column(_DRAWN, primary_key=True, autoincrement=False, default=random_id)
    response_id: Mapped[int] = mapped_column(_DRAWN, ForeignKey("response.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    value: Mapped[int | None]
    """1 to 5; of a before-and-now pair, the rating now; the number of the option chosen; 1 for yes, 0 for no."""
    before: Mapped[int | None]
    """Of a before-and-now pair, the rating for then."""
    chosen: Mapped[str] = mapped_column(String(100), default="")
    """The numbers of the options chosen where several can be, in order, such as "1,4"."""
    text: Mapped[str] = mapped_column(Text, default="")
    review: Mapped[Review] = mapped_column(words(Review), default=Review.UNREAD)
    published: Mapped[str] = mapped_column(Text, default="")
    """The words as they are published: what could tell who is meant is taken out of them."""


class PartAnswers(Base):
    """What someone has answered so far and not yet sent. Never of an anonymous form."""

    __tablename__ = "part_answers"

    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("invitation.id", ondelete="CASCADE"), primary_key=True
    )
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]


class AnonymousAnswers(Base):
    """That an event has answers of an anonymous form. Whoever stores, reviews or rewrites one holds this row."""

    __tablename__ = "anonymous_answers"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    is_rewritten: Mapped[bool] = mapped_column(default=False)
    """Whether they were written anew, with new numbers, since the last of them came. When, is kept nowhere."""


class Theme(Base):
    """What several comments are about, in a word or two."""

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)


class AnswerTheme(Base):
    """That a comment is about a theme, as a hub officer read it."""

    __tablename__ = "answer_theme"
    __table_args__ = (index("theme_id", name="ix_answer_theme_theme_id"),)

    answer_id: Mapped[int] = mapped_column(
        _DRAWN, ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True
    )
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), primary_key=True)
