"""Overviews by mail each month, to those who have asked for them, with the rights that they have then."""
