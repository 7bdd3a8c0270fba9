"""People decline places arranged for them: the agency gets the place back, and the person who arranged it is told."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import make
from tests.bookings.told import (
    APPROVAL,
    MANAGER,
    NEXT_MONTH,
    approval,
    folded,
    forget_mails,
    link,
    mail,
    mails,
    person_named,
    stored,
)
from tests.conftest import NOW
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.actions.approval import decline
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.claims import lapse_claims
from training_hub.bookings.actions.groups import book_group
from training_hub.bookings.actions.moved import answer_move, tell_moved
from training_hub.bookings.actions.reserved import reserve
from training_hub.bookings.actions.substitute import substitute
from training_hub.bookings.actions.undo import undo
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries import availability as availability_queries
from training_hub.bookings.queries.reserved import reserved_places
from training_hub.bookings.rules.group_list import read_list
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.people.models import Agency, Person

SignIn = Callable[..., PageClient]
S = Status


def named(**columns: object) -> tuple[Agency, Person, Event, Booking]:
    """Oak School reserves two places at a full date with a waiting list. Its lead has named Ann for one."""
    oak = make.agency("Oak School")
    lead = make.person("Lee Lead", Role.AGENCY_LEAD, of=oak)
    make.person("Lou Lead", Role.AGENCY_LEAD, of=oak)
    given = {"starts_at": NEXT_MONTH, "capacity": 2, **columns}
    event = make.event(make.course("Neglect"), **given)  # type: ignore[arg-type]
    reserve(event, oak, 2, had=0, by=lead, now=NOW)
    make.booking(event, make.person("Wes"), S.WAITING)
    entries = read_list(f"Ann Archer <ann@example.org> {MANAGER['manager_email']}")
    ((_line, ann),) = book_group(event, oak, entries, by=lead, now=NOW, all_or_nothing=False)
    assert ann is not None
    db.session.commit()
    return oak, lead, event, ann


def kept(event: Event, agency: Agency) -> tuple[int, int, int]:
    """How many places the agency reserves without a name, and how many are held and free in all."""
    places = availability_queries.places(event)
    return len(reserved_places(event, agency)), places.held, places.free


def test_declined_reserved_place_returns_to_the_agency(app: Flask, stranger: PageClient) -> None:
    oak, _lead, event, ann = named()
    path = link(mail("booking_confirmed", "Ann Archer"), "/refuse")
    forget_mails()
    page = stranger.get(path)
    for _ in range(2):
        stranger.send(page, path, answer="decline")
    assert stored() == [("Wes", S.WAITING), ("Ann Archer", S.CANCELLED)]
    assert kept(event, oak) == (2, 2, 0)
    assert mails() == [
        ("booking_cancelled", "Ann Archer"),
        ("reserved_back", "Lee Lead"),
        ("reserved_back", "Lou Lead"),
    ]
    letter = mail("reserved_back", "Lee Lead")
    assert letter.subject == "A reserved place needs a name again: Neglect, Thursday 5 June 2025"
    for words in (
        "Ann Archer can’t take a place that Oak School reserved.",
        "We are keeping it for Oak School again, without a name.",
        "Say who is coming before Thursday 22 May 2025",
        f"http://localhost/dates/{event.id}/group?agency={oak.id}",
    ):
        assert (words in folded(letter.text), words in folded(letter.html)) == (True, True)
    assert ann.status is S.CANCELLED


def test_declined_or_lapsed_request_returns_reserved_place(app: Flask, stranger: PageClient) -> None:
    for way in ("declined", "lapsed"):
        oak, _lead, event, ann = named(policies=APPROVAL)
        assert (ann.status, kept(event, oak)) == (S.REQUESTED, (1, 2, 0))
        forget_mails()
        if way == "declined":
            decline(ann, by=None, now=NOW, reason="Too busy")
            db.session.commit()
        else:
            assert ann.decide_by is not None
            assert lapse_claims(now=ann.decide_by) == 1
        assert [name for name in mails() if name[0] == "reserved_back"] == [
            ("reserved_back", "Lee Lead"),
            ("reserved_back", "Lou Lead"),
        ]
        assert kept(event, oak) == (2, 2, 0)
        for table in reversed(db.metadata.sorted_tables):
            db.session.execute(table.delete())
        db.session.commit()


def test_lead_who_takes_it_back_is_not_told(app: Flask) -> None:
    oak, lead, event, ann = named()
    forget_mails()
    cancel(ann, by=lead, now=NOW, reason="Someone else comes")
    assert mails() == [("booking_cancelled", "Ann Archer"), ("reserved_back", "Lou Lead")]
    ((_line, ben),) = book_group(
        event, oak, read_list("Ben <ben@example.org>"), by=lead, now=NOW, all_or_nothing=True
    )
    assert ben is not None
    assert (ben.status, kept(event, oak)) == (S.CONFIRMED, (1, 2, 0))


def test_released_or_accepted_place_goes_to_the_list(
    app: Flask,
) -> None:
    oak, _lead, event, ann = named()
    # The day on which places without a name are released.
    late = NEXT_MONTH - timedelta(days=14)
    forget_mails()
    cancel(ann, by=ann.person, now=late, reason="Ill")
    assert ("Wes", S.OFFERED) in stored()
    assert [each for each in mails() if each[0] == "reserved_back"] == []
    cat = book_group(
        event, oak, read_list("Cat <cat@example.org>"), by=person_named("Lee Lead"), now=NOW,
        all_or_nothing=False,
    )[0][1]  # fmt: skip
    assert cat is not None
    # Cat has since said that she can come, so the place is her own.
    tell_moved(event, now=NOW)
    cat.asked_sequence = event.sequence
    answer_move(cat, can_come=True, sequence=event.sequence, by=cat.person, now=NOW)
    cancel(cat, by=cat.person, now=NOW, reason="Ill")
    assert kept(event, oak)[0] == 0


def test_a_place_that_comes_back_comes_back_once(app: Flask) -> None:
    oak, _lead, event, ann = named(capacity=3)
    officer = make.officer()
    cancel(ann, by=ann.person, now=NOW, reason="No")
    event.capacity = 4
    db.session.flush()
    undo(ann, S.CONFIRMED, by=officer, now=NOW, reason="A mistake")
    cancel(ann, by=ann.person, now=NOW, reason="No")
    assert kept(event, oak)[0] == 2


@pytest.mark.parametrize("way", ["by link", "declined", "lapsed"])
def test_declined_substitution_tells_the_person_who_passed_it_on(
    app: Flask, signed_in: SignIn, stranger: PageClient, way: str
) -> None:
    policies = {} if way == "by link" else APPROVAL
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, policies=policies)
    ann = make.booking(event, make.person("Ann"))
    taken = substitute(
        ann, name="Ben", email="ben@example.org", by=ann.person, now=NOW, manager_email="mo@example.org"
    )
    db.session.commit()
    if way == "by link":
        path = link(mail("booking_confirmed", "Ben"), "/refuse")
        forget_mails()
        page = stranger.get(path)
        for _ in range(2):
            stranger.send(page, path, answer="decline")
        theirs = "booking_cancelled"
    elif way == "declined":
        path = approval(taken)
        forget_mails()
        stranger.send(stranger.get(path), path, answer="decline", reason="Too busy")
        theirs = "request_declined"
    else:
        forget_mails()
        assert taken.decide_by is not None
        lapse_claims(now=taken.decide_by)
        theirs = "request_lapsed"
    assert mails() == [(theirs, "Ben"), ("colleague_not_coming", "Ann")]
    letter = mail("colleague_not_coming", "Ann")
    assert letter.subject == "Your colleague can’t take the place: Neglect, Thursday 5 June 2025"
    for words in (
        "Your colleague can’t take the place on Neglect that you passed to them.",
        "This does not count against you.",
        f"http://localhost/dates/{event.id}",
    ):
        assert (words in folded(letter.text), words in folded(letter.html)) == (True, True)
    # The reason, and the manager's name, are private.
    assert ("Too busy" in letter.text, "mo@example.org" in letter.text, "Ben" in letter.text) == (False,) * 3


def test_declined_substitution_by_team_tells_the_person(
    app: Flask,
) -> None:
    oak = make.agency("Oak School")
    lead = make.person("Lee Lead", Role.AGENCY_LEAD, of=oak)
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH)
    for by, told in ((lead, "Lee Lead"), (make.officer(), "Ann")):
        ann = make.booking(event, make.person("Ann", of=oak))
        new = f"{told.lower().replace(' ', '')}.new@example.org"
        taken = substitute(ann, name="Ben", email=new, by=by, now=NOW)
        forget_mails()
        cancel(taken, by=taken.person, now=NOW, reason="No")
        assert mails() == [("booking_cancelled", "Ben"), ("colleague_not_coming", told)]


def test_accepted_substitution_given_up_is_not_told(app: Flask) -> None:
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH)
    ann = make.booking(event, make.person("Ann"))
    taken = substitute(ann, name="Ben", email="ben@example.org", by=ann.person, now=NOW)
    event.sequence += 1
    db.session.flush()
    tell_moved(event, now=NOW)
    answer_move(taken, can_come=True, sequence=event.sequence, by=taken.person, now=NOW)
    forget_mails()
    cancel(taken, by=taken.person, now=NOW, reason="Ill")
    assert mails() == [("booking_cancelled", "Ben")]
