"""A door that only a test opens: a public view, hung on the application before its first request."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from training_hub.access import public


def opened(app: Flask, path: str, view: Callable[[], Any], *, post: bool = False) -> None:
    """Have `view` answer at `path`, for anyone, with any values in the path."""

    def answer(**_gaps: object) -> Any:
        return view()

    app.add_url_rule(path, path.strip("/"), public(answer), methods=["GET", "POST"] if post else ["GET"])
