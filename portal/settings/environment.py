"""Reading the environment: what is empty counts as not set, and a value that cannot be read is named in one line."""

import os
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

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
