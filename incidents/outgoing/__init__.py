"""Requests to elsewhere. Whatever the portal sends to an address that somebody else chose goes through here (INV-OUT)."""
