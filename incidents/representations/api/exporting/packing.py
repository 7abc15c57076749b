"""Compression in parts, so that a part can be written by a process that knows only how long the file was.

A gzip member (RFC 1952) is any number of processes long: each part ends with a full flush, on a byte, and with nothing remembered
that a later part refers to; what the end says about all of it, CRC and length, is carried on. Zstandard (RFC 8878) needs nothing:
each part is a frame of its own.
"""

import struct
import zlib
from typing import ClassVar, Protocol

import msgspec
import zstandard


class Checked(msgspec.Struct, frozen=True):
    """What the end of a gzip member says about all that was packed: CRC-32, and the number of bytes unpacked."""

    crc: int = 0
    length: int = 0

    def plus(self, content: bytes) -> "Checked":
        """After some more content."""
        return Checked(zlib.crc32(content, self.crc), self.length + len(content))


class Packing(Protocol):
    """A way to compress.

    Attributes:
        name: in the list of exports.
        ending: of names of files.
        media_type: of files.
        beginning: what stands before all parts.
    """

    name: ClassVar[str]
    ending: ClassVar[str]
    media_type: ClassVar[str]
    beginning: ClassVar[bytes]

    def part(self, content: bytes) -> bytes:
        """A part of the file."""

    def end(self, checked: Checked) -> bytes:
        """The end of the file."""


class Gzip:
    """What every system can read. The header says neither time nor name, so that the same content gives the same bytes."""

    name: ClassVar[str] = "gzip"
    ending: ClassVar[str] = "gz"
    media_type: ClassVar[str] = "application/gzip"
    beginning: ClassVar[bytes] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    level: ClassVar[int] = 6

    def part(self, content: bytes) -> bytes:
        """Blocks that end on a byte."""
        packing = zlib.compressobj(self.level, zlib.DEFLATED, -zlib.MAX_WBITS)
        return packing.compress(content) + packing.flush(zlib.Z_FULL_FLUSH)

    def end(self, checked: Checked) -> bytes:
        """The last block, CRC and length."""
        last = zlib.compressobj(self.level, zlib.DEFLATED, -zlib.MAX_WBITS).flush(zlib.Z_FINISH)
        return last + struct.pack("<II", checked.crc, checked.length & 0xFFFFFFFF)


class Zstandard:
    """What is smaller, and several times quicker to unpack."""

    name: ClassVar[str] = "zstd"
    ending: ClassVar[str] = "zst"
    media_type: ClassVar[str] = "application/zstd"
    beginning: ClassVar[bytes] = b""
    level: ClassVar[int] = 9

    def part(self, content: bytes) -> bytes:
        """A frame, with a checksum of its content."""
        return zstandard.ZstdCompressor(level=self.level, write_checksum=True).compress(content)

    def end(self, checked: Checked) -> bytes:
        """A frame with nothing, so that a file with nothing is one too."""
        return self.part(b"")


PACKINGS: tuple[Packing, ...] = (Gzip(), Zstandard())
