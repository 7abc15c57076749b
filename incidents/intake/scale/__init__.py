"""Synthetic incidents in great number, as JSON Lines: what the portal is measured with."""
