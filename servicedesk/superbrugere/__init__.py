"""Superbrugere: who helps colleagues out in the units, with what, and whom a new ticket goes to first."""
