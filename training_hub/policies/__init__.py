"""Policies: the partnership's own rules about places, such as how much notice is free.

2026-11-26 The partnership, a course and a date each store only what differs from the level above. The sector of
their agency shows that a person is from outside the area, so rules about areas are rules about sectors.
"""
