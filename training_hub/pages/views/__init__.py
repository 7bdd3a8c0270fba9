"""The door to the pages that are assembled from several packages: one module for each family of pages."""

from flask import Flask

from training_hub.access import Permission
from training_hub.evaluation.queries import do_certificates_wait
from training_hub.pages.cards import date_card_of
from training_hub.pages.views import (
    calendar,
    comments,
    course,
    date,
    evaluate,
    evaluation_mails,
    form_questions,
    forms,
    home,
    learning,
    listing,
    manage_courses,
    manage_event,
    my_bookings,
    policies,
    results,
    results_files,
    room,
    room_screen,
    themes,
    trials,
    worked,
)
from training_hub.pages.views.blueprint import blueprint
from training_hub.web.pages import navigation_item

__all__ = [
    "calendar",
    "comments",
    "course",
    "date",
    "evaluate",
    "evaluation_mails",
    "form_questions",
    "forms",
    "home",
    "learning",
    "listing",
    "manage_courses",
    "manage_event",
    "my_bookings",
    "policies",
    "results",
    "results_files",
    "room",
    "room_screen",
    "themes",
    "trials",
    "worked",
]


def init_app(app: Flask) -> None:
    """Open the door."""
    navigation_item("Course dates", "pages.listing", place=10)
    navigation_item("My bookings", "pages.my_bookings", Permission.SEE_BOOKINGS, place=20)
    navigation_item(
        "Results", "pages.results", Permission.SEE_RESULTS, place=45, also=("pages.comments", "pages.themes")
    )
    navigation_item("Actions", "pages.actions", Permission.READ_REPORTS, place=47)
    navigation_item("Manage dates", "catalogue.events", Permission.EDIT_CATALOGUE, place=50)
    navigation_item("Forms", "pages.forms", Permission.EDIT_FORMS, place=65)
    navigation_item("Policies", "pages.policies", Permission.EDIT_POLICIES, place=75)
    app.jinja_env.globals["date_card_of"] = date_card_of
    # For the pages of other packages too, which know nothing of evaluations.
    app.jinja_env.globals["do_certificates_wait"] = do_certificates_wait
    app.register_blueprint(blueprint)
    for path, endpoint, view in (*manage_event.DOORS, *manage_courses.DOORS):
        app.add_url_rule(path, endpoint, view)
