"""Reading the environment: what is empty counts as not set, and a value that cannot be read is named in one line."""

import os
import re
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

LIMIT = re.compile(r"(?P<tier>[a-z][a-z0-9-]{0,39})=(?P<quota>[1-9][0-9]{0,8})/(?P<window>[1-9][0-9]{0,6})")
NEEDED_TIERS = {"public", "standard"}
YES_OR_NO = ("true", "on", "yes", "1", "false", "off", "no", "0")


class Environment(environ.Env):
    """Variables of the environment, read as the type that is asked for."""

    ENVIRON = {name: value for name, value in os.environ.items() if value.strip()}

    def get_value(self, var: str, cast: Any = None, *args: Any, **kwargs: Any) -> Any:
        """The value of a variable.

        Raises:
            ImproperlyConfigured: it is there, and is not what it should be.
        """
        if cast is bool and self.ENVIRON.get(var, "true").lower() not in YES_OR_NO:
            raise ImproperlyConfigured(f"{var} in the environment must be true or false.")
        try:
            return super().get_value(var, cast, *args, **kwargs)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} in the environment cannot be understood: {error}.") from None

    def limits(self, var: str, default: str) -> dict[str, tuple[int, int]]:
        """Limits such as `public=300/60,standard=1200/60`: by tier, how many requests pass in how many seconds; `none` for
        no limits.

        Raises:
            ImproperlyConfigured: it says something else, or a tier is missing that the portal needs.
        """
        said = self.str(var, default).replace(" ", "")
        if said == "none":
            return {}
        spelled = [LIMIT.fullmatch(part) for part in said.split(",")]
        found = {limit["tier"]: (int(limit["quota"]), int(limit["window"])) for limit in spelled if limit}
        if len(found) < len(spelled) or not found.keys() >= NEEDED_TIERS:
            raise ImproperlyConfigured(
                f"{var} in the environment must be none, or list tiers as requests/seconds, public and standard among "
                "them: public=300/60,standard=1200/60."
            )
        return found
