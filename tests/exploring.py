"""Tests that explore: a few fixed examples, the same in each run, and fresh ones drawn from the seed of the run.

A run prints its seed. To repeat a failure, draw the same fresh examples: `pytest --hypothesis-seed=N FILE`.
"""

import pytest
from hypothesis import HealthCheck, Phase, settings

fixed_and_fresh = pytest.mark.parametrize("is_fresh", [False, True], ids=["fixed", "fresh"])
"""Runs a test twice. The test passes `is_fresh` to `settings_for`."""


def settings_for(*, is_fresh: bool, fixed: int, fresh: int, steps: int = 50) -> settings:
    """Hypothesis' settings for this many fixed or fresh examples, with `steps` steps of a state machine in each."""
    return settings(
        max_examples=fresh if is_fresh else fixed,
        stateful_step_count=steps,
        derandomize=not is_fresh,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
