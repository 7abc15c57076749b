"""Who is calling the API, and what they may see. Every answer of the API asks here, and nowhere else (INV-TLP)."""

from dataclasses import dataclass

from rest_framework.request import Request

from incidents.partners.models import ApiKey
from incidents.partners.scopes import Scope
from incidents.publication.audience import PUBLIC, Audience

PRIVATE_CACHE = "private, no-store"
"""The Cache-Control of what only one caller may see."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks: nobody in particular, or whoever a key belongs to.

    Attributes:
        audience: what they may see.
        key: the key they showed, with its partner; None for the public.
    """

    audience: Audience = PUBLIC
    key: ApiKey | None = None

    @property
    def is_public(self) -> bool:
        """Whether answers are the same for everybody, so that anybody may keep them."""
        return self.audience == PUBLIC

    def may(self, scope: Scope) -> bool:
        """Whether they may do what this scope is for; anybody may read what is public."""
        if self.key is None:
            return scope is Scope.READ
        return scope.value in self.key.scopes


def caller(request: Request) -> Caller:
    """The caller of a request: what an authentication class of the API found (`request.auth` is a `Caller` then), or the
    public."""
    return request.auth if isinstance(request.auth, Caller) else _ANYBODY


_ANYBODY = Caller()
