"""The crowd that every race of this run is held with."""

from collections.abc import Iterator

import pytest

from tests.races.crowd import Crowd


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    """Eight processes, started once: that takes longer than any race."""
    gathered = Crowd()
    yield gathered
    gathered.close()
