"""An evaluation is one questionnaire about one event, asked of one person at a stage. Completed places owe one.

An *invitation* records whether it was returned. *Answers*, in tables of their own, hold what was said. A *reminder* is
one mail of the schedule, a *digest* one mail that lists several evaluations, and a *copy* tells the line manager which
forms are missing. In the *classroom* people answer by the trainer's code.

Decisions:

2026-11-26 A person gets at most one email a day, which lists all forms to answer, at least 48 hours after the last one.
Invitations for the end of a course, or before it, are sent separately.

2026-11-26 A follow-up asks about "before" only if no earlier form did. Line managers are always asked for both.

2026-11-26 Every address gets the same pages in the classroom, since the code on the wall is no secret. An email to the
address says whether the answers were kept. Wrong codes are counted by network.

2026-11-26 Each new anonymous answer rewrites all those of its date in random order, since a database shows where a row
is stored and which transaction wrote it. The answers get new ids when the form closes. Backups taken before
and after an answer differ by that answer, so keep backups as safe as the answers.

2026-11-26 All people at a date get the same version of an anonymous form, since another version would identify its
writer.

2026-11-26 The line manager is the last one named, on the booking or by the person. A new manager gets the whole
series of mails from the invitation on, and the former manager's link stops working at once.

2026-12-01 A reminder is counted only once its mail was sent, so dropping an unsent mail needs no correction.
"""
