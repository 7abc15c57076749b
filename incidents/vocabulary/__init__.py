"""Words of the field: TLP, severity, certainty, dates as they are known, identifiers. No models, no settings."""
