"""The programme as a calendar feed."""

from flask import Response, current_app, request

from training_hub import clock
from training_hub.access import public
from training_hub.london import london_date
from training_hub.pages.calendar import feed
from training_hub.pages.forms.listing import ListingForm
from training_hub.pages.queries import programme
from training_hub.pages.views.blueprint import blueprint
from training_hub.web.pages import calendar_feed


@blueprint.get("/dates.ics")
@public
def programme_calendar() -> Response:
    """The programme as a feed for calendars to subscribe to, narrowed by the filters in the address."""
    now = clock.now()
    form = ListingForm(request.args)
    form.offer(programme.choices(now=now), today=london_date(now))
    settings = current_app.config["SETTINGS"]
    data = feed(
        programme.in_calendar(form.search(), now=now),
        name=settings.partnership_name,
        base_url=settings.base_url,
    )
    return calendar_feed(data, "course-dates.ics")
