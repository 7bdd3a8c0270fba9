"""A certificate says that a person completed a course. Anyone can check its number.

2026-11-26 Policy decides whether a certificate waits for the evaluation. By default it does, and an officer can release
the certificate.

2026-11-22 The page that stores the answers issues the certificate in the same transaction, so people see it at once.
The worker issues all other certificates.
"""
