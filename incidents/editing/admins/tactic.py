"""The admin of tactics."""

from incidents.editing.admins.framework import FrameworkAdmin


class TacticAdmin(FrameworkAdmin):
    """Why adversaries do something: the columns of the matrix."""

    further_fields = ("shortname", "position")
