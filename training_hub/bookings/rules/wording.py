"""What happened to a booking, and why someone waits, in sentences for people. Code compares statuses and causes."""

from datetime import datetime

from training_hub.bookings.models.booking import BookingChange
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import OUTCOME_OF, Status
from training_hub.bookings.rules.waiting_list import ListState, Wait, Waiting
from training_hub.wording import in_words, plural, short_date, short_moment

S = Status


CALLED_OFF = "The course date was called off."
RESTORED = "The cancellation was undone, and the place is booked again."

SENTENCES: dict[tuple[Status | None, Status], str] = {
    (None, S.REQUESTED): "A place was requested, and the line manager was asked to approve it.",
    (None, S.CONFIRMED): "The place was booked.",
    (None, S.WAITING): "The person joined the waiting list, because every place was taken.",
    (S.REQUESTED, S.CONFIRMED): "The request was approved, and the place is booked.",
    (
        S.REQUESTED,
        S.WAITING,
    ): "The request was approved. Every place was taken, so the person joined the waiting list.",
    (S.REQUESTED, S.DECLINED): "The request was not approved.",
    (S.REQUESTED, S.LAPSED): "The request ended, because nobody decided in time.",
    (S.REQUESTED, S.WITHDRAWN): "The request was taken back.",
    (S.REQUESTED, S.EVENT_CANCELLED): CALLED_OFF,
    (S.WAITING, S.OFFERED): "A place became available and was offered to this person.",
    (S.WAITING, S.CONFIRMED): "The person got a place from the waiting list.",
    (S.WAITING, S.WITHDRAWN): "The person left the waiting list.",
    (S.WAITING, S.EVENT_CANCELLED): CALLED_OFF,
    (S.OFFERED, S.CONFIRMED): "The offer was accepted, and the place is booked.",
    (S.OFFERED, S.LAPSED): "The offer was not answered in time, and the place went to the next person.",
    (S.OFFERED, S.WITHDRAWN): "The offer was declined.",
    (S.OFFERED, S.EVENT_CANCELLED): CALLED_OFF,
    (S.CONFIRMED, S.CONFIRMED): "The person can still come after the date was moved.",
    (S.CONFIRMED, S.CANCELLED): "The place was cancelled, with enough notice.",
    (S.CONFIRMED, S.CANCELLED_LATE): "The place was cancelled late.",
    (S.CONFIRMED, S.SUBSTITUTED): "The place was passed to a colleague.",
    (S.CONFIRMED, S.TRANSFERRED): "The place was moved to another date of the course.",
    (S.CONFIRMED, S.WITHDRAWN): "The place was taken back, because the change that gave it was undone.",
    (S.CONFIRMED, S.EVENT_CANCELLED): CALLED_OFF,
    (S.CANCELLED, S.CONFIRMED): RESTORED,
    (S.CANCELLED_LATE, S.CONFIRMED): RESTORED,
    (S.CANCELLED_LATE, S.CANCELLED): "The late cancellation was excused. It now counts as cancelled in time.",
    (S.SUBSTITUTED, S.CONFIRMED): "The colleague gave the place back, and it is booked again.",
    (S.TRANSFERRED, S.CONFIRMED): "The transfer was undone, and the place is booked again.",
    (S.WITHDRAWN, S.WAITING): "The person was put back on the waiting list.",
    (S.LAPSED, S.WAITING): "The person was put back on the waiting list.",
    (S.DECLINED, S.WAITING): "The person was put on the waiting list after all.",
}
SENTENCES_OF_CAUSES: dict[tuple[Cause, Status | None, Status], str] = {
    (
        Cause.INTEREST,
        None,
        S.WAITING,
    ): "The person joined the waiting list as soon as this date could be booked.",
    (
        Cause.AGENCY_SHARE,
        None,
        S.WAITING,
    ): "The person joined the waiting list, because the agency was at its limit.",
    (Cause.AGENCY_SHARE, S.REQUESTED, S.WAITING): (
        "The request was approved. The agency was at its limit, so the person joined the waiting list."
    ),
}
TAKEN_OFF_REGISTER = "The person was taken off the register, where they had been added by mistake."

REASONS: dict[Cause, str] = {
    Cause.INTEREST: "Asked to be told when the course next runs",
    Cause.FREE_PLACE: "A place became available",
    Cause.CANNOT_COME: "Cannot come after the date was moved",
    Cause.NOT_WANTED: "Did not want the place that someone else arranged",
    Cause.REPLACED: "The person got a place on this date in another way",
    Cause.CAME_ANYWAY: "Came without a place",
    Cause.WALK_IN: "Came without a booking",
    Cause.NOT_DECIDED: "Nobody decided in time",
    Cause.NOT_ANSWERED: "Nobody answered in time",
    Cause.ACCOUNT_CLOSED: "The account was closed",
    Cause.PLACE_ELSEWHERE: "Has a place at another date of the course",
}
"""AGENCY_SHARE is missing, because its sentence in SENTENCES_OF_CAUSES gives the reason."""


def sentence_of(change: BookingChange) -> str:
    """What happened, in one sentence, without the person or the time."""
    if change.cause is not None:
        said = SENTENCES_OF_CAUSES.get((change.cause, change.was, change.became))
        if said is not None:
            return said
    if change.became is S.WITHDRAWN and change.was is S.CONFIRMED and change.booking.is_walk_in:
        return TAKEN_OFF_REGISTER
    return SENTENCES.get((change.was, change.became)) or OUTCOME_OF[change.became].history


def reason_of(cause: Cause | None, why: str) -> str:
    """Why it happened: what a person wrote, or the hub's reason, such as "The account was closed". Empty if unknown."""
    return why or (REASONS.get(cause, "") if cause else "")


WAITS: dict[Wait, str] = {
    Wait.UNPUBLISHED: "The course date is not in the programme",
    Wait.CLOSED: "Bookings have closed",
    Wait.PAUSED: "The waiting list is paused",
    Wait.BY_HAND: "The training team chooses who gets a place",
    Wait.SHARE_USED: "This person’s agency has reached its {places}{until}",
    Wait.SHARE_SPOKEN_FOR: "With the people ahead, this person’s agency reaches its {places}{until}",
    Wait.FREE: "A place is available, and goes to this person within a few minutes",
}


def waiting_sentence(waiting: Waiting, state: ListState) -> str:
    """Why someone on the list has no offer, such as "First on the list, but no place is available"."""
    if waiting.cause is Wait.IN_LINE:
        if waiting.before < 2:
            return "One person is ahead" if waiting.before else "First on the list, but no place is available"
        return f"{in_words(waiting.before).capitalize()} people are ahead"
    until = f" until {short_date(state.cap_ends_on)}" if state.cap_ends_on else ""
    return WAITS[waiting.cause].format(places=plural(state.cap or 0, "place"), until=until)


def offer_sentence(status: Status, decide_by: datetime | None, changed_at: datetime) -> str:
    """Whether an offer can still be accepted, ran out or was declined, and when."""
    if status is Status.OFFERED:
        return f"Has an offer until {short_moment(decide_by)}" if decide_by else "Has an offer"
    if status is Status.LAPSED:
        return f"Did not answer the offer by {short_moment(changed_at)}"
    return f"Declined the offer on {short_moment(changed_at)}"
