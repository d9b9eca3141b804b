"""Service level clocks: opening hours in a time zone, targets, and the state of a clock told from events alone."""
