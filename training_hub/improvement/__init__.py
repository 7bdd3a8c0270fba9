"""Reviews of courses, and the actions that follow from evaluations.

A *review* records findings about a course. An *action* says what will be done, who does it and by when. A published
action is shown as "you said, we did", on the course's page and in invitations.

2026-11-26 Each half of "you said, we did" has at most 200 characters, since an invitation quotes three of these pairs.
Findings are never changed, only added.
"""
