"""The blueprint to which every module of this package adds its views."""

from flask import Blueprint

blueprint = Blueprint("questionnaires", "training_hub.questionnaires")
