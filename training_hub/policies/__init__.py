"""Policies: the partnership's own rules about places, such as how much notice a cancellation needs.

2026-11-26 The partnership, a course and a date each store only what differs from the level above. There are no
rules about areas: an agency from outside the area has a sector of its own, to which a policy can refer.
"""
