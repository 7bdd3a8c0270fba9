"""Queries across several packages, in one module for each group of pages."""
