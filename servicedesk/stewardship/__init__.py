"""Answering for systems: the owner's page, the yearly review, and what suppliers keep of what they promised."""
