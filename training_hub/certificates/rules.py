"""Decisions about certificates: who is entitled to one, how its number is written, whether it is valid."""

import enum
import secrets
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.errors import Refused
from training_hub.london import london_date
from training_hub.wording import ALPHABET


class NotCompleted(Refused):
    """The register does not say that the person completed the course."""


class NotEvaluated(Refused):
    """The certificate waits for the evaluation, and it has not come back."""


def new_number() -> str:
    """A certificate's number, such as "7KQ2-M9XD-4TRA": drawn at random, 59 bits, so that none can be guessed."""
    drawn = [secrets.choice(ALPHABET) for _ in range(12)]
    return "-".join("".join(drawn[start : start + 4]) for start in (0, 4, 8))


def as_number(typed: str) -> str:
    """What was typed, written as a number is: "7kq2 m9xd 4tra" becomes "7KQ2-M9XD-4TRA"."""
    plain = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())[:20]
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def check_entitled(
    status: Status, *, ends_at: datetime, now: datetime, needs_evaluation: bool, is_returned: bool
) -> None:
    """Raises NotCompleted or NotEvaluated: a certificate needs a completed place, and the evaluation where the course
    asks for one and the policy has the certificate wait for it (domain 5)."""
    check_completed(status, ends_at=ends_at, now=now)
    if needs_evaluation and not is_returned:
        raise NotEvaluated(
            "The evaluation of this course has not come back yet. The certificate waits for it."
        )


def check_completed(status: Status, *, ends_at: datetime, now: datetime) -> None:
    """Raises NotCompleted while the course goes on, and where the register does not say that it was completed."""
    if status is not Status.COMPLETED:
        raise NotCompleted("The register does not show this course as completed, so there is no certificate.")
    if now < ends_at:
        raise NotCompleted("The course is not over yet. You can have the certificate once it is.")


class Standing(enum.Enum):
    """What a certificate is worth on a day."""

    VALID = "valid"
    EXPIRED = "expired"
    """It is genuine and out of date."""
    WITHDRAWN = "withdrawn"
    """The register no longer says that the course was completed."""


@dataclass(frozen=True)
class Validity:
    """Whether a certificate is valid, and until when."""

    standing: Standing
    until: date | None
    """Its last day; None where it never runs out."""

    @property
    def is_genuine(self) -> bool:
        """Whether it counts as a certificate of ours, out of date or not."""
        return self.standing is not Standing.WITHDRAWN

    @property
    def is_expired(self) -> bool:
        """Whether it is genuine and out of date: pages say so before anything else."""
        return self.standing is Standing.EXPIRED


def validity(status: Status, ended_at: datetime, months: int | None, *, now: datetime) -> Validity:
    """What the certificate of a booking is worth now: its status, the end of its course date, and for how many months
    the course is valid (domain 6)."""
    until = valid_until(ended_at, months)
    if status is not Status.COMPLETED:
        return Validity(Standing.WITHDRAWN, until)
    is_over = until is not None and london_date(now) > until
    return Validity(Standing.EXPIRED if is_over else Standing.VALID, until)


def validity_of(booking: Booking, *, now: datetime) -> Validity:
    """What the certificate of `booking` is worth now."""
    event = booking.event
    return validity(booking.status, event.ends_at, event.course.validity_months, now=now)


def valid_until(completed_at: datetime, months: int | None) -> date | None:
    """The last day of a certificate; None where it never runs out."""
    if months is None:
        return None
    day = london_date(completed_at)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
