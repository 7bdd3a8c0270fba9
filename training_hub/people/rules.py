"""The decisions about people: what an address and a name are, how often a sign-in may be tried, who may change whom."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from training_hub.access import Actor, Permission, Role, may
from training_hub.errors import Refused
from training_hub.people.models import Agency, Person, SignInCode, agency_key

CODE_LASTS = timedelta(minutes=10)
TRIES_AT_A_CODE = 5


class NotAnAddress(Refused):
    """It is not an email address that mail can be sent to."""


class AddressTaken(Refused):
    """Somebody else is known by this address."""


class AgencyTaken(Refused):
    """Another agency has this name."""


class WrongCode(Refused):
    """The code does not open the door; the text says why, and what to do."""


class DeadLink(Refused):
    """The link does not open the door; the text says why, and what to do."""


class TooOften(Refused):
    """Asked or tried too often in a short time."""

    def __init__(self, sentence: str, wait: timedelta) -> None:
        super().__init__(sentence)
        self.wait = wait


@dataclass(frozen=True)
class Limit:
    """How many asks for a code, tries at one, forms sent in a room, or addresses named for a place, an address or a
    network has within a time."""

    kind: str
    counts: str
    most: int
    within: timedelta
    sentence: str


ASK, TRY, ROOM, ANSWER, NAME = "ask", "try", "room", "answer", "name"
MOST_NAMED = 30
"""How many addresses of people who are not of their agency somebody may name for a place in a day."""

LIMITS = (
    Limit(ASK, "email", 5, timedelta(minutes=10), "Too many codes have been sent to this address."),
    Limit(ASK, "email", 40, timedelta(days=1), "Too many codes have been sent to this address today."),
    # Generous: a whole course signs in behind one office's address, and some of them mistype.
    Limit(
        ASK, "network", 100, timedelta(minutes=10), "Too many codes have been asked for from your network."
    ),
    Limit(TRY, "network", 250, timedelta(minutes=10), "Too many codes have been tried from your network."),
    # Five tries at each of five codes would be 3,600 guesses a day. The link in the mail still works.
    Limit(
        TRY,
        "email",
        30,
        timedelta(days=1),
        "Too many codes have been tried for this address. The link in our newest email still works.",
    ),
    # Wrong codes of rooms, and forms sent from one: a whole course sits behind one office's address.
    Limit(ROOM, "network", 60, timedelta(minutes=10), "Too many wrong codes have come from your network."),
    Limit(ANSWER, "network", 200, timedelta(minutes=10), "Too many forms have been sent from your network."),
    # Who has an account is nobody's to find out by naming one address after another.
    Limit(
        NAME,
        "email",
        MOST_NAMED,
        timedelta(days=1),
        "Too many addresses that you entered are not of people at your agency. Those who are can still be named.",
    ),
)
"""All of them. An ask or a try that a limit refuses is not counted itself: or whoever goes on trying would never
be let in again, and the wait that the page states would not be true."""


def work_address(text: str) -> str:
    """The address as it is stored and compared: "Ann.Lee@Example.ORG " is "ann.lee@example.org".

    A name of a host in other letters is kept in its plain form, so that no two addresses look alike and differ.
    Raises NotAnAddress.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise NotAnAddress(
            "Enter an email address in the usual form, such as name@school.example.org"
        ) from None
    address = (found.ascii_email or "").lower()
    if not address or len(address) > 254:
        raise NotAnAddress("Enter a shorter email address")
    return address


def one_line(text: str) -> str:
    """The text without line breaks, unseen characters and repeated spaces: a name goes into headers of mails."""
    seen = (" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    return " ".join("".join(seen).split())


def own_path(text: str) -> str:
    """`text` where it is the address of a page of ours to go on to, else "": never another host's.

    Browsers read "//host", "/\\host" and a slash with a tab after it as another host.
    """
    if not text.startswith("/") or len(text) > 500 or text[1:2] in {"/", "\\"}:
        return ""
    if any(letter == "\\" or letter.isspace() or not letter.isprintable() for letter in text):
        return ""
    parts = urlsplit(text)
    if parts.scheme or parts.netloc or parts.path.split("/")[1] in {"sign-in", "sign-out", "signed-out"}:
        return ""
    return text


def network_of(address: str | None) -> str:
    """The network that an address belongs to: itself, or the 64 bits that one household of IPv6 shares."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((int(found), 64), strict=False))
    return str(found)


def is_good(code: SignInCode, *, now: datetime) -> bool:
    """Whether a code, or the link beside it, can still be used: once, and before it runs out."""
    return code.used_at is None and now < code.expires_at


def check_manager(email: str, of: str) -> None:
    """Raises Refused where somebody names themselves as their own line manager."""
    if email and email == of:
        raise Refused("Enter your line manager’s email address, not your own")


def check_agency_name(name: str) -> None:
    """Raises Refused where `name` cannot be an agency's."""
    if not name or len(agency_key(name)) > 200:
        raise Refused("Enter the agency’s name, in 200 letters or fewer")


GUARDED = frozenset({Role.HUB_OFFICER, Role.ADMINISTRATOR})
"""Whose address opens more than their own bookings."""


def is_guarded(person: Person, by: Actor) -> bool:
    """Whether `by` must leave this person's address and account alone.

    Who can change an administrator's address can have the sign-in code sent to themselves, and so become one.
    """
    return bool(GUARDED & person.roles) and not may(by, Permission.GRANT_ROLES)


def check_may_change_account(person: Person, by: Actor) -> None:
    """Raises Refused where `by` must leave this person's address and account alone."""
    if is_guarded(person, by):
        raise Refused(
            "Only an administrator can change the email address of a hub officer or administrator, "
            "or close or open their account."
        )


def check_leads(roles: Collection[Role], agency: Agency | None) -> None:
    """Raise Refused for a training lead who belongs to no agency: it is the one whose training they lead."""
    if Role.AGENCY_LEAD in roles and agency is None:
        raise Refused("An agency training lead acts for their own agency. Choose their agency first.")


def check_not_last(administrators: Collection[int], person: Person) -> None:
    """Raises Refused where nobody could give roles any more once `person` no longer can."""
    if set(administrators) <= {person.id}:
        raise Refused(
            "This is the only administrator. Make somebody else an administrator first, "
            "or nobody could give roles any more."
        )
