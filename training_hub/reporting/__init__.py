"""Figures, and the reports made of them: one Report value becomes page, CSV, XLSX, PDF and JSON. Everything is counted
by one set of counting rules, so that every row and every total reconciles by construction."""
