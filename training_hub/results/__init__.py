"""What people said, counted.

A *result* sums the answers to one question. A *small group* is too few people to show. A *comment* is an answer in
words. A *theme* is a label that an officer puts on comments. A *response rate* is returned of due.

2026-11-26 Readers who must not know who said what see sums of batches of five or more answers: a date with five, or the
smaller dates of a course and year together. No two pages differ by fewer than five. Figures by agency and by channel
are shown for one whole financial year at a time. Nobody sees fewer than five anonymous answers.
"""
