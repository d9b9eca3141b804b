"""Many tickets at once: what is done to them is a record, carried out one ticket after the other, each for itself."""
