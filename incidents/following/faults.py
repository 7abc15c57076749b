"""What can go wrong when a portal is followed, each with the status that the command exits with."""

PORTAL_FAULT, FILE_FAULT = 3, 4


class FollowFault(Exception):
    """Following cannot go on. The message is for whoever runs it, and the copy stands as it was stored last."""

    exit_code = PORTAL_FAULT


class Unreachable(FollowFault):
    """Nobody answers at the address, not in time, or not so that it can be trusted."""


class NotAPortal(FollowFault):
    """Somebody answers at the address, but no portal whose API can be followed."""


class KeyRefused(FollowFault):
    """The portal does not take the key."""


class WrongAnswer(FollowFault):
    """The portal answered what contradicts itself, or what the copy has; nothing of it is stored."""


class CursorRefused(FollowFault):
    """The portal does not go on from where the copy stands."""


class UnusableFile(FollowFault):
    """The file is no copy, or not one of this portal, or cannot be read or written."""

    exit_code = FILE_FAULT
