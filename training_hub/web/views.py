"""The page that tells a monitor whether the service runs."""

from flask import Blueprint, Flask, Response, jsonify, make_response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from training_hub.access import public
from training_hub.database import db
from training_hub.web import pages

blueprint = Blueprint("web", __name__)


def init_app(app: Flask) -> None:
    """Give `app` the frame of every page, and the health page."""
    pages.init_app(app)
    app.register_blueprint(blueprint)


@blueprint.get("/health")
@public
def health() -> Response:
    """Whether pages and database answer. For monitoring, so the page shows nothing else."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return make_response(jsonify(status="no database"), 503)
    return jsonify(status="ok")
