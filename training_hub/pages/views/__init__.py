"""The views of pages that combine several packages, in one module for each group of pages."""

from flask import Flask

from training_hub.access import Permission
from training_hub.catalogue.models import place_name
from training_hub.pages.cards import date_card_of
from training_hub.pages.views import (  # noqa: F401 - each adds its views to the blueprint
    about,
    calendar,
    course,
    course_review,
    date,
    evaluate,
    home,
    listing,
    managed_courses,
    managed_dates,
    my_bookings,
    owed,
    policies,
)
from training_hub.pages.views.blueprint import blueprint
from training_hub.web.pages import NAVIGATION, Entry


def init_app(app: Flask) -> None:
    """Register the views with `app`."""
    NAVIGATION["pages.listing"] = Entry("Course dates", place=10)
    NAVIGATION["pages.my_bookings"] = Entry("My bookings", Permission.SEE_BOOKINGS, place=20)
    NAVIGATION["pages.managed_dates"] = Entry("Manage dates", Permission.EDIT_CATALOGUE, place=50)
    NAVIGATION["pages.policies"] = Entry("Policies", Permission.EDIT_POLICIES, place=75)
    app.jinja_env.globals["date_card_of"] = date_card_of
    app.jinja_env.globals["place_name"] = place_name
    app.register_blueprint(blueprint)
