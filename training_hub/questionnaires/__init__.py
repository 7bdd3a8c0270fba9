"""The questions that people are asked.

A *questionnaire* has versions, of which one is in use. A *version* has questions. A *question* keeps its key and kind,
so that its results can be compared across versions. The *bank* is every question ever asked.

2026-11-26 A question's key is made from its first words, begins with `q_`, and never changes. Choices of a list keep
their numbers. Results never add up stages, because the same person answers the same question at each.

2026-12-01 `training-hub upgrade` stores a default questionnaire for each stage that has none. So all questionnaires
are in the database, and officers can change any of them.
"""
