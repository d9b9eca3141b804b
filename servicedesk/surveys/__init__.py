"""Satisfaction that can be trusted: ratings of tickets, surveys, and what is done about a bad answer."""
