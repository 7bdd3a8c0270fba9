"""Values as people read them: London dates, counts and rates. Each function is a Jinja filter and a global."""

from flask import Flask

from training_hub import wording

FORMATTERS = (
    wording.date, wording.short_date, wording.weekday, wording.month, wording.month_year, wording.day_of_month,
    wording.iso_date, wording.time, wording.times, wording.moment, wording.deadline, wording.short_moment,
    wording.span, wording.count, wording.percentage, wording.rate, wording.plural,
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Add every formatter to the templates, under its own name."""
    by_name = {formatter.__name__: formatter for formatter in FORMATTERS}
    app.jinja_env.filters.update(by_name)
    # Also as globals, so that templates can call them with two values: {{ rate(returned, due) }}.
    app.jinja_env.globals.update(by_name)
