"""Tickets: filed, worked and resolved.

The journal is the truth of a ticket. `commands` are the only code that changes one: each checks permission and
transition, appends an entry to the journal, brings the projection (the ticket's row) up to date, adds to the search
index and puts notices in the outbox, in one transaction. `queries` read, always for a person.
"""
