"""Erasing people, holding back what must be kept, and forgetting what is old."""
