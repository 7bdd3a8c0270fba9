"""Policies of the partnership, a course and a date."""

from dataclasses import fields
from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.catalogue import queries
from training_hub.catalogue.actions import set_policies
from training_hub.catalogue.models import Course, Event
from training_hub.catalogue.rules import over
from training_hub.errors import Stale, version_of
from training_hub.pages.forms.policies import GROUPS, PartnershipPoliciesForm, PoliciesForm, answers, in_words
from training_hub.pages.views.blueprint import blueprint
from training_hub.people.asker import asker
from training_hub.policies.actions import set_partnership_policies
from training_hub.policies.models import Over
from training_hub.policies.queries import changes_over, partnership
from training_hub.policies.rules import DEFAULTS, Policies, differing, policies_of, stored_value
from training_hub.web.addresses import this_page
from training_hub.web.forms import render_form_page


@blueprint.route("/manage/policies", methods=["GET", "POST"])
@requires(Permission.EDIT_POLICIES)
def policies() -> ResponseReturnValue:
    """The policies of the whole partnership."""
    in_force = policies_of(partnership())
    shown = {field.name: stored_value(getattr(in_force, field.name)) for field in fields(Policies)}
    form = PartnershipPoliciesForm(data={**answers(shown), "version": version_of(partnership())})
    form.say_defaults(in_words(DEFAULTS), "By default")
    return _page(form, None, heading="Policies")


@blueprint.route("/manage/courses/<slug>/policies", methods=["GET", "POST"])
@requires(Permission.EDIT_POLICIES)
def course_policies(slug: str) -> ResponseReturnValue:
    """The policies of a course that differ from the partnership's."""
    course = queries.course_at(slug) or abort(404)
    form = _form(course, policies_of(partnership()))
    back = (url_for("catalogue.edit_course", slug=slug), course.title)
    return _page(form, course, heading="Policies of this course", subject=course.title, back=back)


@blueprint.route("/manage/dates/<int:event_id>/policies", methods=["GET", "POST"])
@requires(Permission.EDIT_POLICIES)
def event_policies(event_id: int) -> ResponseReturnValue:
    """The policies of a course date that differ from its course's."""
    event = queries.event_in_full(event_id) or abort(404)
    form = _form(event, policies_of(partnership(), event.course.policies))
    back = (url_for("pages.managed_date", event_id=event_id), "The course date")
    return _page(form, event, heading="Policies of this course date", subject=event.course.title, back=back)


def _form(of: Course | Event, wider: Policies) -> PoliciesForm:
    form = PoliciesForm(data={**answers(of.policies), "version": version_of(of.policies)})
    form.say_defaults(in_words(wider), "Otherwise")
    return form


def _page(form: PoliciesForm, of: Course | Event | None, **facts: Any) -> ResponseReturnValue:
    """Show and save policies: of a course, of a date or, if neither is given, of the partnership."""
    if form.validate_on_submit():
        try:
            _save(form, of)
        except Stale as stale:
            form.say_stale(stale, version_of(partnership() if of is None else of.policies))
        else:
            return redirect(f"{this_page()}?saved=", 303)
    changes = changes_over(Over.PARTNERSHIP) if of is None else changes_over(over(of), of.id)
    saved, of_date = "saved" in request.args, isinstance(of, Event)
    facts |= {"here": this_page(), "changes": changes, "saved": saved, "of_date": of_date}
    return render_form_page("pages/policies.html", form, groups=GROUPS, is_all=of is None, **facts)


def _save(form: PoliciesForm, of: Course | Event | None) -> None:
    wanted, seen = form.policies(), form.version.data
    if of is None:
        differ = differing(policies_of(wanted), DEFAULTS)
        set_partnership_policies(differ, seen=seen, by=asker(), now=clock.now())
    else:
        set_policies(of, wanted, seen=seen, by=asker(), now=clock.now())
