"""Server time: how long the application works on one request, asked in this process, one after another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from time import perf_counter, process_time
from typing import Any

from flask import Flask

from tests.benchmarks.browser import Answer, Browser, Send, session_of
from tests.benchmarks.figures import MS, Line, Missing
from tests.benchmarks.programme import BOOKINGS_A_YEAR, Programme
from tests.page_client import Page
from training_hub.access import link_token
from training_hub.attendance.models import Mark
from training_hub.clock import system_clock
from training_hub.database import db
from training_hub.worker import EACH_MINUTE

WARM_UP = 3
MOST_YEARS, MOST_ROWS = 5, 100_000
"""How many years of people are written to a file at most, and how many rows that is."""


class Stopwatch:
    """Wraps the application, and measures from the request to the last byte of the answer, without the client."""

    def __init__(self, application: Callable[..., Iterable[bytes]], clock: Callable[[], float]) -> None:
        self._application, self._clock = application, clock
        self.seconds = 0.0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        started = self._clock()
        answer = self._application(environ, start_response)
        body = list(answer)
        if hasattr(answer, "close"):
            answer.close()
        self.seconds = self._clock() - started
        return body


def sender(app: Flask, clock: Callable[[], float] = perf_counter) -> Send:
    """Requests to `app` in this process, timed by `clock`."""
    watch = Stopwatch(app.wsgi_app, clock)
    app.wsgi_app = watch  # type: ignore[method-assign]
    client = app.test_client(use_cookies=False)

    def send(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        response = client.open(path, method=method, headers=headers, data=body)
        return Answer(
            response.status_code,
            dict(response.headers),
            response.get_data(),
            watch.seconds,
            response.headers.getlist("Set-Cookie"),
        )

    return send


class Inside:
    """Every measurement of server time on one programme."""

    def __init__(
        self, app: Flask, programme: Programme, repetitions: int, *, processor: bool = False
    ) -> None:
        self._app, self._programme, self._repetitions = app, programme, repetitions
        self._clock = process_time if processor else perf_counter
        self._send = sender(app, self._clock)

    def lines(self) -> Iterator[tuple[str, Callable[[], Line | Missing]]]:
        """The name of each measurement, and how to make it."""
        programme = self._programme
        year = f"from={programme.first}&to={programme.last}"
        report = 25.0 if programme.bookings_in_year <= 5000 else 200.0
        yield "listing", lambda: self._page("pages.listing", "/dates", 4, stranger=True)
        yield "listing, signed in", lambda: self._page("pages.listing", "/dates", 4)
        date = f"/dates/{programme.dates[3]}"
        yield "a date's page", lambda: self._page("pages.date", date, 2, stranger=True)
        yield "a date's page, signed in", lambda: self._page("pages.date", date, 2)
        form = f"/evaluate/{self._token()}"
        yield "a form to answer", lambda: self._page("pages.evaluate", form, 15, stranger=True)
        yield "answering a screen of it", lambda: self._answering(form)
        yield "my bookings, of years", lambda: self._page("pages.my_bookings", "/bookings", None)
        yield "the first page of an officer", self._first_page
        yield "looking for what is due, each minute", self._minute
        yield "confirming a booking", self._confirming
        yield "confirming a booking, 500 people waiting", self._confirming_behind_many
        yield "cancelling a place, 500 people waiting", self._cancelling
        yield "saving a register of 25", self._register
        for kind, aim in (("", report), (".pdf", 400.0), (".csv", None), (".xlsx", None), (".json", None)):
            name = (
                f"a year's report of {programme.bookings_in_year:,} bookings"
                if not kind
                else f"its {kind[1:].upper()}"
            )
            yield name, self._report(f"/reports/programme{kind}?{year}", aim, kind)
        years = min(MOST_YEARS, max(1, programme.bookings // BOOKINGS_A_YEAR))
        rows, since = (
            years * programme.bookings_in_year,
            programme.first.replace(year=programme.first.year - years + 1),
        )
        for kind, aim in (("csv", 3000.0), ("xlsx", 10_000.0)):
            path = f"/reports/programme/people.{kind}?figure=everyone&from={since}&to={programme.last}"
            yield f"{rows:,} rows as {kind.upper()}", self._people(path, aim if rows >= MOST_ROWS else None)

    def _browser(self, person_id: int) -> Browser:
        return Browser(self._send, session_of(self._app, person_id))

    def _has(self, endpoint: str) -> bool:
        return endpoint in self._app.view_functions

    def _page(self, endpoint: str, path: str, aim: float | None, *, stranger: bool = False) -> Line | Missing:
        if not self._has(endpoint):
            return Missing("")
        browser = Browser(self._send) if stranger else self._browser(self._programme.practitioner)
        return self._timed(browser, path, aim, self._repetitions)

    def _token(self) -> str:
        with self._app.app_context():
            return link_token("evaluate", self._programme.unanswered)

    def _answering(self, path: str) -> Line:
        browser = Browser(self._send)
        first = _expect(browser.get(f"{path}?screen=1"), 200).page
        thumbs = {row["name"]: "3" for row in first.inputs if row.get("type") == "radio"}
        form, often = {**first.form(path), **thumbs}, self._repetitions + WARM_UP
        return _line([_expect(browser.post(path, form), 303) for _ in range(often)][WARM_UP:], 15)

    def _report(self, path: str, aim: float | None, kind: str) -> Callable[[], Line | Missing]:
        def measure() -> Line | Missing:
            if not self._has("reporting.programme_file" if kind else "reporting.programme"):
                return Missing("")
            # A file is drawn for a second or so: a few are enough to know.
            often = max(1, self._repetitions // (10 if kind in (".pdf", ".xlsx") else 3))
            return self._timed(self._browser(self._programme.officer), path, aim, often)

        return measure

    def _people(self, path: str, aim: float | None) -> Callable[[], Line]:
        # A few are enough to know, of what takes seconds.
        return lambda: self._timed(self._browser(self._programme.officer), path, aim, 3)

    def _timed(self, browser: Browser, path: str, aim: float | None, often: int) -> Line:
        for _ in range(min(WARM_UP, often)):
            _expect(browser.get(path), 200)
        return _line([_expect(browser.get(path), 200) for _ in range(often)], aim)

    def _first_page(self) -> Line:
        return self._timed(self._browser(self._programme.officer), "/", None, self._repetitions)

    def _minute(self) -> Line:
        answers = []
        with self._app.app_context():
            for _ in range(WARM_UP + self._repetitions):
                started = self._clock()
                for job in EACH_MINUTE:
                    job(now=system_clock())
                answers.append((self._clock() - started) * 1000)
            db.session.remove()
        # The first one finds what the programme was built with.
        return Line("", answers[WARM_UP:], MS, None)

    def _confirming(self) -> Line | Missing:
        if not self._has("bookings.book"):
            return Missing("")
        return self._confirmed(self._programme.dates, self._programme.bookers)

    def _confirming_behind_many(self) -> Line | Missing:
        if not self._has("bookings.book"):
            return Missing("")
        # Other people than before: someone with a place elsewhere on that day would be asked about it.
        return self._confirmed([self._programme.awaited], self._programme.late_bookers)

    def _confirmed(self, dates: Sequence[int], bookers: Sequence[int]) -> Line:
        answers = []
        for number, person_id in enumerate(bookers[: self._repetitions + WARM_UP]):
            browser = self._browser(person_id)
            path = f"/dates/{dates[number % len(dates)]}/book"
            answers.append(_expect(confirm(browser, path, to_check(browser, path).page), 303))
        return _line(answers[WARM_UP:] or answers, 8)

    def _cancelling(self) -> Line | Missing:
        if not self._has("bookings.cancel"):
            return Missing("")
        answers = []
        for person_id, reference in self._programme.holders[: self._repetitions + WARM_UP]:
            browser, path = self._browser(person_id), f"/bookings/{reference}/cancel"
            page = _expect(browser.get(path), 200).page
            answers.append(_expect(browser.send(page, path, reason="On leave"), 303))
        return _line(answers[WARM_UP:] or answers, None)

    def _register(self) -> Line | Missing:
        if not self._has("attendance.register"):
            return Missing("")
        browser = self._browser(self._programme.trainer)
        answers = []
        for event_id in self._programme.registers:
            path = f"/registers/{event_id}/1"
            page = _expect(browser.get(path), 200).page
            marks = {row["name"]: "" for row in page.inputs if row.get("type") == "radio"}
            marks = {name: _mark(number) for number, name in enumerate(marks)}
            answers.append(_expect(browser.send(page, path, **marks), 303))
        return _line(answers[WARM_UP:] or answers, 12, note=f"{len(marks)} marks")


def to_check(browser: Browser, path: str) -> Answer:
    """The page on which someone who wants this date checks their answers."""
    return _expect(browser.get(path), 200)


def confirm(browser: Browser, path: str, page: Page) -> Answer:
    """What the button on that page does."""
    return browser.send(page, path, step="confirm")


def _mark(number: int) -> str:
    return (
        Mark.ABSENT.value if number % 12 == 11 else Mark.LATE.value if number % 9 == 8 else Mark.PRESENT.value
    )


def _expect(answer: Answer, status: int) -> Answer:
    if answer.status_code != status:
        page = answer.get_data()
        raise RuntimeError(f"answered {answer.status_code} where {status} was expected: {page[:2000]}")
    return answer


def _line(answers: list[Answer], aim: float | None, note: str = "") -> Line:
    return Line("", [answer.seconds * 1000 for answer in answers], MS, aim, note=note)
