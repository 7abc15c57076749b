"""One gzip member (RFC 1952) that is written in parts, any number of processes long.

Each part ends with a full flush: on a byte, and with nothing remembered that a later part refers to. So a part can be written
by a process that knows only how long the file was, its CRC and its length unpacked.
"""

import struct
import zlib

import msgspec

BEGINNING = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""A header that says neither time nor name, so that the same content gives the same bytes."""
LEVEL = 6


class Checked(msgspec.Struct, frozen=True):
    """What the end of the member says about all that was packed: CRC-32, and the number of bytes unpacked."""

    crc: int = 0
    length: int = 0

    def plus(self, content: bytes) -> "Checked":
        """After some more content."""
        return Checked(zlib.crc32(content, self.crc), self.length + len(content))


def pack_part(content: bytes) -> bytes:
    """A part of the member."""
    packing = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packing.compress(content) + packing.flush(zlib.Z_FULL_FLUSH)


def pack_end(checked: Checked) -> bytes:
    """The end of the member."""
    last = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS).flush(zlib.Z_FINISH)
    return last + struct.pack("<II", checked.crc, checked.length & 0xFFFFFFFF)
