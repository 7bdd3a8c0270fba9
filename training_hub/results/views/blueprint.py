"""The blueprint on which every module of this package hangs its views."""

from flask import Blueprint

blueprint = Blueprint("results", "training_hub.results")
