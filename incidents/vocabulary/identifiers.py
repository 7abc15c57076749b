"""Public identifiers: `INC-2025-0001`. The prefix is a setting; year and number are ours and never reused."""

import re

PUBLIC_ID_PATTERN = r"[A-Z][A-Z0-9]{1,11}-[12][0-9]{3}-[0-9]{4,9}"
PUBLIC_ID = re.compile(PUBLIC_ID_PATTERN)


def format_public_id(prefix: str, year: int, number: int) -> str:
    """Join the parts of a public id: `format_public_id("INC", 2025, 1)` is `INC-2025-0001`."""
    return f"{prefix}-{year}-{number:04d}"


def is_public_id(text: str) -> bool:
    """Whether the text has the shape of a public id in its canonical, upper-case spelling."""
    return PUBLIC_ID.fullmatch(text) is not None
