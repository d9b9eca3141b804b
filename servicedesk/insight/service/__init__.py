"""The page that tells every employee what the servicedesk promises, when it is there, and what it has kept."""
