"""Markdown to safe HTML and to plain text. The only room that may call text safe."""
