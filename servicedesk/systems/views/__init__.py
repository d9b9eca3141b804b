"""The pages about systems: the register, known errors, and how things run."""
