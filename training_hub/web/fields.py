"""Fields that WTForms lacks: a date in three parts, a time as people write it, and a number.

Each takes `what`, the first words of its error sentences, and `missing`, the sentence for a missing answer.
"""

import re
from datetime import date, time
from typing import Any

from wtforms import Field, StringField
from wtforms.validators import InputRequired, Optional

from training_hub.wording import MONTHS


def id_or_none(value: Any) -> int | None:
    """The id of a choice. None for the empty choice, with which a person clears an earlier one."""
    return int(value) if value else None


class DayField(Field):  # type: ignore[misc]
    """A date typed as day, month and year; also takes one "2025-05-06". The data is a date, or None if empty.

    `what` begins the error sentences: "The date of the course must include a year". The three inputs share the
    field's name, so that other code sees one value.
    """

    PARTS = ("day", "month", "year")

    def __init__(self, label: str = "", *, what: str = "The date", missing: str = "", **options: Any) -> None:
        self.what = what
        self.wrong_parts: tuple[str, ...] = ()
        super().__init__(label, **_needed(missing, options))

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The three inputs and their values: [("day", "6"), ("month", "5"), ("year", "2025")]."""
        typed = self.raw_data or []
        if len(typed) == 3:
            return list(zip(self.PARTS, typed, strict=True))
        day = self.data
        values = (str(day.day), str(day.month), str(day.year)) if isinstance(day, date) else ("", "", "")
        return list(zip(self.PARTS, values, strict=True))

    @property
    def first_wrong_part(self) -> str:
        """The input to which the error summary links."""
        return self.wrong_parts[0] if self.wrong_parts else self.PARTS[0]

    def _value(self) -> str:
        return self.data.isoformat() if isinstance(self.data, date) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = [text.strip() for text in valuelist]
        if len(typed) == 1 and re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", typed[0]):
            typed = typed[0].split("-")[::-1]
            self.raw_data = typed
        self.data = None
        if not any(typed):
            # InputRequired and Optional look only at the first input, so three empty inputs are turned into no input.
            self.raw_data = []
            return
        if len(typed) != 3:
            raise ValueError(f"{self.what} must be a real date, such as 6 5 2025")
        absent = tuple(name for name, text in zip(self.PARTS, typed, strict=True) if not text)
        if absent:
            self.wrong_parts = absent
            raise ValueError(f"{self.what} must include a {' and a '.join(absent)}")
        self.data = self._real_date(*typed)

    def pre_validate(self, form: Any) -> None:
        # If only the day is empty, Optional would accept the date, and InputRequired would call it missing.
        if self.process_errors:
            self.validators: list[Any] = []

    def _real_date(self, day: str, month: str, year: str) -> date:
        number = _month_number(month)
        if not re.fullmatch(r"[0-9]{4}", year):
            self.wrong_parts = ("year",)
            raise ValueError(f"{self.what} must include a year with four figures, such as 2025")
        try:
            return date(int(year), number, int(day))
        except ValueError:
            self.wrong_parts = ("day",) if 1 <= number <= 12 else ("month",)
            raise ValueError(f"{self.what} must be a real date, such as 6 5 2025") from None


class TimeField(StringField):  # type: ignore[misc]
    """A time of day as people write it: 9:30am, 9.30, 14:00, midday. The data is a time, or None if empty."""

    def __init__(self, label: str = "", *, what: str = "The time", missing: str = "", **options: Any) -> None:
        self.what = what
        super().__init__(label, **_needed(missing, options))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime("%H:%M") if isinstance(self.data, time) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip().lower() if valuelist else ""
        self.data = _time_of_day(text) if text else None
        if text and self.data is None:
            raise ValueError(f"{self.what} must be a time, such as 9:30am or 14:00")


class NumberField(StringField):  # type: ignore[misc]
    """A whole number, typed with or without commas. The data is an int, or None if empty."""

    def __init__(
        self,
        label: str = "",
        *,
        what: str = "The number",
        least: int = 0,
        most: int = 1_000_000,
        missing: str = "",
        **options: Any,
    ) -> None:
        self.what, self.least, self.most = what, least, most
        options["render_kw"] = {"inputmode": "numeric", **options.get("render_kw", {})}
        super().__init__(label, **_needed(missing, options))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip().replace(",", "") if valuelist else ""
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            raise ValueError(f"{self.what} must be a whole number, such as {max(self.least, 1)}")
        if not self.least <= int(text) <= self.most:
            raise ValueError(f"{self.what} must be between {self.least:,} and {self.most:,}")
        self.data = int(text)


def _needed(missing: str, options: dict[str, Any]) -> dict[str, Any]:
    options.setdefault("validators", [InputRequired(missing)] if missing else [Optional()])
    return options


def _month_number(text: str) -> int:
    """5 for "5", "05", "May" or "may"; 0 if it is not a month."""
    if len(text) >= 3:
        for number, name in enumerate(MONTHS, start=1):
            if name.lower().startswith(text.lower()):
                return number
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else 0


def _time_of_day(text: str) -> time | None:
    named = {"midday": time(12), "noon": time(12), "12 noon": time(12), "midnight": time(0)}
    if text in named:
        return named[text]
    found = re.fullmatch(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?\s*(am|pm)?", text)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute)
