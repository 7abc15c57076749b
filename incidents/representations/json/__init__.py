"""JSON: the canonical document, to the byte, and its schema."""
