"""Manage people, their roles and their agencies."""

from flask import abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from training_hub.access import Permission, Role, may, requires
from training_hub.clock import now
from training_hub.database import db
from training_hub.people import actions, queries
from training_hub.people.forms import (
    ROLE_HINTS,
    AgencyForm,
    AgencySearchForm,
    PersonForm,
    RolesForm,
    SearchForm,
    answers_of,
)
from training_hub.people.models import Agency, Person
from training_hub.people.rules import AddressTaken, AgencyTaken, is_guarded
from training_hub.people.views.blueprint import blueprint, details_of
from training_hub.web.addresses import number_in, page_number
from training_hub.web.forms import render_form_page

Page = str | Response | tuple[str, int]


@blueprint.get("/manage/people")
@requires(Permission.EDIT_PEOPLE)
def people() -> Page:
    """Everyone, by name, 50 to a page."""
    search = SearchForm(request.args, meta={"csrf": False})
    agency_id = number_in(request.args.get("agency"))
    agency = queries.agency_within(agency_id, current_user) if agency_id is not None else None
    found = queries.people(
        current_user,
        search=search.q.data or "",
        role=_role(search.role.data),
        agency_id=agency.id if agency is not None else None,
        closed=search.closed.data,
        page=page_number(),
    )
    return render_template("people/people.html", search=search, found=found, agency=agency)


@blueprint.route("/manage/people/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def new_person() -> Page:
    """Add a person."""
    form = PersonForm(queries.agency_choices())
    if form.validate_on_submit():
        try:
            details = details_of(form, email=form.email.data, agency=_agency(form.agency.data))
            person = actions.add_person(details, by=current_user, now=now())
        except AddressTaken as error:
            form.email.errors = [str(error)]
        else:
            return redirect(url_for("people.person", person_id=person.id, saved="added"), 303)
    return render_form_page("people/new_person.html", form)


@blueprint.route("/manage/people/<int:person_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def person(person_id: int) -> Page:
    """One person's details."""
    row = _person(person_id)
    form = PersonForm(queries.agency_choices(keeping=row.agency_id), data=answers_of(row))
    guarded = is_guarded(row, current_user)
    if guarded:
        # Fields that the officer may not change are removed, so the browser does not send them.
        del form.email, form.is_active
    if form.validate_on_submit():
        try:
            email = row.email if guarded else form.email.data
            is_active = row.is_active if guarded else form.is_active.data
            details = details_of(form, email=email, agency=_agency(form.agency.data))
            actions.edit_person(row, details, is_active=is_active, by=current_user, now=now())
        except AddressTaken as error:
            form.email.errors = [str(error)]
        else:
            return redirect(url_for("people.person", person_id=row.id, saved="details"), 303)
    return render_form_page("people/person.html", form, guarded=guarded, **_about(row))


@blueprint.post("/manage/people/<int:person_id>/roles")
@requires(Permission.GRANT_ROLES)
def roles(person_id: int) -> Page:
    """Change a person's roles."""
    row = _person(person_id)
    form = RolesForm()
    if form.validate():
        actions.change_roles(row, form.chosen, by=current_user, now=now())
        return redirect(url_for("people.person", person_id=row.id, saved="roles"), 303)
    details = PersonForm(queries.agency_choices(keeping=row.agency_id), formdata=None, data=answers_of(row))
    return render_template("people/person.html", form=details, guarded=False, **_about(row, form)), 422


@blueprint.get("/manage/agencies")
@requires(Permission.EDIT_PEOPLE)
def agencies() -> Page:
    """Every agency, by name, 50 to a page."""
    search = AgencySearchForm(request.args, meta={"csrf": False})
    found = queries.agencies(
        current_user, search=search.q.data or "", closed=search.closed.data, page=page_number()
    )
    return render_template("people/agencies.html", search=search, found=found)


@blueprint.route("/manage/agencies/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def new_agency() -> Page:
    """Add an agency."""
    return _agency_page(None)


@blueprint.route("/manage/agencies/<int:agency_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PEOPLE)
def agency(agency_id: int) -> Page:
    """One agency's details."""
    return _agency_page(queries.agency_within(agency_id, current_user) or abort(404))


def _agency_page(row: Agency | None) -> Page:
    form, saved = AgencyForm(obj=row), "details" if row is not None else "added"
    if form.validate_on_submit():
        name, sector = form.name.data, form.sector.data
        try:
            if row is None:
                row = actions.add_agency(name, sector)
            else:
                actions.edit_agency(row, name=name, sector=sector, is_active=form.is_active.data)
        except AgencyTaken as error:
            form.name.errors = [str(error)]
        else:
            return redirect(url_for("people.agency", agency_id=row.id, saved=saved), 303)
    return render_form_page("people/agency.html", form, agency=row, saved=_saved())


def _about(row: Person, roles_form: RolesForm | None = None) -> dict[str, object]:
    held = [role.value for role in Role if role in row.roles]
    return {
        "person": row,
        "held": [role for role in held if role != Role.PRACTITIONER.value],
        "roles_form": roles_form or RolesForm(formdata=None, data={"roles": held}),
        "role_hints": ROLE_HINTS,
        "records_equivalences": may(current_user, Permission.RECORD_EQUIVALENCES),
        "reads_outbox": may(current_user, Permission.READ_OUTBOX),
        "gives_roles": may(current_user, Permission.GRANT_ROLES),
        "saved": _saved(),
    }


def _saved() -> str:
    """What the officer has just saved, for the notice on the next page."""
    return request.args.get("saved", "") if request.method == "GET" else ""


def _person(person_id: int) -> Person:
    return queries.person_within(person_id, current_user) or abort(404)


def _agency(chosen: str | None) -> Agency | None:
    return db.session.get_one(Agency, int(chosen)) if chosen else None


def _role(value: str | None) -> Role | None:
    return next((role for role in Role if role.value == value), None)
