"""Render an email's subject, text and HTML from one template.

`templates/mail/<name>.txt` fills the blocks of `_layout.txt` and `_layout.html`. In its body, a blank line or a tag on
a line of its own ends a paragraph. Parts that differ between text and HTML (`facts`, `bullets`, `button`,
`link`, `strong`) are macros of `_parts.txt` and `_parts.html`, which every template can use.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from jinja2 import Environment

BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Words:
    """What one email says."""

    subject: str
    text: str
    html: str


def render(template: str, facts: Mapping[str, Any]) -> Words:
    """The words of the email `template`, filled in with `facts`."""
    file = f"mail/{template}.txt"
    # The first line of the text is the subject. It must stay one line, or a course title with a line break could
    # begin another header.
    subject, _, text = _environment("txt").get_template(file).render(facts).lstrip().partition("\n")
    html = _environment("html").get_template(file).render(facts)
    return Words(
        subject=subject[:250],
        text=BLANK_LINES.sub("\n\n", text).strip() + "\n",
        html=BLANK_LINES.sub("\n", html).strip() + "\n",
    )


def paragraphs(body: str) -> list[str]:
    """The paragraphs of a rendered block, without empty ones."""
    # Slices and not `re.split`, because a slice of Markup is still Markup.
    starts = [0, *(gap.end() for gap in BLANK_LINES.finditer(body))]
    ends = [*(gap.start() for gap in BLANK_LINES.finditer(body)), len(body)]
    found = (body[start:end].strip() for start, end in zip(starts, ends, strict=True))
    return [paragraph for paragraph in found if paragraph]


def _environment(form: str) -> Environment:
    """The Jinja environment for one form of emails, "txt" or "html". Built once for each application."""
    known: dict[str, Environment] = current_app.extensions.setdefault("emails", {})
    if form not in known:
        made = current_app.jinja_env.overlay(autoescape=form == "html", trim_blocks=False)
        made.globals = {**made.globals, "layout": f"mail/_layout.{form}", "paragraphs": paragraphs}
        made.globals.update(vars(made.get_template(f"mail/_parts.{form}").module))
        known[form] = made
    return known[form]
