"""Boards own courses. Agencies, each of a sector, send people. A person works for one agency now, and may hold roles.

2026-11-26 A training lead's role ends when the person changes agency, and needs one to begin: anyone can name another
agency as their own in their details.
"""
