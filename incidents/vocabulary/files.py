"""Where files are kept: by their content, never by the name somebody gave them."""


def content_path(sha256: str) -> str:
    """The path, within the storage, of content with this SHA-256 (64 hexadecimal digits)."""
    return f"attachments/{sha256[:2]}/{sha256}"


def sent_path(sha256: str) -> str:
    """The same for content that somebody sent in: apart from all that advisories name, so that no public address reaches it."""
    return f"submissions/{sha256[:2]}/{sha256}"
