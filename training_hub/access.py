"""Roles, permissions, the table that says which role has which permission, and how views are guarded."""

import enum
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import ColumnElement, Select, false, or_
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])
Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])


class Role(enum.Enum):
    """What a person is to the partnership's training. Everyone who signs in is a practitioner."""

    PRACTITIONER = "practitioner"
    AGENCY_LEAD = "agency training lead"
    TRAINER = "trainer"
    HUB_MEMBER = "hub member"
    HUB_OFFICER = "hub officer"
    ADMINISTRATOR = "administrator"


class Permission(enum.Enum):
    """One thing that someone may do."""

    BOOK_PLACES = "book places"
    SEE_BOOKINGS = "see bookings"
    BOOK_FOR_OTHERS = "book places for others, and reserve them"
    CANCEL_BOOKINGS = "cancel bookings"
    CHANGE_BOOKINGS = "move a place to another date, or pass it to a colleague"
    UNDO_BOOKINGS = "undo the end of a booking"
    DECIDE_REQUESTS = "approve or decline requests"
    MANAGE_WAITING_LISTS = "decide who gets a place that is available"
    RECORD_EQUIVALENCES = "record what counts as a course"
    SEE_NEEDS = "see access and dietary needs"
    SEE_CERTIFICATES = "see certificates"
    RELEASE_CERTIFICATES = "release certificates"
    MARK_REGISTERS = "mark registers"
    OVERRIDE_OUTCOMES = "override outcomes"
    EDIT_CATALOGUE = "edit courses and dates"
    EDIT_POLICIES = "edit policies"
    EDIT_QUESTIONNAIRES = "make evaluation forms, and say which course asks which"
    CALL_OFF_EVENTS = "call events off"
    EDIT_PEOPLE = "edit people and agencies"
    GRANT_ROLES = "grant roles"
    READ_REPORTS = "read reports"
    SEE_RESULTS = "see the results of evaluations"
    REVIEW_COMMENTS = "review comments, and see who made them"
    REVIEW_COURSES = "say what evaluations show, and what is done because of it"
    SEE_NAMES_BEHIND_FIGURES = "see the people behind a figure"
    READ_OUTBOX = "read the outbox"
    MANAGE_OWN_ACCOUNT = "manage one's own account"


class Scope(enum.Enum):
    """How far a permission reaches."""

    ALL = "everything"
    AGENCY = "their agency's"
    EVENT = "the events they train at"
    OWN = "their own"


P, S = Permission, Scope

GRANTS: dict[Role, dict[Permission, Scope]] = {
    Role.PRACTITIONER: {
        P.MANAGE_OWN_ACCOUNT: S.OWN,
        P.BOOK_PLACES: S.OWN,
        P.SEE_BOOKINGS: S.OWN,
        P.CANCEL_BOOKINGS: S.OWN,
        P.CHANGE_BOOKINGS: S.OWN,
        P.SEE_NEEDS: S.OWN,
        P.SEE_CERTIFICATES: S.OWN,
    },
    Role.AGENCY_LEAD: {
        P.SEE_BOOKINGS: S.AGENCY,
        P.BOOK_FOR_OTHERS: S.AGENCY,
        P.CANCEL_BOOKINGS: S.AGENCY,
        P.CHANGE_BOOKINGS: S.AGENCY,
        P.SEE_RESULTS: S.AGENCY,
    },
    Role.TRAINER: {
        P.SEE_BOOKINGS: S.EVENT,
        P.SEE_NEEDS: S.EVENT,
        P.MARK_REGISTERS: S.EVENT,
        P.SEE_RESULTS: S.EVENT,
    },
    Role.HUB_MEMBER: {
        P.READ_REPORTS: S.ALL,
        P.SEE_RESULTS: S.ALL,
    },
    Role.HUB_OFFICER: {
        P.SEE_BOOKINGS: S.ALL,
        P.BOOK_FOR_OTHERS: S.ALL,
        P.CANCEL_BOOKINGS: S.ALL,
        P.CHANGE_BOOKINGS: S.ALL,
        P.UNDO_BOOKINGS: S.ALL,
        P.DECIDE_REQUESTS: S.ALL,
        P.MANAGE_WAITING_LISTS: S.ALL,
        P.RECORD_EQUIVALENCES: S.ALL,
        P.SEE_NEEDS: S.ALL,
        P.SEE_CERTIFICATES: S.ALL,
        P.RELEASE_CERTIFICATES: S.ALL,
        P.MARK_REGISTERS: S.ALL,
        P.OVERRIDE_OUTCOMES: S.ALL,
        P.EDIT_CATALOGUE: S.ALL,
        P.EDIT_POLICIES: S.ALL,
        P.EDIT_QUESTIONNAIRES: S.ALL,
        P.CALL_OFF_EVENTS: S.ALL,
        P.EDIT_PEOPLE: S.ALL,
        P.READ_REPORTS: S.ALL,
        P.SEE_RESULTS: S.ALL,
        P.REVIEW_COMMENTS: S.ALL,
        P.REVIEW_COURSES: S.ALL,
        P.SEE_NAMES_BEHIND_FIGURES: S.ALL,
        P.READ_OUTBOX: S.ALL,
    },
    Role.ADMINISTRATOR: {
        P.EDIT_PEOPLE: S.ALL,
        P.GRANT_ROLES: S.ALL,
    },
}


