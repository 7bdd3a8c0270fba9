"""Why the hub changed a booking."""

import enum


class Cause(enum.Enum):
    """Why a booking changed, where the reason is the hub's and not a person's own words."""

    INTEREST = "interest"
    """Its person had asked to be told when the course runs again."""
    AGENCY_SHARE = "agency share"
    """The agency was at its limit."""
    FREE_PLACE = "free place"
    """A place became free."""
    CANNOT_COME = "cannot come"
    """Its person cannot come to the date as it was moved."""
    NOT_WANTED = "not wanted"
    """Its person did not want the place that another person had arranged."""
    REPLACED = "replaced"
    """Its person got a place at the same date in another way."""
    CAME_ANYWAY = "came anyway"
    """Its person came although they only had a claim to a place."""
    WALK_IN = "walk-in"
    """Its person came without a booking."""
    NOT_DECIDED = "not decided"
    """The line manager did not decide in time."""
    NOT_ANSWERED = "not answered"
    """Its person did not answer the offer in time."""
    ACCOUNT_CLOSED = "account closed"
    PLACE_ELSEWHERE = "place elsewhere"
    """Its person has a place at another date of the course."""
