"""Everything that changes a questionnaire."""
