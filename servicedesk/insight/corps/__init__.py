"""How superbrugere get on: figures by unit and system for everybody, by person for those whom they concern."""
