"""Who has looked at what, and what the desk keeps about a person: read by the officer for data protection, and by the
person."""
