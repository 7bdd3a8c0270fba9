"""The crowd that every race of this run is held with."""

from collections.abc import Iterator

import pytest

from tests.races.crowd import Crowd


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All races go to one process of xdist: another would have to start eight processes of its own."""
    for item in items:
        if "crowd" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("crowd"))


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    """Eight processes, started once: that takes longer than any race."""
    gathered = Crowd()
    yield gathered
    gathered.close()
