"""The tests: each promise of `docs/invariants.md`, each room, each journey."""
