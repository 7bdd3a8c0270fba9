"""A *figure* is counted by one set of rules, so that every row and total adds up. A *programme* is the figures of a
period; a *report* says how they look, on a page and in every kind of file.

2026-11-26 A file is written to disk before it is sent: one that broke off would look like a shorter list.
"""
