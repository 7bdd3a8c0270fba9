"""Plain English: words that slow readers down stay out of code, pages, emails and tests."""

import re
from pathlib import Path

import pytest

import training_hub

ROOT = Path(training_hub.__file__).parent
PLACES = {"training_hub": ROOT, "tests": Path(__file__).parent}
INSTEAD = {
    "whoever": "anyone who, the person who",
    "whom": "a sentence about the person",
    "whomever": "anyone",
    "somebody": "someone, or the role",
    "anew": "again",
    "stands": "is, appears, applies",
    "beside": "next to, as well as",
    "besides": "as well",
    "became of": "the outcome, the state",
    "all the same": "anyway",
    "nought": "zero, none",
    "shall": "will, must",
    "by which way": "how",
    "of those who": "of people who",
    "as whom": "as which person",
    "rung": "reminder number",
    "ladder": "schedule",
    "nudge": "reminder",
    "parcel": "digest, batch",
}
"""Words of the old dialect, and what to write instead."""
OLD = re.compile(rf"\b({'|'.join(INSTEAD)})\b", re.IGNORECASE)


@pytest.mark.parametrize("place", PLACES)
def test_no_word_of_the_old_dialect_comes_back(place: str) -> None:
    found = [
        f"{path.relative_to(PLACES[place])}:{number}: {match[0]} (write: {INSTEAD[match[0].lower()]})"
        for path in sorted(PLACES[place].rglob("*"))
        if path.suffix in {".py", ".html", ".txt", ".css", ".svg"} and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for match in OLD.finditer(line)
    ]
    assert found == []


def test_a_test_name_is_short_and_begins_with_its_subject() -> None:
    found = [
        name
        for path in sorted(PLACES["tests"].rglob("test_*.py"))
        for name in re.findall(r"^(?:    )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        if len(name) > 60 or re.match(r"test_(who|what|where)_", name) or OLD.search(name.replace("_", " "))
    ]
    assert found == []
