"""Bulk exports: `building` writes a file from the ledger in parts, `packing` compresses it, `shelf` knows the files that are
ready, `ranges` sends them or parts of them."""
