"""All that is kept about a person, as one file that people and machines can read (art. 15 of the GDPR)."""
