"""Policies of the partnership, a course and a date."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.catalogue import queries
from training_hub.catalogue.actions import set_policies
from training_hub.errors import Stale, version_of
from training_hub.pages.forms.policies import GROUPS, PartnershipPoliciesForm, PoliciesForm, answers, in_words
from training_hub.pages.views.blueprint import blueprint
from training_hub.people.asker import asker
from training_hub.policies.actions import set_partnership_policies
from training_hub.policies.models import Over
from training_hub.policies.queries import changes_over, partnership
from training_hub.policies.rules import DEFAULTS, Policies, differing, policies_of, stored_value
from training_hub.web.forms import render_form_page


@blueprint.route("/manage/policies", methods=["GET", "POST"])
@requires(Permission.EDIT_POLICIES)
def policies() -> ResponseReturnValue:
    """The policies of the whole partnership."""
    stored = partnership()
    in_force = policies_of(stored)
    shown = {field.name: stored_value(getattr(in_force, field.name)) for field in fields(Policies)}

    return _page(
        Over.PARTNERSHIP,
        0,
        stored=stored,
        shown=shown,
        wider=DEFAULTS,
        save=_save_for_all,
        back=None,
        here=url_for("pages.policies"),
        facts={"heading": "Policies", "of": "partnership"},
    )


@blueprint.route("/manage/courses/<slug>/policies", methods=["GET", "POST"])
@requires(Permission.EDIT_POLICIES)
def course_policies(slug: str) -> ResponseReturnValue:
    """The policies of a course that differ from the partnership's."""
    course = queries.course_at(slug) or abort(404)
    return _page(
        Over.COURSE,
        course.id,
        stored=course.policies,
        shown=course.policies,
        wider=policies_of(partnership()),
        save=partial(set_policies, course),
        back=(url_for("catalogue.edit_course", slug=slug), course.title),
        here=url_for("pages.course_policies", slug=slug),
        facts={"heading": "Policies of this course", "of": "course", "subject": course.title},
    )


@blueprint.route("/manage/dates/<int:event_id>/policies", methods=["GET", "POST"])
@requires(Permission.EDIT_POLICIES)
def event_policies(event_id: int) -> ResponseReturnValue:
    """The policies of a course date that differ from its course's."""
    event = queries.event_in_full(event_id) or abort(404)
    return _page(
        Over.EVENT,
        event.id,
        stored=event.policies,
        shown=event.policies,
        wider=policies_of(partnership(), event.course.policies),
        save=partial(set_policies, event),
        back=(url_for("pages.managed_date", event_id=event_id), "The course date"),
        here=url_for("pages.event_policies", event_id=event_id),
        facts={"heading": "Policies of this course date", "of": "date", "subject": event.course.title},
    )


def _save_for_all(wanted: Mapping[str, Any], **change: Any) -> None:
    set_partnership_policies(differing(policies_of(wanted), DEFAULTS), **change)


def _page(
    over: Over,
    over_id: int,
    *,
    stored: Mapping[str, Any],
    shown: Mapping[str, Any],
    wider: Policies,
    save: Callable[..., None],
    back: tuple[str, str] | None,
    here: str,
    facts: dict[str, Any],
) -> ResponseReturnValue:
    is_all = over is Over.PARTNERSHIP
    kind = PartnershipPoliciesForm if is_all else PoliciesForm
    form = kind(data={**answers(shown), "version": version_of(stored)})
    form.say_defaults(in_words(wider), "By default" if is_all else "Otherwise")
    if form.validate_on_submit():
        try:
            save(form.policies(), seen=form.version.data, by=asker(), now=clock.now())
        except Stale as stale:
            form.say_stale(stale, version_of(stored))
        else:
            return redirect(f"{here}?saved=", 303)
    return render_form_page(
        "pages/policies.html",
        form,
        groups=GROUPS,
        is_all=is_all,
        changes=changes_over(over, over_id),
        back=back,
        here=here,
        saved="saved" in request.args,
        **facts,
    )
