"""The door to evaluation."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the door."""
