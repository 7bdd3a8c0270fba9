"""A state machine that does everything that people, officers and the worker can do with places, in any order.

`steps` has the actions of one person and of the day, `agency_steps` those of agencies, moves and interest,
`step_sequences` several in a row. After each, `machine` reads all rows (`model`) and counts them one by one against
`invariants` and `related_invariants`. `tests/bookings/test_booking_machine.py` runs it.
"""
