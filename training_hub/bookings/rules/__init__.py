"""The decisions about places, as plain functions."""
