"""Passing a place to a colleague."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.actions import substitute as substitute_actions
from training_hub.bookings.actions.book import ManagerNeeded
from training_hub.bookings.actions.colleagues import count_naming
from training_hub.bookings.forms import SubstituteForm
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.claims import check_still_mine
from training_hub.bookings.rules.eligibility import Clash, NotEligible
from training_hub.bookings.views.blueprint import blueprint, find_booking
from training_hub.bookings.views.not_bookable import clash_page
from training_hub.bookings.views.transfer import not_open
from training_hub.errors import Refused
from training_hub.people.asker import asker
from training_hub.people.rules import work_address
from training_hub.web.forms import render_form_page


@blueprint.route("/bookings/<reference>/substitute", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOOKINGS)
def substitute(reference: str) -> ResponseReturnValue:
    """Ask which colleague comes instead, and pass the place on."""
    asking, now = asker(), clock.now()
    booking = find_booking(reference, Permission.CHANGE_BOOKINGS)
    page = url_for("bookings.booking", reference=reference)
    check_still_mine(booking, booking.event, now=now)
    form, own = SubstituteForm(), booking.person_id == asking.id
    if form.validate_on_submit():
        try:
            count_naming([work_address(form.email.data)], booking.agency, by=asking, now=now)
            substitute_actions.substitute(
                booking,
                name=form.name.data,
                email=form.email.data,
                manager_email=(form.manager_email.data or "").strip(),
                by=asking,
                now=now,
                despite_clash=form.is_despite_clash,
            )
        except Clash as clash:
            words = {"for_other": True, "go_on": "Pass the place on anyway"}
            return clash_page(clash, form, booking.event, back=page, **words)
        except NotEligible as no:
            return not_open(no, booking, booking.event, "colleague")
        except ManagerNeeded as no:
            form.manager_email.errors = [str(no)]
        except Refused as no:
            form.email.errors = [str(no)]
        else:
            return redirect(f"{page}?done=passed", 303)
    asks = terms_for(booking.event).policies.asks_manager
    return render_form_page("bookings/substitute.html", form, booking=booking, own=own, asks_manager=asks)
