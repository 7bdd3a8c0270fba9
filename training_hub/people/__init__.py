"""Boards own courses; agencies, each of a sector, lend and send people; a person works for one agency now, may hold
roles, and signs in with a code sent to their work address."""
