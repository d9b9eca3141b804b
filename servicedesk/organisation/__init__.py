"""Units, persons, teams and roles: who is who, and over what.

The tree of units may have several roots, the customers; each is a world of its own.
"""
