"""What must be true of reserved places, interest in a course, answers to a move, and closed accounts."""

from collections import Counter, defaultdict
from typing import Any

from tests.bookings.booking_machine.model import OPEN, PLACE, Rows
from training_hub.bookings.emails.alerts import few_key
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import places
from training_hub.bookings.rules.approval import approval_version
from training_hub.bookings.rules.reserved import released_at
from training_hub.catalogue.models import Event, EventStatus
from training_hub.database import db
from training_hub.mail.models import MailState
from training_hub.policies.rules import Approval

S = Status


def check_related(rows: Rows) -> None:
    """Check what must be true at any moment."""
    for event_id, event in rows.events.items():
        kept = Counter(row.agency_id for row in rows.reserved if row.event_id == event_id)
        assert places(db.session.get_one(Event, event_id)).reserved == kept.total()
        assert not (event.status is EventStatus.CALLED_OFF and kept)
    named = [row for row in rows.all_reserved if row.booking_id is not None]
    assert len({row.booking_id for row in named}) == len(named)
    for row in named:
        booking = rows.bookings[row.booking_id]
        assert row.ended_at is not None
        assert row.ended_by_id is not None
        assert (booking.event_id, booking.agency_id) == (row.event_id, row.agency_id)
    _check_interest_ends(rows)
    for booking in rows.bookings.values():
        assert booking.asked_sequence is None or booking.status in PLACE
    off = {row.id for row in rows.bookings.values() if row.status is S.EVENT_CANCELLED}
    instead = [
        row.follows_id for row in rows.bookings.values() if row.follows_id in off and row.status in OPEN
    ]
    assert len(set(instead)) == len(instead)
    _check_managers_are_asked(rows)
    _check_those_who_asked_are_told(rows)


def _check_interest_ends(rows: Rows) -> None:
    still = [row for row in rows.interests if row.ended_at is None]
    assert len({row.person_id for row in still}) == len(still)
    got = defaultdict(list)
    for change in rows.changes:
        if change.became in PLACE and change.was not in PLACE:
            got[rows.bookings[change.booking_id].person_id].append(change.at)
    for row in still:
        assert [at for at in got[row.person_id] if at > row.asked_at] == []


def _check_managers_are_asked(rows: Rows) -> None:
    """The manager named now was asked once. Earlier managers, and all once it is decided, are not asked."""
    asked = defaultdict(list)
    for mail in rows.mails:
        if mail.template == "approval_asked" and mail.state is not MailState.DROPPED:
            asked[mail.key.split(":")[1]].append((mail.key, mail.to_email))
    expected = {}
    for change in rows.changes:
        row = rows.bookings[change.booking_id]
        if change.became is S.REQUESTED and row.status is S.REQUESTED:
            key = f"booking:{row.reference}:approval:{approval_version(row.manager_email)}"
            expected[row.reference] = [(key, row.manager_email)]
    assert asked == expected


def _check_those_who_asked_are_told(rows: Rows) -> None:
    keys = [mail.key for mail in rows.mails if mail.key.endswith(":runs-again")]
    joined = [change.booking_id for change in rows.changes if change.cause is Cause.INTEREST]
    assert sorted(keys) == sorted(f"booking:{rows.bookings[key].reference}:runs-again" for key in joined)
    people = [(rows.bookings[key].event_id, rows.bookings[key].person_id) for key in joined]
    assert len(set(people)) == len(people)


def check_step_related(before: Rows, after: Rows) -> None:
    """Check one step between two moments."""
    _check_reserved_end_once(before, after)
    for event_id in after.events:
        _check_interested_are_told(before, after, event_id)
    for change in after.changes[len(before.changes) :]:
        booking = after.bookings[change.booking_id]
        if change.became in OPEN and change.was not in PLACE and not booking.is_walk_in:
            assert after.people[booking.person_id].is_active
            assert change.cause is Cause.INTEREST or _has_been_told(after, booking.event_id)
        if change.became is S.CANCELLED_LATE:
            # People who were asked whether they can still come are never late.
            assert before.bookings[booking.id].asked_sequence is None
        if change.was is S.WAITING and change.became is S.CONFIRMED and change.by_id is None:
            assert not after.is_expected_elsewhere(booking)
    _check_answers(before, after)
    _check_another_date(before, after)
    assert {key: after.needs.get(key) for key in before.needs} == before.needs
    for ended in before.interests:
        assert ended.ended_at is None or ended in after.interests


def _check_reserved_end_once(before: Rows, after: Rows) -> None:
    was = {row.id: row for row in before.all_reserved}
    released = defaultdict(list)
    for row in after.all_reserved:
        earlier = was.get(row.id)
        if earlier is None:
            # Within the agency's limit, and never ahead of people who wait.
            assert after.free(row.event_id) >= after.claims(row.event_id)
            cap = after.terms[row.event_id].cap(now=after.now)
            assert cap is None or after.held(row.event_id)[row.agency_id] <= cap
            assert row.ended_at is None
            assert _has_been_told(after, row.event_id)
        elif earlier.ended_at is not None and row.ended_at is None:
            _check_comes_back(before, after, earlier, row)
        elif earlier.ended_at is not None or row.ended_at is None:
            assert row == earlier
        elif row.ended_by_id is None:
            is_off = after.events[row.event_id].status is EventStatus.CALLED_OFF
            assert is_off or after.now >= released_at(after.terms[row.event_id])
            if after.now < after.events[row.event_id].starts_at:
                released[row.event_id, row.agency_id].append(row)
    keys = {mail.key for mail in after.mails} - {mail.key for mail in before.mails}
    expected = set()
    for (event_id, agency_id), rows in released.items():
        leads = [row.id for row in after.people.values() if row.id in after.leads[agency_id]]
        for person_id in leads or {row.reserved_by_id for row in rows}:
            expected.add(f"reserved:{event_id}:{agency_id}:{person_id}:released:{rows[-1].id}")
    assert {key for key in keys if ":released:" in key} == expected


