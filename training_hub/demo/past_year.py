"""The year 2019-20 spread over dates, so that each course's figures come out as printed."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.terms import Terms
from training_hub.demo.cast import Cast, CastMember
from training_hub.demo.courses import COURSES
from training_hub.demo.figures import RETURNED, YEAR_2019_20, CourseYear
from training_hub.demo.places import VENUES
from training_hub.demo.plan import PlannedBooking, PlannedEvent, a_moment_between, give_back, mark
from training_hub.london import at_london, is_working_day

S = Status
Hand = list[Status]
"""The outcomes of one event's places, before people are assigned to them."""
FIRST, LAST = date(2019, 4, 1), date(2020, 3, 13)
HOLIDAYS = (
    (date(2019, 4, 8), date(2019, 4, 22)),
    (date(2019, 5, 27), date(2019, 5, 31)),
    (date(2019, 7, 22), date(2019, 9, 3)),
    (date(2019, 10, 21), date(2019, 10, 25)),
    (date(2019, 12, 19), date(2020, 1, 7)),
    (date(2020, 2, 17), date(2020, 2, 21)),
)
"""School holidays, in which hardly anyone can come."""
MOST = 24
SPARE = 300
SILENT = (21, 20)
"""Two registers of one course were never returned. They have 41 of the course's 50 places without an outcome."""


def plan_year(cast: Cast, chance: random.Random, *, entered_at: datetime) -> list[PlannedEvent]:
    """Every event of the year with its bookings. Their sums by course are those in `figures`."""
    hands = [(course.key, hand) for course in YEAR_2019_20 for hand in deal(course, chance)]
    dates = _dates(hands, chance)
    deck = Deck(cast.delegates, sum(course.booked for course in YEAR_2019_20), chance)
    busy: dict[date, set[object]] = {}
    events = []
    for (key, hand), day in sorted(zip(hands, dates, strict=True), key=lambda pair: (pair[1], pair[0][0])):
        events.append(
            _event(key, hand, day, busy.setdefault(day, set()), cast, chance, entered_at=entered_at)
        )
        _book(events[-1], hand, deck, chance)
    _return_some(events, chance)
    return events


def deal(course: CourseYear, chance: random.Random) -> list[Hand]:
    """Deal the places of one course to its events, at most 24 to each."""
    outcomes = [S.COMPLETED] * course.completed + [S.DID_NOT_ATTEND] * course.did_not_attend
    outcomes += [S.CANCELLED] * course.cancelled
    hands: list[Hand] = []
    silent = 0
    if course.not_recorded > sum(SILENT):
        for size in SILENT:
            hands.append([S.CONFIRMED] * size + [S.CANCELLED] * 2)
            silent += size
            del outcomes[-2:]
    outcomes += [S.CONFIRMED] * (course.not_recorded - silent)
    chance.shuffle(outcomes)
    sizes = _sizes(len(outcomes), course.events - len(hands), chance)
    start = 0
    for size in sizes:
        hands.append(outcomes[start : start + size])
        start += size
    chance.shuffle(hands)
    return hands


