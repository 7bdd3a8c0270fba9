"""The decisions about evaluations, as plain functions."""
