"""The limits, and the refusal of one try too many."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network


@dataclass(frozen=True)
class Limit:
    """How often one address or network may try something within a time."""

    kind: str
    counts: str
    most: int
    within: timedelta
    sentence: str


ASK, TRY, ROOM, ANSWER, NAME = "ask", "try", "room", "answer", "name"
MOST_NAMED = 30
"""Addresses of people outside their agency that one person may name for a place in a day."""

LIMITS = (
    Limit(ASK, "email", 5, timedelta(minutes=10), "Too many codes have been sent to this address."),
    Limit(ASK, "email", 40, timedelta(days=1), "Too many codes have been sent to this address today."),
    # High, because a whole course may sign in from one office's network address, and some people mistype.
    Limit(
        ASK, "network", 100, timedelta(minutes=10), "Too many codes have been asked for from your network."
    ),
    Limit(TRY, "network", 250, timedelta(minutes=10), "Too many codes have been tried from your network."),
    # Without this, five tries at each of five codes would allow 3,600 guesses a day. The email's link still works.
    Limit(
        TRY,
        "email",
        30,
        timedelta(days=1),
        "Too many codes have been tried for this address. The link in our newest email still works.",
    ),
    # Wrong classroom codes, and forms sent from a classroom: a whole course may share one office's address.
    Limit(ROOM, "network", 60, timedelta(minutes=10), "Too many wrong codes have come from your network."),
    Limit(ANSWER, "network", 200, timedelta(minutes=10), "Too many forms have been sent from your network."),
    # Naming one address after another must not show which of them have an account.
    Limit(
        NAME,
        "email",
        MOST_NAMED,
        timedelta(days=1),
        "You have entered too many addresses of people outside your agency. You can still name your agency’s people.",
    ),
)
"""All limits. A refused try does not count, as otherwise a person who goes on trying would never be let in again."""


def network_of(address: str | None) -> str:
    """The network of an address: for IPv4 the address itself, for IPv6 the 64 bits that one household shares."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((int(found), 64), strict=False))
    return str(found)
