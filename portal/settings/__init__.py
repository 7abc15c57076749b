"""All configuration, read from the environment: `base` for everybody, then `dev`, `test` or `production`."""