class Actor(Protocol):
    """The person who makes a request."""

    @property
    def id(self) -> int: ...

    @property
    def roles(self) -> frozenset[Role]: ...

    @property
    def agency_id(self) -> int | None: ...


def scopes(actor: Actor, permission: Permission) -> set[Scope]:
    """The scopes over which `actor` holds `permission`. Empty if they do not hold it."""
    return {GRANTS[role][permission] for role in actor.roles if permission in GRANTS[role]}


def may(actor: Actor, permission: Permission) -> bool:
    """Whether `actor` holds `permission` over anything at all."""
    return bool(scopes(actor, permission))


def within(
    statement: Statement,
    actor: Actor,
    permission: Permission,
    *,
    person: Any = None,
    agency: Any = None,
    trained_by: Callable[[int], ColumnElement[bool]] | None = None,
) -> Statement:
    """Keep the rows over which `actor` holds `permission`. Lists, pages, reports and files all use this function.

    `person` is the column with the row's person, `agency` the one with its agency, and `trained_by` the condition for a
    trainer's row. A scope without its column reaches nothing.
    """
    held = scopes(actor, permission)
    if Scope.ALL in held:
        return statement
    reach: list[ColumnElement[bool]] = [false()]
    if Scope.OWN in held and person is not None:
        reach.append(person == actor.id)
    if Scope.AGENCY in held and agency is not None and actor.agency_id is not None:
        reach.append(agency == actor.agency_id)
    if Scope.EVENT in held and trained_by is not None:
        reach.append(trained_by(actor.id))
    return statement.where(or_(*reach))


@dataclass(frozen=True)
class Link:
    """What a signed link names: one row, for one purpose, in one version."""

    purpose: str
    row: int
    version: int
    token: str


def _signer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"link:{purpose}")


def link_token(purpose: str, row: int, version: int = 1) -> str:
    """The token for a link that works only for this `row` and this `purpose`."""
    token = _signer(purpose).dumps([row, version])
    return token if isinstance(token, str) else token.decode("ascii")


def has_link_token(text: str) -> bool:
    """Whether a link in `text` has a token: what the link names, a dot, and a signature of 27 characters."""
    return re.search(r"/[\w-]+\.[\w-]{27}(?![\w-])", text) is not None


def secret_hash(purpose: str, *parts: str) -> str:
    """The hash to store for a secret, 64 characters long. It uses the application's key, so it cannot be guessed."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, "\0".join((purpose, *parts)).encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def public(view: View) -> View:
    """Let anyone use the view."""
    return _declare(view, "public", None)


def requires(permission: Permission) -> Callable[[View], View]:
    """Let only holders of `permission` use the view. `within` then narrows what they see to their scope."""
    return lambda view: _declare(view, "requires", permission)


def by_link(purpose: str) -> Callable[[View], View]:
    """Let anyone with a signed link use the view, for the row that the link names. The view gets the link as `link`."""
    return lambda view: _declare(view, "by_link", purpose)


def _declare(view: View, kind: str, subject: Permission | str | None) -> View:
    view.access = (kind, subject)  # type: ignore[attr-defined]
    return view


def access_of(app: Flask, endpoint: str) -> tuple[str, Permission | str | None] | None:
    """Who may use the view of `endpoint`. None if the view does not say, and then nobody may."""
    return getattr(app.view_functions.get(endpoint), "access", None)


def init_app(app: Flask) -> None:
    """Guard every view of `app`."""
    app.before_request(_guard)


def _guard() -> Response | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    declared = access_of(current_app, request.endpoint)
    if declared is None:
        abort(403)
    kind, subject = declared
    if kind == "public":
        return None
    if kind == "by_link":
        _follow(str(subject))
        return None
    if not current_user.is_authenticated:
        return redirect(url_for("sign_in.sign_in", next=_came_from()), 303)
    if not current_user.is_registered and request.endpoint != "people.profile":
        return redirect(url_for("people.profile", next=_came_from()), 303)
    if not may(current_user, cast(Permission, subject)):
        abort(403)
    return None


def _came_from() -> str | None:
    # After signing in, people can be sent back to a page, but not to a form that they had sent.
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _follow(purpose: str) -> None:
    arguments = request.view_args or {}
    token = str(arguments.pop("token", ""))
    try:
        row, version = _signer(purpose).loads(token)
    except (BadSignature, ValueError, TypeError):
        abort(404)
    arguments["link"] = Link(purpose, int(row), int(version), token)
