"""Figures, and the reports made of them: one Report value becomes page, CSV, XLSX, PDF and JSON. Everything is counted by
the rules of the partnership's own counting, whose sums reconcile by construction."""
