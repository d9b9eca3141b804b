"""Measures the pages that people wait for, at sizes a large servicedesk reaches in years; see docs/performance.md."""
