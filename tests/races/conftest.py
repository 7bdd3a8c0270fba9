"""The processes of every race."""

from collections.abc import Iterator

import pytest

from tests.races.crowd import Crowd


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all races in one process of xdist, as each would start eight more."""
    for item in items:
        if "crowd" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("crowd"))


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    """Eight processes, started once, as starting takes longer than any race."""
    gathered = Crowd()
    yield gathered
    gathered.close()
