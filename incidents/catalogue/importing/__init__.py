"""Reading MITRE's own files into the catalogue: a file becomes a `Reading`, and a reading is stored in one transaction."""
