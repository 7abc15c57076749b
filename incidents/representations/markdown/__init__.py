"""Markdown: the advisory as text that can be pasted into a ticket, a chat or a board paper."""
