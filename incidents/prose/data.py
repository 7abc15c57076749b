"""Data inside a page: JSON that can stand in a script element and cannot end it."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe

_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def embed_json(data: Mapping[str, Any]) -> SafeString:
    """JSON for `<script type="application/ld+json">`: what could end the element or begin a comment is written as `\\u003c`."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308  no sign in it is markup
