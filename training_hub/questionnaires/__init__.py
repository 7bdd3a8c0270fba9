"""What people are asked. A *questionnaire* has versions, of which one is in use; a *version* has questions; a
*question* keeps its key and kind, so that figures compare across versions; the *bank* is every question ever asked."""
