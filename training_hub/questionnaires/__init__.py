"""What people are asked. A *questionnaire* has versions, of which one is in use; a *version* has questions; a
*question* keeps its key and kind, so that figures compare across versions; the *bank* is every question ever asked.

The default questionnaires are stored by `training-hub upgrade`, once for each stage that has no default yet, so that
asking one is a query and officers can change any of them."""
