"""The blueprint on which every module of this package hangs its views."""

from flask import Blueprint

blueprint = Blueprint("questionnaires", "training_hub.questionnaires")
