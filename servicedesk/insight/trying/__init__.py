"""An agreement that somebody thinks about, tried on past tickets: what would have been kept. Nothing is changed."""
