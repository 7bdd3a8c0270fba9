"""What a rule says when it says no."""


class Refused(Exception):  # noqa: N818 - a refusal is an ordinary answer, not a fault
    """A rule says no. The text is for the person who asked: what is so, and what to do next."""


class WrongSettings(Refused):
    """One or more settings cannot be used; the text names every one of them."""


class Stale(Refused):
    """Someone else changed it after the page was opened: saving now would undo that unseen."""

    def __init__(self) -> None:
        super().__init__(
            "Someone else changed this after you opened the page, so nothing has been saved. "
            "Check what is there now, then try again."
        )
