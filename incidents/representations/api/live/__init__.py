"""Those who wait for the next release: long polls and event streams.

Waiting costs a thread that sleeps and nothing else. `places` says how many may wait, `watch` wakes them, `turns` lets them work
one after the other, `answer` is what a server is given, `polling` and `events` say what is told.
"""
