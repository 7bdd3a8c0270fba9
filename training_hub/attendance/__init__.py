"""A register is the list on which trainers record the outcome of each place, with a mark for each person and session.

A booking's outcome follows from its marks. A *walk-in* attended without a booking.

2026-11-22 A walk-in never becomes "did not attend". A walk-in entered by mistake is taken off the register.
"""
