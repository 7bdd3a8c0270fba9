"""Figures and the reports made of them. A report is a list of tables, from which page and files are written.

Everything is counted by one set of rules, so that every row and total reconciles.

2026-11-26 A file of people is written to disk before it is sent: one that broke off would look like a shorter list.
"""
