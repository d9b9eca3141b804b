"""Macros: steps that are done so often that somebody gave them a name."""
