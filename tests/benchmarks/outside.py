"""What people at their browsers see: a real server, asked over real connections on this machine.

Server and clients share the cores, so the clients slow the server down.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cached_property
from threading import Barrier, Thread
from time import perf_counter

from flask import Flask

from tests.benchmarks.browser import Answer, Browser, path_of, session_of
from tests.benchmarks.figures import KB, MB, MS, PER_SECOND, REQUESTS, SECONDS, Line, Missing
from tests.benchmarks.inside import confirm, to_check
from tests.benchmarks.machine import memory_of_each
from tests.benchmarks.programme import PLACES_IN_A_RUSH, Programme, places_sold
from tests.benchmarks.server import Server, Wire, moment, serving
from training_hub.access import link_token
from training_hub.bookings.models.status import Status
from training_hub.config import Settings

CLIENTS = 8
CROWD = 50
MOST_SECONDS = 8.0

Measured = list[Line | Missing]


class Outside:
    """Every measurement through a real server on one programme."""

    def __init__(
        self,
        app: Flask,
        settings: Settings,
        programme: Programme,
        repetitions: int,
        options: Sequence[str] = (),
    ) -> None:
        self._app, self._settings, self._options = app, settings, options
        self._programme, self._repetitions = programme, repetitions
        self._stack = ExitStack()

    @cached_property
    def _server(self) -> Server:
        return self._stack.enter_context(serving(self._settings, "--no-worker", *self._options))

    def close(self) -> None:
        """Stop the server that most measurements share."""
        self._stack.close()

    def lines(self) -> Iterator[tuple[str, Callable[[], Measured]]]:
        """The name of each family of measurements, and how to make it."""
        yield "load", self._load
        yield "whole booking", self._whole
        yield "rush", self._rush
        yield "start-up", self._start_up
        yield "memory", self._memory

    def _has(self, endpoint: str) -> bool:
        return endpoint in self._app.view_functions

    def _load(self) -> Measured:
        found: Measured = []
        date = f"/dates/{self._programme.dates[3]}"
        session = session_of(self._app, self._programme.practitioner)
        for name, path, aim in (("listing", "/dates", 300), ("a date's page", date, 500)):
            for who, cookie in (("", ""), (", signed in", session)):
                for clients in (1, CLIENTS):
                    rate = self._rate(self._server, path, cookie, clients)
                    words = f"{name}{who}, {clients} client{'s' if clients > 1 else ''}"
                    found.append(Line(words, [rate], PER_SECOND, aim, at_least=True))
        return found

    def _rate(self, server: Server, path: str, session: str, clients: int = CLIENTS) -> float:
        """Answers a second, while each of `clients` asks again as soon as it has an answer."""
        each = max(2, self._repetitions * 3)
        wires = [Wire(server) for _ in range(clients)]
        browsers = [Browser(wire.ask, session) for wire in wires]
        answered = [0] * clients
        begins = Barrier(clients + 1)

        def ask(number: int) -> None:
            _ok(browsers[number].get(path))
            begins.wait()
            ends = perf_counter() + MOST_SECONDS
            while answered[number] < each and perf_counter() < ends:
                _ok(browsers[number].get(path))
                answered[number] += 1

        seconds = _together(ask, clients, begins)
        for wire in wires:
            wire.close()
        return sum(answered) / seconds

    def _whole(self) -> Measured:
        """A date's page, the form on which the answers are checked, confirm, and the page that says that it is done."""
        if not self._has("bookings.book") or not self._has("pages.date"):
            return [Missing("the whole booking")]
        requests, sizes, times = [], [], []
        server = self._server
        for number, person_id in enumerate(reversed(self._programme.bookers[-min(20, self._repetitions) :])):
            wire = Wire(server)
            browser = Browser(wire.ask, session_of(self._app, person_id))
            # The page before: it opens the connection and the session, as for someone who looks around.
            _ok(browser.get("/dates"))
            event_id = self._programme.dates[-1 - number % (len(self._programme.dates) - 1)]
            before, received, waited = wire.requests, wire.bytes_received, wire.seconds
            _ok(browser.get(f"/dates/{event_id}"))
            path = f"/dates/{event_id}/book"
            done = browser.get(path_of(confirm(browser, path, to_check(browser, path).page)))
            _ok(done)
            times.append((wire.seconds - waited) * 1000)
            requests.append(wire.requests - before)
            sizes.append((wire.bytes_received - received) / 1000)
            wire.close()
        with self._app.app_context():
            form = f"/evaluate/{link_token('evaluate', self._programme.unanswered)}"
        empty_cache = [
            *_empty_cache(server, "the listing", "/dates", 40),
            *_empty_cache(server, "a form to answer", form, 30),
        ]
        return [
            Line("the whole booking, requests", requests, REQUESTS, 5),
            Line("the whole booking, received", sizes, KB, 60),
            Line("the whole booking, time waited for answers", times, MS, 40),
            *empty_cache,
        ]

    def _rush(self) -> Measured:
        if not self._has("bookings.book"):
            return [Missing(f"{CROWD} clients for {PLACES_IN_A_RUSH} places")]
        rounds = [
            self._one_rush(event_id) for event_id in self._programme.rushes[: min(3, self._repetitions)]
        ]
        whole = self._one_rush(self._programme.rushes[-1], whole=True)
        wrong = [words for _, words in [*rounds, whole] if words != EXPECTED]
        return [
            Line(
                f"{CROWD} clients press confirm at once, {PLACES_IN_A_RUSH} places",
                [seconds for seconds, _ in rounds],
                SECONDS,
                0.5,
                note=EXPECTED if not wrong else "WRONG: " + "; ".join(wrong),
            ),
            Line(f"{CROWD} clients book at once from the date's page on", [whole[0]], SECONDS),
        ]

    def _one_rush(self, event_id: int, *, whole: bool = False) -> tuple[float, str]:
        """How long until the last of fifty has an answer, and how many have a place."""
        path = f"/dates/{event_id}/book"
        begins = Barrier(CROWD + 1)
        answers: list[Answer | Exception] = []
        people = self._programme.bookers[:CROWD]
        sessions = [session_of(self._app, person_id) for person_id in people]

        def book(number: int) -> None:
            try:
                browser = Browser(Wire(self._server).ask, sessions[number])
                page = None if whole else to_check(browser, path).page
                begins.wait()
                if page is None:
                    _ok(browser.get(f"/dates/{event_id}"))
                    page = to_check(browser, path).page
                answers.append(confirm(browser, path, page))
            except Exception as error:
                begins.abort()
                answers.append(error)

        seconds = _together(book, CROWD, begins)
        with self._app.app_context():
            sold = places_sold(event_id)
        errors = sum(1 for answer in answers if isinstance(answer, Exception) or answer.status_code != 303)
        return seconds, _sold(sold.get(Status.CONFIRMED, 0), sold.get(Status.WAITING, 0), errors)

    def _start_up(self) -> Measured:
        times = []
        for _ in range(min(5, self._repetitions)):
            with serving(self._settings, *self._options) as server:
                times.append(server.seconds_to_first_page)
        return [Line("start-up to the first page", times, SECONDS, 1)]

    def _memory(self) -> Measured:
        """What a process holds, after every kind of page was asked for many times."""
        year = f"from={self._programme.first}&to={self._programme.last}"
        with serving(self._settings, *self._options) as server:
            at_rest = memory_of_each(server.process)
            if not at_rest:
                return [Missing("memory of a process", "this system does not say")]
            self._rate(server, "/dates", session_of(self._app, self._programme.practitioner))
            after_load = memory_of_each(server.process)
            officer = Browser(Wire(server).ask, session_of(self._app, self._programme.officer))
            for kind in ("", ".pdf", ".xlsx", ".csv"):
                _ok(officer.get(f"/reports/programme{kind}?{year}"))
            moment(0.2)
            after_files = memory_of_each(server.process)
        return [
            Line("memory of a process, just started", at_rest, MB),
            Line("memory of a process, after load", after_load, MB, 90),
            Line("memory of a process, after a PDF and a workbook", after_files, MB),
            Line("memory of all processes, after a PDF and a workbook", [sum(after_files)], MB),
        ]


