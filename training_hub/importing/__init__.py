"""An import is a file of bookings made elsewhere. A row is one person at one event, with the outcome.

A file is stored whole or not at all. No emails are sent, and importing a file again changes nothing.

2026-11-22 A cell that begins with = + - @ is an error, because no name or course does: the file probably has formulas.
A walk-in is completed, partial, or present with nothing more recorded.
"""
