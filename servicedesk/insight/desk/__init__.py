"""How the desk as a whole is run: when tickets come, where they wait, and what comes back again and again."""
