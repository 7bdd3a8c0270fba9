"""Boards own courses. Agencies, each of a sector, send people. A person works for one agency, and may hold roles.

2026-11-26 A training lead needs an agency, and loses the role on changing it, because anyone can name any
agency as their own.
"""
