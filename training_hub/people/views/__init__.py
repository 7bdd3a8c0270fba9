"""The door to people: signing in, one's own details, and looking after everybody's."""

from flask import Flask
from flask_login import LoginManager

from training_hub.access import Permission
from training_hub.people import queries
from training_hub.people.views import manage, profile, signing_in
from training_hub.people.views.blueprint import blueprint
from training_hub.web.pages import navigation_item

__all__ = ["init_app", "manage", "profile", "signing_in"]


def init_app(app: Flask) -> None:
    """Open the door, and from here on know who is asking."""
    login = LoginManager()
    # Strong protection would end the sign-in of everyone whose network address changes, as on a train.
    login.session_protection = None
    login.user_loader(queries.signed_in_person)
    login.init_app(app)
    app.register_blueprint(blueprint)
    navigation_item("People", "people.people", Permission.EDIT_PEOPLE, place=70, also=("people.agencies",))
