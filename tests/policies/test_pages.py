"""The pages on which officers set policies, and the pages that show them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import make
from tests.conftest import NOW
from tests.page_client import PageClient
from tests.sign_in.test_races import at_once, sender
from training_hub.bookings.queries.terms import terms_for
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.policies.models import Over, PolicyChange
from training_hub.policies.rules import DEFAULTS, WaitingList

pytestmark = pytest.mark.postgres

SignIn = Callable[..., PageClient]
SOON = NOW + timedelta(days=30)
HERE = "/manage/policies"


def terms(event: Event) -> tuple[int, int, WaitingList]:
    """The notice, offer hours and kind of waiting list in force for a stored event."""
    db.session.expire_all()
    policies = terms_for(event).policies
    return policies.notice_days, policies.offer_hours, policies.waiting_list


def test_partnership_without_settings_uses_the_defaults(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=SOON)
    page = signed_in(make.officer()).get(HERE)
    assert terms_for(event).policies == DEFAULTS
    assert page.form("/policies")["notice_days"] == "3"


def test_narrower_policy_replaces_the_wider(app: Flask, signed_in: SignIn) -> None:
    course = make.course("Neglect")
    event, other = make.event(course, starts_at=SOON), make.event(course, starts_at=SOON)
    elsewhere = make.event(starts_at=SOON)
    officer = signed_in(make.officer())
    done = officer.send(officer.get(HERE), "/policies", notice_days="7", offer_hours="48")
    assert (done.status, "The policies are saved" in done.text) == (200, True)
    at_course = f"/manage/courses/{course.slug}/policies"
    officer.send(officer.get(at_course), "/policies", notice_days="5", waiting_list="manual")
    at_event = f"/manage/dates/{event.id}/policies"
    officer.send(officer.get(at_event), "/policies", notice_days="2")
    assert [terms(each) for each in (event, other, elsewhere)] == [
        (2, 48, WaitingList.MANUAL),
        (5, 48, WaitingList.MANUAL),
        (7, 48, WaitingList.OFFERS),
    ]
    assert "Otherwise: 5." in officer.get(at_event).text
    officer.send(officer.get(at_event), "/policies", notice_days="")
    assert terms(event) == (5, 48, WaitingList.MANUAL)


def test_policy_changes_record_who_and_when(app: Flask, signed_in: SignIn) -> None:
    officer = signed_in(make.officer("Olive"))
    officer.send(officer.get(HERE), "/policies", notice_days="7")
    officer.send(officer.get(HERE), "/policies", notice_days="3")
    rows = db.session.query(PolicyChange).order_by(PolicyChange.id).all()
    assert [(row.over, row.policy, row.was, row.became, row.by.name) for row in rows] == [
        (Over.PARTNERSHIP, "notice_days", "", "7", "Olive"),
        (Over.PARTNERSHIP, "notice_days", "7", "", "Olive"),
    ]
    assert "6 May 2025, 9:30am, Olive: notice days, from “not set” to “7”" in officer.get(HERE).text


def test_saving_over_a_colleagues_change_is_refused(app: Flask, signed_in: SignIn) -> None:
    first, second = signed_in(make.officer("Olive")), signed_in(make.officer("Otto"))
    old = first.get(HERE)
    second.send(second.get(HERE), "/policies", offer_hours="48")
    late = first.send(old, "/policies", notice_days="7")
    assert (late.status, "Someone else changed this after" in late.text) == (422, True)
    event = make.event(starts_at=SOON)
    assert terms(event) == (3, 48, WaitingList.OFFERS)
    # The entries are kept. Sending them again saves them.
    assert late.form("/policies")["notice_days"] == "7"
    first.send(late, "/policies", offer_hours="48")
    assert terms(event) == (7, 48, WaitingList.OFFERS)


@pytest.mark.parametrize("of", ["course", "partnership"])
def test_second_of_two_officers_saving_at_once_is_told(app: Flask, signed_in: SignIn, of: str) -> None:
    course = make.course("Neglect")
    db.session.commit()
    path, saving = f"/manage/courses/{course.slug}/policies" if of == "course" else HERE, []
    for number in range(4):
        officer = signed_in(make.officer())
        db.session.commit()
        form = {**officer.get(path).form("/policies"), "notice_days": str(number + 4)}
        saving.append(sender(app, officer, path, form))
    db.session.rollback()
    assert at_once(*saving) == [303, 422, 422, 422]


def test_invalid_policies_are_refused_and_not_stored(app: Flask, signed_in: SignIn) -> None:
    officer = signed_in(make.officer())
    for wrong in (
        {"notice_days": "91"},
        {"notice_days": ""},
        {"offer_hours": "0"},
        {"waiting_list": "lottery"},
    ):
        page = officer.send(officer.get(HERE), "/policies", **wrong)
        assert (page.status, page.title[:7]) == (422, "Error: ")
    assert terms(make.event(starts_at=SOON)) == (3, 24, WaitingList.OFFERS)


def test_only_officers_set_policies(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=SOON)
    paths = (HERE, f"/manage/courses/{event.course.slug}/policies", f"/manage/dates/{event.id}/policies")
    practitioner, officer = signed_in(make.person()), signed_in(make.officer())
    assert [practitioner.get(path).status for path in paths] == [403] * 3
    assert [
        officer.get(path).status for path in ("/manage/courses/none/policies", "/manage/dates/99/policies")
    ] == [
        404,
        404,
    ]


def test_pages_state_the_policies_in_force(app: Flask, signed_in: SignIn) -> None:
    course = make.course(
        "Neglect", policies={"notice_days": 7, "notice_unit": "calendar days", "sectors": ["health"]}
    )
    event = make.event(course, starts_at=SOON, policies={"opens_days": 10})
    text = signed_in(make.person()).get(f"/dates/{event.id}").text
    assert "Bookings are not open yet" in text
    assert "They open on Monday 26 May 2025." in text
    assert "Open to health services only." in text
    booking = make.booking(make.event(course, starts_at=SOON), make.person("Ann"))
    text = signed_in(booking.person).get(f"/bookings/{booking.reference}").text
    # Thursday 5 June less seven clear calendar days.
    assert "You can cancel without it counting as late until Wednesday 28 May 2025, 11:59pm." in text
