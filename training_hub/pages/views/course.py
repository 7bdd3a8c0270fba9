"""The page of a course."""

from collections.abc import Sequence
from typing import Any

from flask import abort, render_template, request
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, public
from training_hub.bookings.models.status import FLAGS
from training_hub.bookings.queries.interest import demand, own_interest
from training_hub.bookings.rules.eligibility import in_words
from training_hub.catalogue.models import Course
from training_hub.catalogue.queries import course_at
from training_hub.improvement.queries import said_and_done
from training_hub.pages.queries import programme
from training_hub.pages.rules import DateCard
from training_hub.pages.views.blueprint import blueprint, own_agency
from training_hub.policies.queries import partnership
from training_hub.policies.rules import policies_of


@blueprint.get("/courses/<slug>")
@public
def course(slug: str) -> str:
    """A course and its coming dates."""
    found = course_at(slug) or abort(404)
    if not found.is_listed and not _may(Permission.EDIT_CATALOGUE):
        abort(404)
    cards = programme.dates_of(found.id, now=clock.now(), agency_id=own_agency())
    in_force = policies_of(partnership(), found.policies)
    return render_template(
        "pages/course.html",
        course=found,
        cards=cards,
        open_to=in_words(in_force.sectors),
        asks_manager=in_force.asks_manager,
        opens_days=in_force.opens_days,
        said_and_done=said_and_done(found.id),
        can_book=any(card.availability.is_free for card in cards),
        may_edit=_may(Permission.EDIT_CATALOGUE),
        may_review=_may(Permission.REVIEW_COURSES),
        sees_wanted=_may(Permission.MANAGE_WAITING_LISTS),
        **_own(found, cards),
    )


def _may(permission: Permission) -> bool:
    return bool(current_user.is_authenticated and current_user.may(permission))


def _own(found: Course, cards: Sequence[DateCard]) -> dict[str, Any]:
    """The reader's own bookings and interest, and how many people want the course to run."""
    if not current_user.is_authenticated:
        return {"own": {}, "interest": None, "told": "", "has_place": False, "wanted": None}
    own = programme.own_states(current_user.id, [card.row.id for card in cards]) if cards else {}
    interest, told = own_interest(current_user.id, found.id), request.args.get("told", "")
    sees_wanted = current_user.may(Permission.MANAGE_WAITING_LISTS)
    return {
        "own": own,
        "interest": interest,
        # What the reader has just done, if this is still true.
        "told": told if told == ("stopped" if interest is None else "asked") else "",
        "has_place": any(FLAGS[status].has_place for _reference, status in own.values()),
        "wanted": demand(current_user, found.id).get(found.id) if sees_wanted else None,
    }
