"""The shell that every page shares.

A *form* is what a person fills in: it knows shape, keeps what was typed, and says in words what is wrong
with it. Its *one-time key* gives a second press of the button the first answer. An *error page* says what
happened, why, and what to do next. A *filter* turns a value into the words that people read: "Tuesday 6 May
2025, 9:30am", "42.2% (526 of 1,245)". *Navigation* is the row of links that a person's roles open to them.
Nothing in here knows of training.

Decided: signing in and out keep no answer, because their answer is a cookie as well as a redirect. Machines send no
key, so each of their requests is taken. Anonymous evaluations carry no key, so that no table tells when one came.
"""
