"""A figure, its aim, and the table of both."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

MS, SECONDS, PER_SECOND, REQUESTS, KB, MB = "ms", "s", "/s", "requests", "KB", "MB"


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    name: str
    values: Sequence[float]
    """In `unit`; several if it was measured repeatedly."""
    unit: str
    aim: float | None = None
    at_least: bool = False
    """Whether more is better, as of requests a second."""
    note: str = ""

    @property
    def median(self) -> float:
        """The value in the middle."""
        return median(self.values)

    @property
    def p95(self) -> float:
        """The value that 95 in 100 do not exceed; the worst of fewer than twenty."""
        return sorted(self.values)[math.ceil(0.95 * len(self.values)) - 1]

    @property
    def verdict(self) -> str:
        """Whether the median reaches the aim. None if there is no aim."""
        if self.aim is None:
            return ""
        reached = self.median >= self.aim if self.at_least else self.median <= self.aim
        return "ok" if reached else "missed"

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """The line as the table shows it."""
        aim = "" if self.aim is None else f"{'≥' if self.at_least else '≤'} {_shown(self.aim, self.unit)}"
        p95 = _shown(self.p95, self.unit) if len(self.values) > 1 else ""
        return (self.name, _shown(self.median, self.unit), p95, aim, self.verdict)


@dataclass(frozen=True)
class Missing:
    """A line for what this version does not have."""

    name: str
    why: str = "not there yet"


def _shown(value: float, unit: str) -> str:
    digits = (
        0 if value >= 100 or unit == REQUESTS else 1 if value >= 10 or unit in (KB, MB, PER_SECOND) else 2
    )
    return f"{value:,.{digits}f}" + (f" {unit}" if unit != REQUESTS else "")


HEAD = f"{'':<58} {'median':>10} {'p95':>10} {'aim':>12}"


def print_line(line: Line | Missing) -> None:
    """Print one line of the table at once, so that progress shows."""
    if isinstance(line, Missing):
        print(f"{line.name:<58} {line.why}", flush=True)
        return
    name, middle, worst, aim, verdict = line.cells
    note = f"  {line.note}" if line.note else ""
    print(f"{name:<58} {middle:>10} {worst:>10} {aim:>12}  {verdict:<6}{note}".rstrip(), flush=True)
