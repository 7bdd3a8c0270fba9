"""The outcome of a place follows from its marks."""

from hypothesis import given
from hypothesis import strategies as st

from training_hub.attendance.models import Mark
from training_hub.attendance.rules import outcome_of
from training_hub.bookings.models.status import Status

P, L, E, A = Mark.PRESENT, Mark.LATE, Mark.LEFT_EARLY, Mark.ABSENT


def test_the_outcome_follows_from_the_marks() -> None:
    assert {marks: outcome_of(marks) for marks in [(P,), (L,), (E,), (A,), (None,)]} == {
        (P,): Status.COMPLETED,
        (L,): Status.COMPLETED,
        (E,): Status.PARTIAL,
        (A,): Status.DID_NOT_ATTEND,
        (None,): None,
    }
    assert {
        marks: outcome_of(marks) for marks in [(P, L), (P, A), (A, P), (A, A), (P, E), (A, E), (E, E)]
    } == {
        (P, L): Status.COMPLETED,
        (P, A): Status.PARTIAL,
        (A, P): Status.PARTIAL,
        (A, A): Status.DID_NOT_ATTEND,
        (P, E): Status.PARTIAL,
        (A, E): Status.PARTIAL,
        (E, E): Status.PARTIAL,
    }


def test_a_forgotten_register_makes_no_one_a_non_attender() -> None:
    assert {
        marks: outcome_of(marks) for marks in [(P, None), (A, None), (None, A), (L, P, None), (A, A, None)]
    } == {
        (P, None): None,
        (A, None): None,
        (None, A): None,
        (L, P, None): None,
        (A, A, None): None,
    }


def naive(marks: list[Mark | None]) -> Status | None:
    """Domain 3 again, by trying every value of the missing marks."""
    if None in marks:
        at = marks.index(None)
        ends = {naive([*marks[:at], mark, *marks[at + 1 :]]) for mark in Mark}
        return ends.pop() if len(ends) == 1 else None
    hours = [{P: 1.0, L: 1.0, E: 0.5, A: 0.0}[mark] for mark in marks if mark is not None]
    if sum(hours) == len(hours):
        return Status.COMPLETED
    return Status.DID_NOT_ATTEND if sum(hours) == 0 else Status.PARTIAL


@given(st.lists(st.sampled_from([*Mark, None]), min_size=1, max_size=5))
def test_an_outcome_is_recorded_once_no_mark_can_change_it(
    marks: list[Mark | None],
) -> None:
    assert outcome_of(marks) is naive(marks)


@given(st.lists(st.sampled_from([*Mark, None]), min_size=1, max_size=6), st.randoms())
def test_the_order_of_the_sessions_does_not_matter(marks: list[Mark | None], random: object) -> None:
    mixed = list(marks)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert outcome_of(mixed) is outcome_of(marks)
