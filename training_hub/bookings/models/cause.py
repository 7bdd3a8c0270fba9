"""Why the hub changed a booking."""

import enum


class Cause(enum.Enum):
    """Why the hub changed a booking. People who make a change give the reason in their own words instead."""

    INTEREST = "interest"
    """The person had asked to be told when the course runs again."""
    AGENCY_SHARE = "agency share"
    """The agency was at its limit."""
    FREE_PLACE = "free place"
    """A place became free."""
    CANNOT_COME = "cannot come"
    """The person cannot come after the date was moved."""
    NOT_WANTED = "not wanted"
    """The person did not want the place that someone else had arranged."""
    REPLACED = "replaced"
    """The person got a place at the same date in another way."""
    CAME_ANYWAY = "came anyway"
    """The person came although they had only a request, an offer or a turn."""
    WALK_IN = "walk-in"
    """The person came without a booking."""
    NOT_DECIDED = "not decided"
    """The line manager did not decide in time."""
    NOT_ANSWERED = "not answered"
    """The person did not answer the offer in time."""
    ACCOUNT_CLOSED = "account closed"
    PLACE_ELSEWHERE = "place elsewhere"
    """The person has a place at another date of the course."""
