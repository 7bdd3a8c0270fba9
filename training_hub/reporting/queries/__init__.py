"""The queries behind the figures."""
