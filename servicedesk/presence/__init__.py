"""Who is at a ticket right now, and who is writing: known for less than a minute, remembered by nobody."""