def _sold(confirmed: int, waiting: int, errors: int) -> str:
    return f"{confirmed} confirmed, {waiting} waiting, {errors} errors"


EXPECTED = _sold(PLACES_IN_A_RUSH, CROWD - PLACES_IN_A_RUSH, 0)


def _empty_cache(server: Server, name: str, path: str, aim: float) -> Measured:
    """A page, and everything that it needs, to a browser that was never here."""
    wire = Wire(server)
    browser = Browser(wire.ask)
    page = _ok(browser.get(path)).get_data()
    for address in dict.fromkeys(re.findall(r'(?:href|src)="(/static/[^"]+)"', page)):
        _ok(browser.get(address.replace("&amp;", "&")))
    requests, size = wire.requests, wire.bytes_received / 1000
    wire.close()
    return [
        Line(f"{name} with an empty cache, requests", [requests], REQUESTS),
        Line(f"{name} with an empty cache, received", [size], KB, aim),
    ]


def _together(do: Callable[[int], None], number: int, begins: Barrier) -> float:
    """How long it takes from when all of them begin until the last is done."""
    threads = [Thread(target=do, args=(one,), daemon=True) for one in range(number)]
    for thread in threads:
        thread.start()
    begins.wait()
    started = perf_counter()
    for thread in threads:
        thread.join(60)
    return perf_counter() - started


def _ok(answer: Answer) -> Answer:
    if answer.status_code != 200:
        raise RuntimeError(
            f"answered {answer.status_code} where 200 was expected: {answer.get_data()[:2000]}"
        )
    return answer
