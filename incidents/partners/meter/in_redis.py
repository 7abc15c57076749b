"""Counting in Redis, which the processes of several machines share."""

from collections.abc import Collection, Mapping
from typing import Any

import redis

from incidents.partners.meter.store import Counted, StoreFailed

PREFIX = "tocsin:meter:"
WAIT_SECONDS = 0.5
COUNT = """
local times = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
    left = tonumber(ARGV[1])
    redis.call('PEXPIRE', KEYS[1], left)
end
return {times, left}
"""
"""Redis runs a script as one step; a counter is never left without an end, not even by a crash between its two commands."""


class RedisStore:
    """Windows in Redis.

    Args:
        address: such as `redis://127.0.0.1:6379/0`.
    """

    def __init__(self, address: str) -> None:
        self.redis: Any = redis.Redis.from_url(
            address, socket_timeout=WAIT_SECONDS, socket_connect_timeout=WAIT_SECONDS
        )
        self.script = self.redis.register_script(COUNT)

    def count(self, name: str, window: int) -> Counted:
        """Count once more, by one script.

        Raises:
            StoreFailed: Redis does not answer.
        """
        try:
            times, left = self.script(keys=[PREFIX + name], args=[window * 1000])
        except redis.RedisError as fault:
            raise StoreFailed(str(fault)) from fault
        return Counted(times, left / 1000)

    def read(self, names: Collection[str]) -> Mapping[str, int]:
        """How often each was counted.

        Raises:
            StoreFailed: Redis does not answer.
        """
        asked = list(names)
        try:
            found = self.redis.mget([PREFIX + name for name in asked]) if asked else []
        except redis.RedisError as fault:
            raise StoreFailed(str(fault)) from fault
        return {name: int(times) for name, times in zip(asked, found, strict=True) if times is not None}
