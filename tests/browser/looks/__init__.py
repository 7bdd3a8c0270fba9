"""The pages that each role can open, in every state that looks different."""
