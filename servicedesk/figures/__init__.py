"""Figures of tickets: what each one's journal comes to, and how many there were of each kind in each month.

A fact row says of a ticket what figures need to know of it; cells add facts up by month and by what people choose
between. Both follow from journals: the worker brings them up to date with whatever has changed, and `servicedesk check`
reckons them anew and compares.
"""
