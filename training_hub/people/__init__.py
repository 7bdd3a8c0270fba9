"""Boards own courses. Agencies, each of a sector, send people. A person works for one agency now, and may hold roles.

2026-11-26 The role of training lead needs an agency, and ends when the person changes it: anyone can name any agency as
their own.
"""
