"""What follows from evaluations.

A *review* records findings about a course. An *action* is what follows, with an owner and a day. "You said, we did" is
a finished action, as an invitation quotes it.

2026-11-26 Each half of "you said, we did" has at most 200 characters, since an invitation quotes three. Findings are
never changed, only added.
"""
