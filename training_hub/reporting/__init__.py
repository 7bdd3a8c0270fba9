"""A *figure* is counted by one set of rules, so that every row and total adds up. A *programme* is the figures of a
period. A *report* sets out the figures for a page and for every kind of file.

2026-11-26 A file is written to disk before it is sent, because a file cut short would look like a shorter list.
"""
