"""Answer the evaluation on a phone."""

from playwright.sync_api import Locator, Page

from tests.browser.conftest import press

SCREENS: tuple[dict[str, int | tuple[int, int]], ...] = (
    {
        "Did it do what it set out to do?": 5,
        "How relevant is it to your job?": 4,
        "How good was the trainer?": 5,
        "How good were the materials, and how easy was it for you to take part?": 4,
        "How was the pace?": 3,
    },
    {
        "What you know about this subject": (2, 4),
        "Your skill in putting it into practice": (2, 4),
        "Your confidence to act on it at work": (1, 5),
    },
)
"""Each scale question, screen by screen, with the number to choose, or two for before and now."""
QUESTIONS = {question: chosen for screen in SCREENS for question, chosen in screen.items()}


def answer(page: Page) -> None:
    """Tap a number for every question, enter what will be different, and send it."""
    for screen in SCREENS:
        for question, chosen in screen.items():
            if isinstance(chosen, tuple):
                both = page.get_by_role("group", name=question)
                _tap(both.get_by_role("radiogroup", name="Before the course"), chosen[0])
                _tap(both.get_by_role("radiogroup", name="Now"), chosen[1])
            else:
                _tap(page.get_by_role("radiogroup", name=question), chosen)
        press(page.get_by_role("button", name="Continue"), Locator.tap)
    page.get_by_label("What will you do differently at work?").fill("Ask sooner.")
    press(page.get_by_role("button", name="Send my answers"), Locator.tap)


def _tap(scale: Locator, number: int) -> None:
    scale.get_by_role("radio", name=str(number)).tap()
