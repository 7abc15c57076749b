"""Reading the environment: a value that cannot be read is named in one line."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.Env):
    """Variables of the environment, read as the type that is asked for."""

    def get_value(self, var: str, cast: Any = None, *args: Any, **kwargs: Any) -> Any:
        """The value of a variable.

        Raises:
            ImproperlyConfigured: it is there, and is not what it should be.
        """
        try:
            return super().get_value(var, cast, *args, **kwargs)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} in the environment cannot be understood: {error}.") from None
