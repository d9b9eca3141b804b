"""Texts that are used again and again: one's own, a team's, everybody's; with fields that are filled in."""
