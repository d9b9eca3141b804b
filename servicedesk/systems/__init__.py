"""The register of systems: what a ticket can be about, and who owns it."""
