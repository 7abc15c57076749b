"""A process that counts one name as often as it is told, with several threads: `STORE ADDRESS NAME TIMES`."""

import sys
from concurrent.futures import ThreadPoolExecutor

from incidents.partners.meter.in_file import FileStore
from incidents.partners.meter.in_redis import RedisStore

kind, address, name, times = sys.argv[1:]
store = RedisStore(address) if kind == "redis" else FileStore(address)
with ThreadPoolExecutor(4) as threads:
    counted = list(threads.map(lambda _: store.count(name, 600).times, range(int(times))))
print(" ".join(map(str, counted)))
