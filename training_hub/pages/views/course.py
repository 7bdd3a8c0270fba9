"""The page of a course."""

from flask import abort, render_template, request
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, public
from training_hub.bookings.models.status import FLAGS
from training_hub.bookings.queries.interest import demand, own_interest
from training_hub.bookings.rules.eligibility import in_words
from training_hub.catalogue.queries import course_at
from training_hub.improvement.queries import said_and_done
from training_hub.pages.queries import programme
from training_hub.pages.views.blueprint import blueprint, own_agency
from training_hub.policies.queries import partnership
from training_hub.policies.rules import Approval, policies_of


@blueprint.get("/courses/<slug>")
@public
def course(slug: str) -> str:
    """What a course is about, and when it is next held."""
    found = course_at(slug) or abort(404)
    signed_in = current_user.is_authenticated
    may_edit = signed_in and current_user.may(Permission.EDIT_CATALOGUE)
    sees_wanted = signed_in and current_user.may(Permission.MANAGE_WAITING_LISTS)
    if not found.is_listed and not may_edit:
        abort(404)
    cards = programme.dates_of(found.id, now=clock.now(), agency_id=own_agency())
    own = (
        programme.own_states(current_user.id, [card.row.id for card in cards]) if cards and signed_in else {}
    )
    interest = own_interest(current_user.id, found.id) if signed_in else None
    told = request.args.get("told", "")
    in_force = policies_of(partnership(), found.policies)
    return render_template(
        "pages/course.html",
        course=found,
        cards=cards,
        may_edit=may_edit,
        open_to=in_words(in_force.sectors),
        asks_manager=in_force.approval is Approval.MANAGER,
        opens_days=in_force.opens_days,
        said_and_done=said_and_done(found.id),
        own=own,
        interest=interest,
        # What has just been done, if it still is so.
        told=told if told == ("stopped" if interest is None else "asked") else "",
        has_place=any(FLAGS[status].has_place for _reference, status in own.values()),
        can_book=any(card.availability.is_free for card in cards),
        sees_wanted=sees_wanted,
        may_review=signed_in and current_user.may(Permission.REVIEW_COURSES),
        wanted=demand(current_user, found.id).get(found.id) if sees_wanted else None,
    )
