"""Not tests: `make bench` measures how fast pages are served, against the fastest that this machine allows.

`content` fills a database, `servers` starts what is compared, `load` sends requests, `queries` and `memory` look inside,
`table` says it all in Markdown.
"""
