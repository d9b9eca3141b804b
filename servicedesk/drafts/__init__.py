"""What somebody is writing and has not sent: kept for the writer alone, and there again on any device."""
