"""STIX 2.1: an advisory as a bundle of an incident, a report and everything they name, marked with TLP 2.0."""
