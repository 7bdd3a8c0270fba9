"""What a rule says when it says no, and how a page notices that it is out of date."""

import json
from datetime import timedelta
from hashlib import sha256


class Refused(Exception):  # noqa: N818 - a refusal is an ordinary answer, not a fault
    """A rule says no. The text is for the person who asked: what is so, and what to do next."""


class WrongSettings(Refused):
    """One or more settings cannot be used. The text names each of them."""


class Stale(Refused):
    """Someone else changed it after the page was opened: saving now would undo that unseen."""

    def __init__(self) -> None:
        super().__init__(
            "Someone else changed this after you opened the page, so nothing has been saved. "
            "Check what is there now, then try again."
        )


class TooOften(Exception):  # noqa: N818 - a refusal as well, but of the whole page: no form shows it next to a field
    """Asked or tried too often in a short time: a page of its own says how long to wait."""

    def __init__(self, sentence: str, wait: timedelta) -> None:
        super().__init__(sentence)
        self.wait = wait


def version_of(*values: object) -> str:
    """A short text that changes whenever one of `values` does. A page carries it until its form is sent."""
    return sha256(json.dumps(values, sort_keys=True, default=repr).encode()).hexdigest()[:16]


def check_version(seen: str | None, current: str) -> None:
    """Raises Stale unless what is stored is still as the page showed it. Hold the row first."""
    if seen != current:
        raise Stale
