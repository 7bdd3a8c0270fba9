"""The blueprint of this package's views."""

from flask import Blueprint

blueprint = Blueprint("evaluation", "training_hub.evaluation")
