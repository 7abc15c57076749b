"""Promises that hold for the whole portal, whatever room a change was made in."""
