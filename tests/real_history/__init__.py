"""The figures of a real service desk's incidents, reckoned straight from its file by somebody who does not know the
program: the standard library, and the conventions of docs/real-incidents.md.

Run by hand: python -m tests.real_history tests/data/servicenow_incident_event_log.csv.gz
"""
