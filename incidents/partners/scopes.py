"""What a key may be used for."""

from django.db.models import TextChoices


class Scope(TextChoices):
    """A right of an API key (RFC 6750, section 3: the `scope` of a token)."""

    READ = "read", "read what the partner may see"
    WEBHOOKS = "webhooks", "manage webhook endpoints"
    SUBMIT = "submit", "send in proposed incidents"
