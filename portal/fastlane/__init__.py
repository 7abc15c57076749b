"""The fast lane: the short path in front of Django that answers public pages from stored bytes.

`lane` decides who answers, `stored` reads renditions and the edition from the database, `pages` keeps what Django built
under the present edition, `negotiate` is HTTP's small print.
"""

from portal.fastlane.lane import FastLane

__all__ = ["FastLane"]
