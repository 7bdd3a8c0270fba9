"""An import is a file of bookings made elsewhere. A row is one person at one event, with the outcome.

A file is stored whole or not at all. Nobody is told, and importing it again changes nothing.

2026-11-22 A cell that begins with = + - @ is an error: no name or course does, and a file of formulas was not meant for
us. A walk-in is completed, partial, or present with nothing more recorded.
"""
