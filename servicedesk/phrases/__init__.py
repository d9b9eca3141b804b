"""Texts that are written once and used often, with fields that are filled in for the ticket at hand."""
