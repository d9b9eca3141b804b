"""Reading ratings, figures and surveys, always for a person."""
