"""Bulk exports: `building` takes the ledger in parts, a writer for each format (`lines`, `table`, `database`, `bundle`) makes
content of them, `packing` compresses it, `workshop` remembers how far it is, `shelf` knows the files that are ready, `ranges`
sends them or parts of them, `wanted` says for whom and when, `background` builds beside the worker."""
