"""Not tests: what `make check` and `make test` run, and in which order."""
