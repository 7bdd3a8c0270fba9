"""Any order of actions on the places of a course: no place is lost or given twice, and everyone is told.

To repeat a failure, run this file with the seed that the run printed: `pytest --hypothesis-seed=N`.
"""

import pytest
from flask import Flask
from hypothesis.stateful import run_state_machine_as_test

from tests.bookings.booking_machine.steps import BookingMachine
from tests.exploring import fixed_and_fresh, settings_for

pytestmark = pytest.mark.postgres


@fixed_and_fresh
def test_booking_rules_hold_in_any_order(app: Flask, is_fresh: bool) -> None:
    run_state_machine_as_test(
        BookingMachine, settings=settings_for(is_fresh=is_fresh, fixed=4, fresh=8, steps=35)
    )
