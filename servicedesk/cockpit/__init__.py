"""The cockpit: how those who work on tickets see them and get through them.

The queue with its views lies here, above `tickets`, as does what works on many tickets at once. The ticket's own page
belongs to `tickets`; what the cockpit adds to it comes as a panel (`core.panels`).
"""
