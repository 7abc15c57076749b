"""Feeds: Atom, RSS and JSON Feed of releases, for any list and any advisory. An update is a new entry, and so is a withdrawal."""
