"""What people need to have learnt: courses and sessions, requirements, records, and the signing of guidelines."""
