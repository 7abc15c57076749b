"""Entries for reference managers: a release as BibTeX, RIS and CSL-JSON cite it."""
