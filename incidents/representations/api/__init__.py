"""The API: what partners' programs read, below `/api/v1/`. docs/api.md says how it is built and how a resource is added."""
