"""The current programme: dates around the moment of building, in every state that a date can have."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import cycle

from training_hub.access import Role
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import EventStatus
from training_hub.demo.cast import SIGNING_IN, Cast, CastMember
from training_hub.demo.claims import add_claims, first_booking
from training_hub.demo.courses import COURSES
from training_hub.demo.dates import COMING, EMPTY, FULL, GONE, HALF, LAST_WEEK, NEARLY, QUIET, Coming, Gone
from training_hub.demo.past_year import given_up
from training_hub.demo.places import VENUES
from training_hub.demo.plan import PlannedBooking, PlannedEvent, a_moment_between, give_back, mark
from training_hub.london import at_london, is_working_day, london, london_date

S = Status
CAPACITY = 24
HELD = {FULL: (24, 24), NEARLY: (19, 23), HALF: (9, 15), QUIET: (1, 3), EMPTY: (0, 0)}
NEEDS = (
    ("", "Vegetarian."),
    ("I use a wheelchair and need a space near the door.", ""),
    ("I lip-read: a seat at the front helps.", ""),
    ("", "No nuts. I carry an adrenaline pen."),
    ("Large print handouts.", "Halal."),
)


class Programme:
    """Plans the current programme around `now`."""

    def __init__(self, cast: Cast, chance: random.Random, *, now: datetime) -> None:
        self.cast, self.chance, self.now = cast, chance, now
        self.today = london_date(now)
        # Dealt in turn, so that nobody comes twice to one date, or trains in two places at once.
        self._people: Iterator[CastMember] = cycle(chance.sample(cast.delegates, len(cast.delegates)))
        self._trainers: Iterator[CastMember] = cycle(cast.trainers[1:])
        self._venues: Iterator[int] = cycle(range(len(VENUES)))

    def plan(self) -> list[PlannedEvent]:
        """All its events, including the practitioner's bookings."""
        gone = {one: self._gone(one) for one in GONE}
        coming = {one: self._coming(one) for one in COMING}
        self._place_the_practitioner(gone, coming)
        add_claims(coming, self._people, now=self.now)
        return [*gone.values(), self._today(), *coming.values()]

    def _gone(self, one: Gone) -> PlannedEvent:
        day = self._working_day(-one.days, step=-1)
        event = self._event(one.course, [(day, time(9, 30))], online=one.online)
        if one.second_after:
            event.sessions.append(self._later(event, one.second_after))
        event.is_reminded = one.is_reminded
        marked_at = event.ends_at + timedelta(minutes=10)
        outcomes = [S.COMPLETED] * one.completed + [S.PARTIAL] * one.partial
        outcomes += [S.DID_NOT_ATTEND] * one.did_not_attend + [S.CONFIRMED] * one.not_recorded
        for outcome in outcomes:
            booking = self._booking(event)
            if outcome is not S.CONFIRMED:
                mark(booking, event, outcome, marked_at, self.chance)
        for _ in range(one.walk_ins):
            walked_in = PlannedBooking(
                person=next(self._people),
                changes=[(S.CONFIRMED, event.starts_at + timedelta(minutes=12))],
                is_walk_in=True,
            )
            mark(walked_in, event, S.COMPLETED, marked_at, self.chance)
            event.bookings.append(walked_in)
        for _ in range(one.cancelled):
            booking = self._booking(event)
            booking.changes.append(given_up(event, booking.changes[0][1], self.chance))
        due = [booking for booking in event.bookings if booking.due_at is not None]
        for booking in self.chance.sample(due, one.returned):
            self._returned(booking, event)
        return event

    def _returned(self, booking: PlannedBooking, event: PlannedEvent) -> None:
        latest = min(event.ends_at + timedelta(days=9), self.now - timedelta(minutes=5))
        at = a_moment_between(event.ends_at + timedelta(minutes=15), latest, self.chance)
        give_back(booking, at, self.chance)

    def _today(self) -> PlannedEvent:
        """An event that has started today: at its usual time, else an hour ago, else at midnight."""
        usual = at_london(self.today, time(9, 30))
        midnight = at_london(self.today)
        hour_ago = self.now - timedelta(hours=1)
        hour_ago = hour_ago.replace(minute=hour_ago.minute // 15 * 15, second=0, microsecond=0)
        starts_at = usual if hour_ago >= usual else max(hour_ago, midnight)
        event = self._event("working-together", [(self.today, time(9, 30))])
        event.sessions = [(starts_at, starts_at + timedelta(hours=7))]
        event.trainers = [SIGNING_IN[Role.TRAINER], *event.trainers[:1]]
        event.notes = "Lunch is provided. Bring a case that you would like to think about, without names."
        for number in range(17):
            booking = self._booking(event)
            if number < len(NEEDS):
                booking.access_needs, booking.dietary_needs = NEEDS[number]
        for _ in range(2):
            booking = self._booking(event)
            booking.changes.append(given_up(event, booking.changes[0][1], self.chance))
        return event

    def _coming(self, one: Coming) -> PlannedEvent:
        day = self._working_day(one.days)
        event = self._event(
            one.course, [(day, time(one.starts // 100, one.starts % 100))], online=one.online, hours=one.hours
        )
        if one.second_after:
            event.sessions.append(self._later(event, one.second_after))
        least, most = HELD[one.filled]
        for _ in range(self.chance.randint(least, most)):
            self._booking(event)
        if one.filled in (NEARLY, HALF):
            # Not if people wait, because they would have been given the place.
            self._one_who_left(event)
        if one.filled is FULL:
            self._queue(event)
        if one.called_off:
            self._call_off(event, one.called_off)
        return event

    def _one_who_left(self, event: PlannedEvent) -> None:
        booking = self._booking(event)
        at = a_moment_between(booking.changes[0][1], self.now - timedelta(hours=1), self.chance)
        late = Terms(event.starts_at).is_late(now=at)
        booking.changes.append((S.CANCELLED_LATE if late else S.CANCELLED, at))

    def _queue(self, event: PlannedEvent) -> None:
        """Add people to the waiting list. One of them has left it since."""
        last = max(booking.changes[0][1] for booking in event.bookings)
        for number in range(self.chance.randint(3, 6)):
            asked_at = a_moment_between(last, self.now - timedelta(hours=2), self.chance)
            booking = PlannedBooking(person=next(self._people), changes=[(S.WAITING, asked_at)])
            if number == 0:
                left_at = a_moment_between(asked_at, self.now - timedelta(hours=1), self.chance)
                booking.changes.append((S.WITHDRAWN, left_at))
            event.bookings.append(booking)

    def _call_off(self, event: PlannedEvent, reason: str) -> None:
        at = self.now - timedelta(hours=20)
        event.status, event.called_off_at, event.called_off_reason = EventStatus.CALLED_OFF, at, reason
        for booking in event.bookings:
            booking.changes = [change for change in booking.changes if change[1] < at] or [(S.CONFIRMED, at)]
            if booking.status in (S.CONFIRMED, S.WAITING):
                booking.changes.append((S.EVENT_CANCELLED, at))

    def _place_the_practitioner(
        self, gone: dict[Gone, PlannedEvent], coming: dict[Coming, PlannedEvent]
    ) -> None:
        """Give the practitioner two places, a place on a waiting list, a certificate and an evaluation to return."""
        me = SIGNING_IN[Role.PRACTITIONER]
        full = [event for one, event in coming.items() if one.filled is FULL]
        first_booking(full[1], S.WAITING).person = me
        first_booking(coming[COMING[11]], S.CONFIRMED).person = me
        first_booking(coming[COMING[2]], S.CONFIRMED).person = me
        certified = next(b for b in gone[GONE[1]].bookings if b.returned_at is not None and not b.is_walk_in)
        certified.person = me
        owing = next(
            booking
            for booking in gone[LAST_WEEK].bookings
            if booking.status is S.COMPLETED and booking.returned_at is None and not booking.is_walk_in
        )
        owing.person = me

    def _booking(self, event: PlannedEvent) -> PlannedBooking:
        """Add a booking, made two to eight weeks before the date, but not before the date was published."""
        latest = min(event.starts_at - timedelta(days=7), self.now - timedelta(days=1))
        earliest = min(event.starts_at - timedelta(days=56), latest - timedelta(days=40))
        asked_at = a_moment_between(max(earliest, event.entered_at + timedelta(days=1)), latest, self.chance)
        booking = PlannedBooking(person=next(self._people), changes=[(S.CONFIRMED, asked_at)])
        event.bookings.append(booking)
        return booking

    def _event(
        self, course: str, starts: list[tuple[date, time]], *, online: bool = False, hours: float = 0
    ) -> PlannedEvent:
        long = timedelta(hours=hours or COURSES[course].hours)
        sessions = [(at_london(day, hour), at_london(day, hour) + long) for day, hour in starts]
        return PlannedEvent(
            course=course,
            sessions=sessions,
            entered_at=min(sessions[0][0], self.now) - timedelta(days=70),
            capacity=CAPACITY,
            venue=None if online else next(self._venues),
            trainers=[next(self._trainers), next(self._trainers)],
            notes="Join from a quiet room, with your camera on if you can." if online else "",
        )

    def _later(self, event: PlannedEvent, days: int) -> tuple[datetime, datetime]:
        """The same hours `days` later, or on the next working day."""
        starts_at, ends_at = event.sessions[0]
        day = london_date(starts_at) + timedelta(days=days)
        while not is_working_day(day):
            day += timedelta(days=1)
        again = at_london(day, london(starts_at).time())
        return again, again + (ends_at - starts_at)

    def _working_day(self, days: int, step: int = 1) -> date:
        day = self.today + timedelta(days=days)
        while not is_working_day(day) or (day.month, day.day) >= (12, 21) or (day.month, day.day) <= (1, 4):
            day += timedelta(days=step)
        return day
