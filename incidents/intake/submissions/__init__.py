"""Proposed incidents that somebody outside sends in: the desk's inbox, and the link by which a sender follows one."""
