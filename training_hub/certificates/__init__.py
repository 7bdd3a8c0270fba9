"""A certificate says that a person completed a course. Anyone can check its number.

2026-11-26 Policy decides whether it waits for the evaluation. By default it does, and an officer can release it.

2026-11-22 The page that takes the answers issues the certificate in the same transaction, so people see it at once.
The worker issues the others.
"""
