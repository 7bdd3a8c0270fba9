"""The blueprint that all doors to people hang on."""

from flask import Blueprint

blueprint = Blueprint("people", __name__)
