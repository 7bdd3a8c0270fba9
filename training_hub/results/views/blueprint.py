"""The blueprint to which every module of this package adds its views."""

from flask import Blueprint

blueprint = Blueprint("results", "training_hub.results")
