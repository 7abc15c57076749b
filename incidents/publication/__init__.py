"""From record to release: freeze, append to the ledger, project, render. What the world may see starts here."""
