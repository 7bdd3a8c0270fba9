"""Training Hub: how a Safeguarding Children Partnership runs its multi-agency training."""

from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from training_hub.clock import Clock
    from training_hub.config import Settings

PACKAGES = (
    "web",
    "mail",
    "people",
    "sign_in",
    "catalogue",
    "bookings",
    "attendance",
    "questionnaires",
    "improvement",
    "evaluation",
    "results",
    "certificates",
    "reporting",
    "pages",
)
"""The modules that register views, lowest layer first."""


def create_app(settings: "Settings", clock: "Clock | None" = None) -> Flask:
    """Build the application with these settings and this clock. Only this function joins all packages."""
    from training_hub import access, database  # noqa: PLC0415 - so that `import training_hub` costs nothing
    from training_hub.clock import system_clock  # noqa: PLC0415 - likewise
    from training_hub.web import form_keys  # noqa: PLC0415 - likewise
    from training_hub.web.logs import Application  # noqa: PLC0415 - likewise

    app = Application(__name__)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            # The text of errors is logged, so it must not contain what people wrote, such as their needs.
            "hide_parameters": True,
            # A process keeps two connections when it is idle, and opens one for each thread when it is busy.
            **({} if settings.is_sqlite else {"pool_pre_ping": True, "pool_size": 2, "max_overflow": -1}),
        },
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        SESSION_COOKIE_NAME="training_hub",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https:"),
        # Large enough for forms. No page takes a file, and others wait to write while a request is read.
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions["clock"] = clock or system_clock
    database.init_app(app)
    for name in PACKAGES:
        views = import_module(f"training_hub.{name}.views")
        views.init_app(app)
    # After the packages' own hooks, which load the signed-in person.
    access.init_app(app)
    form_keys.init_app(app)
    return app
