"""A page in one state: its address, and what to do there first."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.conftest import press
from tests.browser.looking import send_empty

Step = Callable[[Page], None]


@dataclass(frozen=True)
class Look:
    """One page in one state: its address, the steps to do first, and whether it then shows errors."""

    path: str
    steps: tuple[Step, ...] = ()
    has_errors: bool = False


def fill(label: str, words: str) -> Step:
    """Type into the field with this label."""
    return lambda page: page.get_by_label(label, exact=True).fill(words)


def choose(group: str, mark: str) -> Step:
    """Choose one of a group of radio buttons."""
    return lambda page: page.get_by_role("group", name=group).get_by_label(mark).check()


def pick(label: str) -> Step:
    """Choose the radio button with this label."""
    return lambda page: page.get_by_role("radio", name=label, exact=True).press("Space")


def button(name: str) -> Step:
    """Press a button that leads to another page."""
    return lambda page: press(page.get_by_role("main").get_by_role("button", name=name, exact=True))


def refused(path: str, name: str) -> Look:
    """The page at `path` after its form was sent empty."""

    def empty(page: Page) -> None:
        send_empty(page.get_by_role("main").get_by_role("button", name=name, exact=True))

    return Look(path, (empty,), has_errors=True)
