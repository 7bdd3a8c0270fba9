"""Queries about registers: which there are, who is on one, and what has been marked."""
