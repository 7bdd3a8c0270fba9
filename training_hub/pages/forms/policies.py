"""The forms of policies. The partnership's policies all have a value. Those of a course or a date may be empty."""

from collections.abc import Mapping
from dataclasses import fields
from enum import Enum
from typing import Any

from wtforms.validators import Optional

from training_hub.people.models import Sector
from training_hub.policies.rules import Approval, Counting, Days, Policies, WaitingList, stored_value
from training_hub.web.fields import NumberField
from training_hub.web.forms import Checkboxes, Select, VersionedForm

EVERY_SECTOR = "any"
WORDS: dict[Enum, str] = {
    Days.WORKING: "Working days",
    Days.CALENDAR: "Calendar days, weekends included",
    Counting.CLEAR: "Clear: full days between the day of cancelling and the course",
    Counting.INCLUSIVE: "Inclusive: the day of cancelling is the first",
    WaitingList.OFFERS: "We offer the place to the first person waiting, who has some hours to accept",
    WaitingList.AUTOMATIC: "The first person waiting gets the place at once",
    WaitingList.MANUAL: "Nobody gets the place until the training team chooses someone",
    Approval.NOBODY: "Nobody",
    Approval.MANAGER: "The person’s line manager",
}
YES_NO = {"yes": "Yes", "no": "No"}


def _number(label: str, what: str, most: int, hint: str = "", least: int = 0) -> Any:
    return NumberField(label, what=what, least=least, most=most, description=hint, validators=[Optional()])


def _choice(label: str, kind: type[Enum]) -> Any:
    return Select(label, choices={member.value: WORDS[member] for member in kind})


def _yes_no(label: str, hint: str = "") -> Any:
    return Select(label, choices=YES_NO, description=hint)


class PoliciesForm(VersionedForm):
    """Every policy, by its name in `Policies`. If a field is empty, the wider policy applies."""

    notice_days = _number(
        "How many days’ notice must people give to cancel without it counting as late?",
        "The days of notice",
        90,
    )
    notice_unit = _choice("Which days count?", Days)
    notice_counting = _choice("How are the days counted?", Counting)
    notice_skips_bank_holidays = _yes_no("Are English bank holidays left out of working days?")
    opens_days = _number(
        "How many days before a course date do bookings open?",
        "The days before bookings open",
        365,
        "Enter 0 if bookings open as soon as the date is published.",
    )
    closes_working_days = _number(
        "How many working days before a course date do bookings close?",
        "The working days before bookings close",
        30,
        "Bookings close at the end of that day.",
    )
    sectors = Checkboxes(
        "Which sectors may book?",
        choices={
            EVERY_SECTOR: "Every sector",
            **{sector.value: sector.value.capitalize() for sector in Sector},
        },
    )
    approval = _choice("Who has to approve a booking?", Approval)
    approval_working_days = _number(
        "How many working days does a manager have to decide?", "The working days to decide", 30, least=1
    )
    approval_holds_place = _yes_no("Is a place held until the manager decides?")
    waiting_list = _choice(
        "What happens to a place that becomes available while people are on the waiting list?", WaitingList
    )
    offer_hours = _number("For how many hours is an offer held?", "The hours of an offer", 240, least=1)
    agency_cap = _number(
        "How many places may one agency hold at a course date?",
        "The places of one agency",
        500,
        "Enter 0 for no limit.",
    )
    cap_released_days = _number(
        "How many days before the course date does that limit end?", "The days before the limit ends", 90
    )
    reserved_released_days = _number(
        "How many days before the course date can anyone book reserved places that still have no name?",
        "The days before anyone can book reserved places",
        90,
    )
    least_people = _number("Minimum number of people to run a course date", "The minimum number", 100)
    least_people_working_days = _number(
        "How many working days before the course date do we check the numbers?", "The working days before", 30
    )
    reminder_days = _number(
        "How many days before a course date do we send a reminder?",
        "The days before the reminder",
        90,
        "Enter 0 for never.",
    )
    joining_days = _number(
        "How many days before a course date do we send joining instructions?",
        "The days before the joining instructions",
        60,
        "Enter 0 for never.",
    )
    copies_manager_last = _yes_no(
        "When we send the last reminder about an evaluation form, do we tell the line manager?",
        "Only if the booking names a line manager. The email says who has not answered, and about which course.",
    )
    late_full_day = _number(
        "How many minutes after the start can people still join a full day?",
        "The minutes of a full day",
        120,
    )
    late_half_day = _number(
        "How many minutes after the start can people still join half a day (four hours or less)?",
        "The minutes of half a day",
        120,
    )
    certificate_needs_evaluation = _yes_no(
        "Do people have to return their evaluation form before they get a certificate?"
    )

    def __init__(self, **options: Any) -> None:
        """Build the form. Labels do not say "optional", because the page says once what an empty answer means."""
        super().__init__(**options)
        for name in NAMES:
            self[name].flags.optional = False

    def say_defaults(self, words: Mapping[str, str], when: str) -> None:
        """Show the default next to each policy: "By default: 3."."""
        for name in NAMES:
            self[name].description = " ".join(
                filter(None, (self[name].description, f"{when}: {words[name]}."))
            )

    def policies(self) -> dict[str, Any]:
        """The answers as values to store, without the empty ones."""
        return {
            name: _stored(name, self[name].data) for name in NAMES if self[name].data not in (None, "", [])
        }