def _check_comes_back(before: Rows, after: Rows, earlier: Any, row: Any) -> None:
    """A named place comes back if its person declines it, and the agency's leads are told."""
    assert earlier.booking_id is not None
    assert (row.booking_id, row.ended_by_id) == (None, None)
    assert after.now < released_at(after.terms[row.event_id])
    was, booking = before.bookings[earlier.booking_id], after.bookings[earlier.booking_id]
    assert was.status in {S.CONFIRMED, S.REQUESTED}
    assert booking.status in {S.CANCELLED, S.WITHDRAWN, S.DECLINED, S.LAPSED}
    (by_id,) = [
        change.by_id
        for change in after.changes[len(before.changes) :]
        if change.booking_id == booking.id and change.became is booking.status
    ]
    told = {mail.key for mail in after.mails} - {mail.key for mail in before.mails}
    leads = after.leads[row.agency_id] or {row.reserved_by_id}
    expected = {
        f"reserved:{row.event_id}:{row.agency_id}:{lead}:back:{booking.reference}"
        for lead in leads - {by_id}
        if after.people[lead].is_active
    }
    assert {key for key in told if f":back:{booking.reference}" in key} == expected


def _has_been_told(rows: Rows, event_id: int) -> bool:
    """Whether people who had asked for the course have had their turn at this date."""
    return rows.events[event_id].interested_told_at is not None


def _check_interested_are_told(before: Rows, after: Rows, event_id: int) -> None:
    """A date is offered once to people who had asked for the course, in the order in which they asked."""
    joined = [
        after.bookings[change.booking_id]
        for change in after.changes[len(before.changes) :]
        if change.cause is Cause.INTEREST and after.bookings[change.booking_id].event_id == event_id
    ]
    told = {mail.key for mail in after.mails} - {mail.key for mail in before.mails}
    told = {key for key in told if key.startswith("interest:") and key.endswith(f":event:{event_id}")}
    was, told_at = before.events[event_id].interested_told_at, after.events[event_id].interested_told_at
    if was is not None or told_at is None:
        assert (told_at, joined, told) == (was, [], set())
        return
    wanting = [row for row in before.interests if row.ended_at is None and _wants(before, row, event_id)]
    wanting.sort(key=lambda row: (row.asked_at, row.id))
    if after.terms[event_id].policies.approval is Approval.MANAGER:
        assert (joined, told) == ([], {f"interest:{row.id}:event:{event_id}" for row in wanting})
    else:
        assert [row.person_id for row in joined] == [row.person_id for row in wanting]
        assert told == set()


def _wants(rows: Rows, interest: Any, event_id: int) -> bool:
    own = [row for row in rows.bookings.values() if row.person_id == interest.person_id]
    is_booked = any(row.event_id == event_id and row.status in OPEN for row in own)
    has_place = any(row.status is S.CONFIRMED and rows.events[row.event_id].ends_at > rows.now for row in own)
    return bool(rows.people[interest.person_id].is_active) and not is_booked and not has_place


def _check_another_date(before: Rows, after: Rows) -> None:
    """People who wait at another date, and were never here, are told of a date with places."""
    for key in {mail.key for mail in after.mails} - {mail.key for mail in before.mails}:
        if not key.startswith("another-date:"):
            continue
        event_id, person_id = (int(part) for part in key.split(":")[1:])
        own = [row for row in after.bookings.values() if row.person_id == person_id]
        assert [row for row in own if row.event_id == event_id] == []
        coming = {row.id for row in after.events.values() if row.starts_at > after.now}
        assert [row for row in own if row.status is S.WAITING and row.event_id in coming] != []
        assert after.free(event_id) > after.claims(event_id)
        assert _has_been_told(after, event_id)


def _check_answers(before: Rows, after: Rows) -> None:
    """Only a move asks people whether they can come, and it asks everyone with a place."""
    answered = {
        change.booking_id
        for change in after.changes[len(before.changes) :]
        if change.was is change.became is S.CONFIRMED
    }
    for key, booking in after.bookings.items():
        event = after.events[booking.event_id]
        was = before.bookings[key].asked_sequence if key in before.bookings else None
        is_moved = event.sequence != before.events[event.id].sequence
        if is_moved and booking.status is S.CONFIRMED and key in before.bookings:
            had = before.bookings[key].status is S.CONFIRMED
            assert booking.asked_sequence == (event.sequence if had else None)
        elif key in answered:
            assert (was, booking.asked_sequence) == (event.sequence, None)
        else:
            assert booking.asked_sequence in {was, None}
            assert booking.asked_sequence == was or booking.status is not S.CONFIRMED


def few_untold(rows: Rows, officer_id: int) -> list[int]:
    """The dates with too few people that this officer should have been told about, and was not."""
    keys = {mail.key for mail in rows.mails}
    found = []
    for event_id, event in rows.events.items():
        people = len([row for row in rows.at(event_id, *PLACE) if not row.is_walk_in])
        terms = rows.terms[event_id]
        if event.status is EventStatus.PUBLISHED and terms.is_few(
            people, capacity=event.capacity, now=rows.now
        ):
            found += [event_id] if few_key(event_id, terms, officer_id) not in keys else []
    return found
