"""Policies: the partnership's own rules about places, such as how much notice is free.

2026-11-26 The partnership, a course and a date each store only where they differ from the level above. A person from
outside the area is known by the sector of their agency, so rules about areas are rules about sectors.
"""
