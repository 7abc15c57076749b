"""Serving stored renditions: the current and every earlier release of an advisory, in every registered format."""
