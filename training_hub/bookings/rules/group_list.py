"""Read a list of people that was typed, or pasted from an email or a spreadsheet."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from training_hub.errors import Refused
from training_hub.people.rules import NotAnAddress, check_manager, one_line, work_address

MOST_LINES = 50
"""The most people that can be booked at once: as many as someone can check on one page."""
_ADDRESS = re.compile(r"(?:mailto:)?[^\s<>()\[\],;:\"“”]+@[^\s<>()\[\],;:\"“”]+", re.IGNORECASE)
_AROUND = " \t,;:<>()[]\"“”'"
_UNREADABLE = "\ufffd"
"""Unicode's replacement character, which marks a letter that could not be decoded."""


class BadList(Refused):
    """The whole list is rejected."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One person in a list, as typed."""

    number: int
    """Line number from 1, counting empty lines. People on the same line share it."""
    text: str
    name: str = ""
    email: str = ""
    manager_name: str = ""
    manager_email: str = ""
    fault: str = ""
    """What is wrong with the line, and what to do. Empty if the line can be read."""


def read_list(text: str) -> list[Entry]:
    """The people in `text`, each as "Name <address>", "Name, address", name and address with a tab between, or an
    address.

    A second address on a line is the line manager's. Splits addresses that a mail program joined with
    semicolons. Raises BadList if the list has nobody in it, or too many people.
    """
    entries = []
    for number, line in enumerate(_clean(text).splitlines(), start=1):
        for part in _people_of(line):
            if number == 1 and _is_heading(part):
                continue
            entries.append(_entry(number, part))
    if not entries:
        raise BadList("Enter at least one person")
    if len(entries) > MOST_LINES:
        raise BadList(
            f"The list has {len(entries)} people. Enter {MOST_LINES} or fewer, then book the others"
        )
    return entries


def _clean(text: str) -> str:
    """The text in one Unicode form, without invisible characters."""
    seen = (letter for letter in unicodedata.normalize("NFC", text) if unicodedata.category(letter) != "Cf")
    return "".join(seen).replace("\u00a0", " ")


def _people_of(line: str) -> list[str]:
    """The parts of a line that each name one person. A mail program may have joined several people."""
    parts = [part.strip() for part in line.split(";")]
    if len([part for part in parts if _ADDRESS.search(part)]) < 2:
        parts = [line.strip()]
    return [part for part in parts if part.strip(_AROUND)]


def _is_heading(part: str) -> bool:
    """Whether the line is a spreadsheet's first row, which names its columns."""
    return "@" not in part and "mail" in part.casefold()


def _entry(number: int, part: str) -> Entry:
    shown = one_line(part)[:200]
    found = list(_ADDRESS.finditer(unicodedata.normalize("NFKC", part).replace("＠", "@")))
    fault = ""
    if _UNREADABLE in part:
        fault = "Some letters cannot be read. Type this line again."
    elif not found:
        fault = "There is no email address in this line."
    elif len(found) > 2:
        fault = "There are more than two email addresses in this line."
    return Entry(number=number, text=shown, fault=fault) if fault else _named(number, shown, part, found)


def _named(number: int, shown: str, part: str, found: Sequence[re.Match[str]]) -> Entry:
    """The entry for a line with one address, or with a second for the line manager."""
    name, manager_name = _names(unicodedata.normalize("NFKC", part), found)
    first, second = found[0][0], found[1][0] if len(found) == 2 else ""
    if first.casefold() == second.casefold():
        second, manager_name = "", ""
    fault = "The name is too long." if len(name) > 200 or len(manager_name) > 200 else ""
    try:
        email = work_address(_bare(first))
        manager_email = work_address(_bare(second)) if second else ""
        check_manager(manager_email, email)
    except NotAnAddress:
        fault = "The email address is not right. Check it, and type it again."
    if fault:
        return Entry(number=number, text=shown, fault=fault)
    return Entry(
        number=number,
        text=shown,
        name=name,
        email=email,
        manager_name=manager_name,
        manager_email=manager_email,
    )


def _names(whole: str, found: Sequence[re.Match[str]]) -> tuple[str, str]:
    """The names of the person (before the first address) and of the manager (between the two)."""
    before = _name(whole[: found[0].start()])
    if len(found) == 1:
        # If a person has no name, Outlook shows their address in its place.
        return before or _name(whole[found[0].end() :]), ""
    return before, _name(whole[found[0].end() : found[1].start()]) if before else ""


def _name(text: str) -> str:
    return one_line(text).strip(_AROUND)


def _bare(address: str) -> str:
    return re.sub(r"^mailto:", "", address, flags=re.IGNORECASE).strip(".'")
