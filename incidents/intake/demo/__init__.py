"""Demo content: incidents from public sources, as YAML, that show the portal with real releases, corrections and a withdrawal."""
