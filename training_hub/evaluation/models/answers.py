"""Returned forms and their answers. Answers to an anonymous form cannot be joined to a person."""

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

# On SQLite the key must be INTEGER: with any other type SQLite adds its own row number, in the order of arrival.
_DRAWN = BigInteger().with_variant(Integer, "sqlite")


def random_id() -> int:
    """A random number of 62 bits, for rows whose id must not reveal when they were stored."""
    return secrets.randbits(62) + 1


class Review(enum.Enum):
    """What a hub officer decided about a comment. No comment is published before it is read."""

    UNREAD = "unread"
    READ = "read"
    PUBLISHED = "published"
    HIDDEN = "hidden"


class Response(Base):
    """One returned form. A form with a name has its invitation, and an anonymous one only its event."""

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
        # Results of a year count some hundred thousand answers, and read nothing but this index.
        index("response_id", "question_id", "value", "before", "chosen", name="ix_answer_counted"),
        # One answer in ten is a comment, and each page of results counts and lists a year's comments.
        index("response_id", "question_id", name="ix_answer_words", where=text("text != ''")),
    )

    id: Mapped[int] = mapped_column(_DRAWN, primary_key=True, autoincrement=False, default=random_id)
    response_id: Mapped[int] = mapped_column(_DRAWN, ForeignKey("response.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    value: Mapped[int | None]
    """A rating from 1 to 5 (of a pair, the one for "now"), the number of an option, or 1 for yes and 0 for no."""
    before: Mapped[int | None]
    """The rating before, in a before-and-now pair."""
    chosen: Mapped[str] = mapped_column(String(100), default="")
    """The numbers of the chosen options in order, such as "1,4", if several can be chosen."""
    text: Mapped[str] = mapped_column(Text, default="")
    review: Mapped[Review] = mapped_column(words(Review), default=Review.UNREAD)
    published: Mapped[str] = mapped_column(Text, default="")
    """The words as they are published, without anything that identifies people."""


class PartAnswers(Base):
    """Answers that the person has not sent yet. None are stored for an anonymous form."""

    __tablename__ = "part_answers"

    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("invitation.id", ondelete="CASCADE"), primary_key=True
    )
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]


class AnonymousAnswers(Base):
    """An event with answers to an anonymous form. This row is locked to store, review or rewrite any of them."""

    __tablename__ = "anonymous_answers"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    is_rewritten: Mapped[bool] = mapped_column(default=False)
    """Whether the answers were rewritten with new ids since the last one arrived. The time is not stored."""


class Theme(Base):
    """What several comments are about, in a word or two."""

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)


class AnswerTheme(Base):
    """A comment that a hub officer has put under a theme."""

    __tablename__ = "answer_theme"
    __table_args__ = (index("theme_id", name="ix_answer_theme_theme_id"),)

    answer_id: Mapped[int] = mapped_column(
        _DRAWN, ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True
    )
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), primary_key=True)
