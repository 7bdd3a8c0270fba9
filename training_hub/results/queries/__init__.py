"""Answers, counted and listed."""
