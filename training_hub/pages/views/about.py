"""Privacy, cookies, accessibility and contact pages."""

from flask import render_template

from training_hub.access import public
from training_hub.pages.views.blueprint import blueprint
from training_hub.policies.queries import do_certificates_wait


@blueprint.get("/privacy")
@public
def privacy() -> str:
    """The privacy page: what we keep, who sees it, and for how long."""
    return render_template("pages/privacy.html")


@blueprint.get("/cookies")
@public
def cookies() -> str:
    """The page about the one cookie that we set."""
    return render_template("pages/cookies.html")


@blueprint.get("/accessibility")
@public
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("pages/accessibility.html")


@blueprint.get("/contact")
@public
def contact() -> str:
    """How to contact the training team."""
    return render_template("pages/contact.html", do_certificates_wait=do_certificates_wait())
