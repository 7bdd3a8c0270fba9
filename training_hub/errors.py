"""The exceptions with which rules refuse, and the check whether a page is out of date."""

import json
from datetime import timedelta
from hashlib import sha256


class Refused(Exception):  # noqa: N818 - a refusal is an ordinary answer, not an error
    """A rule does not allow the change. The text tells the person why, and what to do next."""


class WrongSettings(Refused):
    """One or more settings cannot be used. The text names each of them."""


class Stale(Refused):
    """Someone else made a change after the page was opened. Saving now would undo the change unseen."""

    def __init__(self) -> None:
        super().__init__(
            "Someone else changed this after you opened the page, so nothing has been saved. "
            "Check what is there now, then try again."
        )


class TooOften(Exception):  # noqa: N818 - a refusal with a page of its own: no form shows it next to a field
    """A person asked or tried too often in a short time. A separate page says how long to wait."""

    def __init__(self, sentence: str, wait: timedelta) -> None:
        super().__init__(sentence)
        self.wait = wait


def version_of(*values: object) -> str:
    """A short text that changes whenever one of `values` changes. Forms send it in a hidden field."""
    return sha256(json.dumps(values, sort_keys=True, default=repr).encode()).hexdigest()[:16]


def check_version(seen: str | None, current: str) -> None:
    """Raises Stale unless the stored values are still those that the page showed. Lock the row first."""
    if seen != current:
        raise Stale
