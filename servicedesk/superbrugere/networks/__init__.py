"""Networks of superbrugere: who belongs together, what is written to all of them, and when they meet."""
