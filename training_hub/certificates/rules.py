"""Rules of certificates: entitlement, numbers and validity."""

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
    """The register does not show the course as completed."""


class NotEvaluated(Refused):
    """The certificate waits for the evaluation."""


def new_number() -> str:
    """A certificate number, such as "7KQ2-M9XD-4TRA". It has 59 random bits, so nobody can guess it."""
    drawn = [secrets.choice(ALPHABET) for _ in range(12)]
    return "-".join("".join(drawn[start : start + 4]) for start in (0, 4, 8))


def as_number(typed: str) -> str:
    """A typed certificate number in standard form: "7KQ2-M9XD-4TRA" for "7kq2 m9xd 4tra"."""
    plain = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())[:20]
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def check_evaluated(*, is_needed: bool, is_returned: bool) -> None:
    """Raises NotEvaluated while the certificate waits for the evaluation."""
    if is_needed and not is_returned:
        raise NotEvaluated("There is no certificate yet: the evaluation is missing.")


def check_completed(booking: Booking, *, now: datetime) -> None:
    """Raises NotCompleted unless the course is over and the register shows it as completed."""
    if booking.status is not Status.COMPLETED:
        raise NotCompleted("The register does not show this course as completed, so there is no certificate.")
    if now < booking.event.ends_at:
        raise NotCompleted("The course is not over yet. You can get the certificate afterwards.")


class Standing(enum.Enum):
    """Whether a certificate is valid, expired or withdrawn."""

    VALID = "valid"
    EXPIRED = "expired"
    """Genuine, but out of date."""
    WITHDRAWN = "withdrawn"
    """The register no longer shows the course as completed."""


@dataclass(frozen=True)
class Validity:
    """Whether a certificate is valid, and until when."""

    standing: Standing
    until: date | None
    """The certificate's last day. None if it never expires."""

    @property
    def is_genuine(self) -> bool:
        """Whether the certificate is valid or expired, but not withdrawn."""
        return self.standing is not Standing.WITHDRAWN

    @property
    def is_expired(self) -> bool:
        """Whether the certificate is genuine but out of date. Pages say so before anything else."""
        return self.standing is Standing.EXPIRED


def validity(status: Status, ended_at: datetime, months: int | None, *, now: datetime) -> Validity:
    """A certificate's validity, from its booking's status, the event's end and the course's months."""
    until = valid_until(ended_at, months)
    if status is not Status.COMPLETED:
        return Validity(Standing.WITHDRAWN, until)
    is_over = until is not None and london_date(now) > until
    return Validity(Standing.EXPIRED if is_over else Standing.VALID, until)


def validity_of(booking: Booking, *, now: datetime) -> Validity:
    """The validity of the certificate of `booking`."""
    event = booking.event
    return validity(booking.status, event.ends_at, event.course.validity_months, now=now)


def valid_until(completed_at: datetime, months: int | None) -> date | None:
    """The last day of a certificate. None if it never expires."""
    if months is None:
        return None
    day = london_date(completed_at)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
