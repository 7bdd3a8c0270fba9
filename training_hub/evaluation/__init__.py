"""An evaluation is a questionnaire asked of a person about an event at a stage. It is due from a completed place and
returned when submitted; the invitation, which says whether, and the answers, which say what, stand in two tables."""
