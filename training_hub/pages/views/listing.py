"""The coming course dates, to search and filter."""

from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from math import ceil
from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from training_hub import clock
from training_hub.access import public
from training_hub.catalogue.queries import course_at
from training_hub.london import london_date
from training_hub.pages.forms.listing import IN_CALENDAR, SEARCHED, ListingForm
from training_hub.pages.queries import programme
from training_hub.pages.views.blueprint import blueprint, own_agency
from training_hub.web.addresses import page_number


@blueprint.get("/dates")
@public
def listing() -> str:
    """The coming course dates, soonest first."""
    now = clock.now()
    search, filters = _asked(
        request.script_root, _choices(now), tuple(_kept(SEARCHED).items()), london_date(now).replace(day=1)
    )
    page = page_number()
    cards, total = programme.listing(search, now=now, page=page, agency_id=own_agency())
    return render_template(
        "pages/listing.html",
        filters=filters,
        search=search,
        cards=cards,
        own=programme.own_states(current_user.id, [card.row.id for card in cards])
        if cards and current_user.is_authenticated
        else {},
        total=total,
        page=page,
        pages=ceil(total / programme.DATES_ON_A_PAGE),
        asked=_kept(SEARCHED),
        calendar=url_for("pages.programme_calendar", **_kept(IN_CALENDAR)),
    )


# Cached: the filters depend only on the search and the programme, and take longer to draw than the dates to find.
@lru_cache(maxsize=256)
def _asked(
    _root: str, choices: programme.Choices, asked: tuple[tuple[str, str], ...], month: date
) -> tuple[programme.Search, Markup]:
    """The search that the address asks for, and the HTML of its form."""
    form = ListingForm(MultiDict(asked))
    form.offer(choices, today=month)
    search = form.search()
    return search, Markup(render_template("pages/_filters.html", form=form, search=search))  # noqa: S704 - Jinja escapes


def _choices(now: datetime) -> programme.Choices:
    choices = programme.choices(now=now)
    slug = request.args.get("course", "")
    if slug and slug not in dict(choices.courses):
        # A link to a course without dates must show no dates, and not those of other courses.
        course = course_at(slug)
        if course is not None and course.is_listed:
            return replace(choices, courses=(*choices.courses, (course.slug, course.title)))
    return choices


def _kept(names: tuple[str, ...]) -> dict[str, Any]:
    """The filters in the address that are not empty."""
    return {name: request.args[name] for name in names if request.args.get(name)}
