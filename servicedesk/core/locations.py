"""Where a picture was taken is left out of it: a telephone writes the place into every photo, and nobody thinks of it.

The bytes of the place are overwritten as the file passes by; nothing is decoded and the picture itself is untouched.
JPEG alone is looked into: telephones send photos as JPEG, and screenshots know of no place. Whoever sends one of the
others that have a place is told that it goes along.
"""

import struct
from struct import unpack_from

from servicedesk.core.files import Readable

#: The marks before the picture's own data are looked for in so much of the file.
HEAD = 256 * 1024
_START, _PICTURE, _APP1 = 0xD8, 0xDA, 0xE1
_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/"
_PLACE = 0x8825
#: Bytes of one value, by the number of its type.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_ENTRY = 12


#: Pictures whose place stays where it is.
KEEPING_PLACE = frozenset({"image/heic"})


class Blanked:
    """A stream of a file, without the place where it was taken."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._head: bytes | None = None

    def read(self, size: int, /) -> bytes:
        if self._head is None:
            self._head = without_place(self._read_head())
        piece, self._head = self._head[:size], self._head[size:]
        return piece or self._stream.read(size)

    def _read_head(self) -> bytes:
        head = b""
        while len(head) < HEAD and (piece := self._stream.read(HEAD - len(head))):
            head += piece
        return head


def without_place(head: bytes) -> bytes:
    """The beginning of a file, as long as before."""
    if head[:2] != bytes((0xFF, _START)):
        return head
    blanked = bytearray(head)
    for start, end in _segments(head):
        if head.startswith(_EXIF, start):
            _blank_place(blanked, start + len(_EXIF), end)
        elif head.startswith(_XMP, start):
            # Text beside the picture, in which the place may stand in many ways.
            text = head.index(b"\0", start) + 1 if b"\0" in head[start:end] else end
            blanked[text:end] = b" " * (end - text)
    return bytes(blanked)


def _segments(head: bytes) -> list[tuple[int, int]]:
    """Where what stands beside the picture begins and ends."""
    found, at = [], 2
    while at + 4 <= len(head) and head[at] == 0xFF and head[at + 1] != _PICTURE:
        (length,) = unpack_from(">H", head, at + 2)
        if head[at + 1] == _APP1:
            found.append((at + 4, min(at + 2 + length, len(head))))
        at += 2 + max(length, 2)
    return found


def _blank_place(blanked: bytearray, start: int, end: int) -> None:
    order = {b"II": "<", b"MM": ">"}.get(bytes(blanked[start : start + 2]))
    if order is None:
        return
    try:
        (first,) = unpack_from(f"{order}I", blanked, start + 4)
        for entry in _entries(blanked, order, start + first, end):
            if unpack_from(f"{order}H", blanked, entry)[0] == _PLACE:
                (table,) = unpack_from(f"{order}I", blanked, entry + 8)
                _blank_table(blanked, order, start, start + table, end)
                return  # one is all that a camera writes; thousands would be somebody's way to keep us busy
    except struct.error:  # it says that it goes on where the file has ended: no camera wrote that
        return


def _entries(blanked: bytearray, order: str, table: int, end: int) -> list[int]:
    """Where the entries of a table are."""
    (count,) = unpack_from(f"{order}H", blanked, table)
    return [at for at in range(table + 2, table + 2 + count * _ENTRY, _ENTRY) if at + _ENTRY <= end]


def _blank_table(blanked: bytearray, order: str, start: int, table: int, end: int) -> None:
    """Each value of the table, which lies in its entry or elsewhere, and then the table: it now has no entries."""
    for entry in _entries(blanked, order, table, end):
        kind, count = unpack_from(f"{order}HI", blanked, entry + 2)
        length = _SIZES.get(kind, 0) * count
        if length > 4:
            (offset,) = unpack_from(f"{order}I", blanked, entry + 8)
            value = start + offset
            if start <= value <= value + length <= end:
                blanked[value : value + length] = bytes(length)
        blanked[entry : entry + _ENTRY] = bytes(_ENTRY)
    blanked[table : table + 2] = bytes(2)