class PartnershipPoliciesForm(PoliciesForm):
    """The partnership's own policies. Each needs a value, because there is no wider policy."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Every policy needs a valid answer."""
        super().validate(extra_validators)
        for name in NAMES:
            field = self[name]
            if not field.errors and field.data in (None, "", []):
                field.errors = ["Enter a number" if isinstance(field, NumberField) else "Choose an answer"]
        return not self.errors


NAMES = tuple(field.name for field in fields(Policies))
NULLABLE = frozenset(field.name for field in fields(Policies) if field.type == int | None)
"""Policies for which 0 means none."""
YES_OR_NO = frozenset(field.name for field in fields(Policies) if field.type is bool)
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Cancelling", ("notice_days", "notice_unit", "notice_counting", "notice_skips_bank_holidays")),
    ("When bookings open and close", ("opens_days", "closes_working_days")),
    ("Who may book", ("sectors",)),
    ("Approval", ("approval", "approval_working_days", "approval_holds_place")),
    ("The waiting list", ("waiting_list", "offer_hours")),
    ("Places for agencies", ("agency_cap", "cap_released_days", "reserved_released_days")),
    ("Too few people", ("least_people", "least_people_working_days")),
    ("Reminders", ("reminder_days", "joining_days")),
    ("Evaluation forms", ("copies_manager_last",)),
    ("Arriving late", ("late_full_day", "late_half_day")),
    ("Certificates", ("certificate_needs_evaluation",)),
)


def _stored(name: str, data: Any) -> Any:
    if name in NULLABLE:
        return data or None
    if name in YES_OR_NO:
        return data == "yes"
    if name == "sectors":
        return [] if EVERY_SECTOR in data else list(data)
    return data


def answers(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored policies as the data of a form."""
    return {name: _shown(name, value) for name, value in stored.items() if name in NAMES}


def _shown(name: str, value: Any) -> Any:
    if name in NULLABLE:
        return value or 0
    if name in YES_OR_NO:
        return "yes" if value else "no"
    return list(value) or [EVERY_SECTOR] if name == "sectors" else value


def in_words(policies: Policies) -> dict[str, str]:
    """The value of each policy, in a word or two."""
    return {name: _word(name, getattr(policies, name)) for name in NAMES}


def _word(name: str, value: Any) -> str:
    if isinstance(value, Enum):
        return WORDS[value].partition(":")[0].partition(",")[0]
    if name in NULLABLE:
        return str(value or 0)
    if name in YES_OR_NO:
        return YES_NO["yes" if value else "no"]
    if name == "sectors":
        return ", ".join(value) or "every sector"
    return str(stored_value(value))
