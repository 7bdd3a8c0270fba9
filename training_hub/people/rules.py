"""Decisions about people: valid addresses and names, and who may change an account."""

import unicodedata
from collections.abc import Collection
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from training_hub.access import Actor, Permission, Role, may
from training_hub.errors import Refused
from training_hub.people.models import Agency, Person
from training_hub.wording import folded


class NotAnAddress(Refused):
    """The text is not an email address to which mail can be sent."""


class AddressTaken(Refused):
    """Someone else already has this address."""


class AgencyTaken(Refused):
    """Another agency has this name."""


def work_address(text: str) -> str:
    """The address as it is stored and compared: "Ann.Lee@Example.ORG " is "ann.lee@example.org".

    A host name in other letters is stored in its ASCII form, so that different addresses never look alike. Raises
    NotAnAddress.
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
    """The text without line breaks, unseen characters and repeated spaces, because names are put into email headers."""
    seen = (" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    return " ".join("".join(seen).split())


def own_path(text: str) -> str:
    """`text` if it is the address of one of our own pages, else "". Never an address on another host.

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


def check_manager(email: str, of: str) -> None:
    """Raises Refused for people who name themselves as their own line manager."""
    if email and email == of:
        raise Refused("Enter your line manager’s email address, not your own")


def check_agency_name(name: str) -> None:
    """Raises Refused if an agency cannot have this name."""
    if not name or len(folded(name)) > 200:
        raise Refused("Enter the agency’s name, in 200 letters or fewer")


GUARDED = frozenset({Role.HUB_OFFICER, Role.ADMINISTRATOR})
"""Roles whose holders see more than their own bookings."""


def is_guarded(person: Person, by: Actor) -> bool:
    """Whether `by` may not change this person's address, or open or close their account.

    Someone who can change an administrator's address could send themselves the sign-in code and become one.
    """
    return bool(GUARDED & person.roles) and not may(by, Permission.GRANT_ROLES)


def check_may_change_account(person: Person, by: Actor) -> None:
    """Raises Refused if `by` may not change this person's address and account."""
    if is_guarded(person, by):
        raise Refused(
            "This person is a hub officer or an administrator. Only an administrator can change their email address, "
            "or close or reopen their account."
        )


def check_leads(roles: Collection[Role], agency: Agency | None) -> None:
    """Raises Refused for a training lead without an agency, because the role is for one agency."""
    if Role.AGENCY_LEAD in roles and agency is None:
        raise Refused("An agency training lead acts for their own agency. Choose their agency first.")


def check_not_last(administrators: Collection[int], person: Person) -> None:
    """Raises Refused if `person` is the only one who can give roles."""
    if set(administrators) <= {person.id}:
        raise Refused(
            "This is the only administrator. Make someone else an administrator first, "
            "so that someone can still give roles."
        )
