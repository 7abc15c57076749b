"""Not tests: `make bench` measures how fast pages are served, against the fastest that this machine allows.

`content` fills a database, `servers` starts what is compared, `load` sends requests, `inside` and `processes` count what
cannot be seen from outside, `table` says it all in Markdown. For the part “search”, `multiply` makes the database large,
`questions` are what is asked, `search` and `clock` measure, `search_table` says it. `measure` is the way through.
"""
