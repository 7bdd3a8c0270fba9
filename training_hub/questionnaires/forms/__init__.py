"""The shape of a questionnaire's settings and questions."""
