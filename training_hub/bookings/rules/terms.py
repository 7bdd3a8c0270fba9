"""What the policies mean for one course date: the days, moments and limits that follow from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from training_hub.catalogue.models import Course
from training_hub.london import at_london, london_date, working_days_after, working_days_before
from training_hub.policies.rules import DEFAULTS, Counting, Days, Policies, WaitingList, policies_of
from training_hub.wording import plural

OFFICES_OPEN = time(8)
HALF_DAY = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Terms:
    """The policies in force for a course date, and when it starts."""

    starts_at: datetime
    policies: Policies = DEFAULTS

    @property
    def starts_on(self) -> date:
        """The London day of the date's first session."""
        return london_date(self.starts_at)

    @property
    def last_free_day(self) -> date:
        """The last London day on which a place can be cancelled on time."""
        return last_free_day(self.starts_on, self.policies)

    def is_late(self, *, now: datetime) -> bool:
        """Whether cancelling a place at `now` is late."""
        return london_date(now) > self.last_free_day

    @property
    def last_booking_day(self) -> date:
        """The last London day on which the date can be booked."""
        return working_days_before(self.starts_on, self.policies.closes_working_days)

    @property
    def bookings_close_at(self) -> datetime:
        """When bookings close: the end of the last booking day, or the start of the course."""
        return min(at_london(self.last_booking_day + timedelta(days=1)), self.starts_at)

    @property
    def bookings_open_on(self) -> date | None:
        """The first London day on which the date can be booked. None if it can be booked as soon as it is published."""
        if self.policies.opens_days is None:
            return None
        return self.starts_on - timedelta(days=self.policies.opens_days)

    def is_yet_to_open(self, *, now: datetime) -> bool:
        """Whether bookings open on a later day."""
        opens = self.bookings_open_on
        return opens is not None and london_date(now) < opens

    def cap(self, *, now: datetime) -> int | None:
        """The most places that one agency may hold at `now`. None if there is no limit."""
        cap = self.policies.agency_cap
        # Checked first, because most dates have no cap, and lists ask for every date.
        return None if cap is None or london_date(now) >= self.cap_released_on else cap

    @property
    def cap_released_on(self) -> date:
        """The London day from which the agency cap no longer applies."""
        return self.starts_on - timedelta(days=self.policies.cap_released_days)

    @property
    def reserved_released_on(self) -> date:
        """The London day on which unnamed reserved places are released."""
        return self.starts_on - timedelta(days=self.policies.reserved_released_days)

    def offer_ends_at(self, *, now: datetime) -> datetime:
        """When an offer made at `now` runs out: after the policy's hours, or when bookings close if that is sooner."""
        return min(now + timedelta(hours=self.policies.offer_hours), self.bookings_close_at)

    def decide_by(self, *, now: datetime) -> datetime:
        """When a request made at `now` lapses: after the policy's working days, or when bookings close.

        If bookings have closed already, as when a place is passed on, it lapses when the course starts.
        """
        last_day = working_days_after(london_date(now), self.policies.approval_working_days)
        latest = self.bookings_close_at if now < self.bookings_close_at else self.starts_at
        return min(at_london(last_day + timedelta(days=1)), latest)

    @property
    def list_words(self) -> str:
        """What happens to a place that becomes available, in a sentence."""
        return {
            WaitingList.OFFERS: "When a place becomes available, it is offered to the first person on the list, "
            f"who has {plural(self.policies.offer_hours, 'hour')} to accept it.",
            WaitingList.AUTOMATIC: "When a place becomes available, the first person on the list gets it "
            "and is told by email at once.",
            WaitingList.MANUAL: "When a place becomes available, the training team decides who gets it.",
        }[self.policies.waiting_list]

    def does_certificate_wait(self, course: Course) -> bool:
        """Whether the certificates of a date of `course` wait for the evaluation."""
        return course.is_evaluated and self.policies.certificate_needs_evaluation

    @property
    def numbers_due_at(self) -> datetime:
        """When officers are told of too few people: 8am, the policy's working days before."""
        day = working_days_before(self.starts_on, self.policies.least_people_working_days)
        return min(at_london(day, OFFICES_OPEN), self.starts_at)

    def least(self, capacity: int) -> int:
        """How many people must have a place: the policy's minimum, or the capacity if that is lower."""
        return min(self.policies.least_people, capacity)

    def is_few(self, people: int, *, capacity: int, now: datetime) -> bool:
        """Whether this number of people is too few, from the moment when officers are told."""
        return self.numbers_due_at <= now < self.starts_at and people < self.least(capacity)

    def late_admission(self, ends_at: datetime) -> int:
        """How many minutes after the start people are let into a session that ends at `ends_at`."""
        is_full_day = ends_at - self.starts_at > HALF_DAY
        return self.policies.late_full_day if is_full_day else self.policies.late_half_day


def terms_of(starts_at: datetime, *layers: Mapping[str, Any]) -> Terms:
    """The terms of a course date, from its start and its policies, the widest layer first."""
    return Terms(starts_at, policies_of(*layers))


def last_free_day(starts_on: date, policies: Policies) -> date:
    """The last day on which cancelling is on time, for a course that starts on this day.

    Clear days are those between the last free day and the course. Inclusive days include the last free day. A
    bank holiday counts as a working day only where the policy says so.
    """
    count, is_clear = policies.notice_days, policies.notice_counting is Counting.CLEAR
    if policies.notice_unit is Days.CALENDAR:
        return starts_on - timedelta(days=count + 1 if is_clear else count)
    skips = policies.notice_skips_bank_holidays
    last = working_days_before(starts_on, count, bank_holidays=skips)
    return last - timedelta(days=1) if is_clear else last
