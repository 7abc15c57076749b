"""One admin per file: the incident, the catalogue, and what can only be read."""
