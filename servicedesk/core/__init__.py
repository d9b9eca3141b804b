"""What every capability uses and none owns."""
