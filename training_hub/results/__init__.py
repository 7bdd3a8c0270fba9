"""What people said, counted.

A *result* sums the answers to one question. A *small group* is too few people to show. A *comment* is an answer in
words. A *theme* is a label that an officer puts on comments. A *response rate* is the share of
evaluations due that were returned.

2026-11-26 Readers who must not know who said what see only sums of blocks of five or more answers. A block is a date
with five, or all smaller dates of a course and year. No two pages differ by fewer than five answers. Figures by agency
and by channel cover one whole financial year at a time. Nobody sees fewer than five anonymous answers.
"""
