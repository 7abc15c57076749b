"""How records come in from other formats: demo files, MITRE ATLAS case studies, bulk data."""
