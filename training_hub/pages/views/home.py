"""The home page for each role."""

from datetime import datetime
from typing import Any

from flask import render_template
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, Role, Scope, public, scopes
from training_hub.bookings.queries.alerts import few_booked
from training_hub.certificates import queries as certificates_queries
from training_hub.improvement.queries import ActionFilter, number_of_actions
from training_hub.improvement.rules import ActionState
from training_hub.london import london_date
from training_hub.pages.queries import home as home_queries
from training_hub.pages.queries import programme
from training_hub.pages.views.blueprint import blueprint, own_agency
from training_hub.pages.views.owed import own_forms
from training_hub.policies.queries import do_certificates_wait

NEXT_DATES = 6


@blueprint.get("/")
@public
def home() -> str:
    """The home page: a welcome for visitors, next dates and tasks for signed-in people."""
    now = clock.now()
    cards = programme.next_dates(now=now, limit=NEXT_DATES, agency_id=own_agency())
    if not current_user.is_authenticated:
        return render_template(
            "pages/welcome.html",
            cards=cards,
            courses=programme.listed_courses(),
            do_certificates_wait=do_certificates_wait(),
        )
    return render_template(
        "pages/home.html",
        now=now,
        person=current_user,
        cards=cards,
        own=programme.own_states(current_user.id, [card.row.id for card in cards]) if cards else {},
        bookings=home_queries.own_next(current_user.id, now=now),
        offers=home_queries.own_offers(current_user.id, now=now),
        evaluations=own_forms(current_user.id, now=now),
        certificates=certificates_queries.in_date_and_expired(current_user.id, now=now),
        training=_training(now) if Role.TRAINER in current_user.roles else None,
        office=_office(now) if current_user.may(Permission.EDIT_CATALOGUE) else None,
        reads_reports=current_user.may(Permission.READ_REPORTS),
        sees_results=current_user.may(Permission.SEE_RESULTS),
        # Not shown to people who act for every agency.
        leads_agency=Scope.AGENCY in scopes(current_user, Permission.BOOK_FOR_OTHERS),
        edits_people=current_user.may(Permission.EDIT_PEOPLE),
    )


def _training(now: datetime) -> dict[str, Any]:
    """A trainer's registers of today, and those still to mark."""
    return {
        "today": home_queries.registers_today(current_user.id, now=now),
        "to_mark": home_queries.registers_to_mark(now=now, trainer_id=current_user.id),
    }


def _office(now: datetime) -> dict[str, Any]:
    """What needs an officer's attention."""
    return {
        "to_mark": home_queries.registers_to_mark(now=now),
        "few": few_booked(now=now)[: home_queries.SHOWN],
        "failed": home_queries.failed_mails(),
        "drafts": home_queries.drafts(),
        "overdue": number_of_actions(ActionFilter(state=ActionState.OVERDUE), today=london_date(now)),
    }
