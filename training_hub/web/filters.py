"""Values as people read them: London dates, counts and rates. Each function is a Jinja filter and a global."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from training_hub.wording import (
    count,
    date,
    day_of_month,
    deadline,
    iso_date,
    moment,
    month,
    month_year,
    percentage,
    plural,
    rate,
    short_date,
    short_moment,
    span,
    time,
    times,
    weekday,
)


def init_app(app: Flask) -> None:
    """Add every formatter to the templates, under its own name."""
    for name, formatter in FORMATTERS.items():
        app.jinja_env.filters[name] = formatter
        # As globals they can also be called with two values: {{ rate(returned, due) }}.
        app.jinja_env.globals[name] = formatter


FORMATTERS: dict[str, Callable[..., Any]] = {
    formatter.__name__: formatter
    for formatter in (
        date, short_date, weekday, month, month_year, day_of_month, iso_date, time, times, moment,
        deadline, short_moment, span, count, percentage, rate, plural,
    )
}  # fmt: skip
