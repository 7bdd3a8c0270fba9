"""Tables of questionnaires, of who is asked, of what was answered, and of what was made of it."""
