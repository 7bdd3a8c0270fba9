"""What people are asked.

A *questionnaire* has versions, of which one is in use. A *version* has questions. A *question* keeps its key and kind,
so that figures compare across versions. The *bank* is every question ever asked.

2026-11-26 A question's key is made from its first words, begins with `q_`, and never changes. Answers to a list keep
their numbers. Stages are never counted together: the same person answers the same question at each.

2026-12-01 `training-hub upgrade` stores the default questionnaires, once for each stage that has none. Asking one is
then a query, and officers can change any of them.
"""
