"""Major incidents: the tickets that come of one disturbance are gathered under it and solved together."""