def _sizes(total: int, events: int, chance: random.Random) -> list[int]:
    """Spread `total` people unevenly over the events, at most 24 to each."""
    sizes = [total // events + (number < total % events) for number in range(events)]
    for _ in range(events * 6 if events > 1 else 0):
        giver, taker = chance.sample(range(events), 2)
        if sizes[giver] > max(total // events // 2, 5) and sizes[taker] < MOST:
            sizes[giver] -= 1
            sizes[taker] += 1
    return sizes


def _dates(hands: Sequence[tuple[str, Hand]], chance: random.Random) -> list[date]:
    """A day for each event: spread over the year by course, at most two events a day."""
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    days = [day for day in days if is_working_day(day) and not any(a <= day <= b for a, b in HOLIDAYS)]
    # Agencies can spare people more easily in mid-week.
    days = [day for day in days if day.weekday() in (1, 2, 3) or chance.random() < 0.35]
    count = Counter(key for key, _hand in hands)
    used, of_course = Counter[date](), Counter[str]()
    found = []
    for key, _hand in hands:
        place = int((of_course[key] + chance.random()) / count[key] * len(days))
        of_course[key] += 1
        while used[days[place % len(days)]] >= 2:
            place += 1
        found.append(days[place % len(days)])
        used[found[-1]] += 1
    return found


def _event(
    key: str,
    hand: Hand,
    day: date,
    busy: set[object],
    cast: Cast,
    chance: random.Random,
    *,
    entered_at: datetime,
) -> PlannedEvent:
    hours = COURSES[key].hours
    begins = time(9, 30) if hours > 4 or chance.random() < 0.6 else time(13, 0)
    starts_at = at_london(day, begins)
    venue = chance.choice([number for number in range(len(VENUES)) if ("venue", number) not in busy])
    free = [trainer for trainer in cast.trainers if trainer.email not in busy]
    trainers = chance.sample(free, 2 if chance.random() < 0.7 else 1)
    busy |= {("venue", venue), *(trainer.email for trainer in trainers)}
    held = sum(outcome is not S.CANCELLED for outcome in hand)
    return PlannedEvent(
        course=key,
        sessions=[(starts_at, starts_at + timedelta(hours=hours))],
        # Entered after the event ended, so that the worker sends no reminders about it now.
        entered_at=entered_at,
        capacity=chance.choice([size for size in (20, 22, 24, 24) if size >= held]),
        venue=venue,
        trainers=trainers,
    )


class Deck:
    """Assigns people to places. Some come to several courses, but nobody takes a course twice."""

    def __init__(self, people: Sequence[CastMember], places: int, chance: random.Random) -> None:
        # More people than needed, as otherwise the last events would find only people who have taken the course.
        again = chance.choices(people, k=max(places - len(people), 0) + SPARE)
        self._cards = [*people, *again]
        chance.shuffle(self._cards)
        self._taken: set[tuple[str, str]] = set()

    def deal(self, course: str) -> CastMember:
        """Someone who has not taken this course."""
        for number, person in enumerate(self._cards):
            if (course, person.email) not in self._taken:
                self._taken.add((course, person.email))
                return self._cards.pop(number)
        raise ValueError("nobody is left who has not taken the course")


def _book(event: PlannedEvent, hand: Hand, deck: Deck, chance: random.Random) -> None:
    marked_at = event.ends_at + timedelta(minutes=chance.choice((5, 10, 20, 45, 60 * 20)))
    for outcome in hand:
        asked_at = a_moment_between(
            event.starts_at - timedelta(days=56), event.starts_at - timedelta(days=7), chance
        ).replace(hour=chance.randint(7, 17))
        booking = PlannedBooking(person=deck.deal(event.course), changes=[(S.CONFIRMED, asked_at)])
        if outcome is S.CANCELLED:
            booking.changes.append(given_up(event, asked_at, chance))
        elif outcome is not S.CONFIRMED:
            mark(booking, event, outcome, marked_at, chance)
        event.bookings.append(booking)


def given_up(event: PlannedEvent, asked_at: datetime, chance: random.Random) -> tuple[Status, datetime]:
    """A cancellation and its moment. The notice rule makes about a third of them late."""
    late_from = event.starts_at - timedelta(days=4)
    if chance.random() < 0.36:
        at = a_moment_between(late_from, event.starts_at - timedelta(hours=2), chance)
    else:
        at = a_moment_between(asked_at + timedelta(hours=2), late_from - timedelta(days=3), chance)
    return S.CANCELLED_LATE if Terms(event.starts_at).is_late(now=at) else S.CANCELLED, at


def _return_some(events: Sequence[PlannedEvent], chance: random.Random) -> None:
    """Return 526 of the evaluations, more from some events than from others."""
    due = []
    for event in events:
        weight = chance.choice((0.4, 0.8, 1.0, 2.5))
        due += [
            (chance.random() ** (1 / weight), number, booking, booking.due_at)
            for number, booking in enumerate(event.bookings)
            if booking.due_at is not None
        ]
    # Takes the highest draws, which samples by weight and gives exactly this number.
    due.sort(key=lambda row: (-row[0], row[1]))
    for _draw, _number, booking, due_at in due[:RETURNED]:
        minutes = int(60 * 24 * 16 * chance.random() ** 3) + 3
        give_back(booking, due_at + timedelta(minutes=minutes), chance)
