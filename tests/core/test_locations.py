"""A photo loses the place where it was taken, and nothing else."""

import io
from struct import pack

import pytest

from servicedesk.core.locations import HEAD, Blanked, without_place

NORTH = pack(">IIIIII", 55, 1, 58, 1, 30, 1)
NORTH_LITTLE = pack("<IIIIII", 55, 1, 58, 1, 30, 1)


def photo(order: str = ">", xmp: bytes = b"", picture: bytes = b"picture" * 100) -> bytes:
    """A JPEG with an orientation, a place in its own table, and what follows."""
    mark = b"MM" if order == ">" else b"II"
    tiff = mark + pack(f"{order}HI", 42, 8)
    tiff += pack(f"{order}H", 2)
    tiff += pack(f"{order}HHIHH", 0x0112, 3, 1, 6, 0)
    tiff += pack(f"{order}HHII", 0x8825, 4, 1, 38)
    tiff += pack(f"{order}I", 0)
    tiff += pack(f"{order}H", 2)
    tiff += pack(f"{order}HHI4s", 1, 2, 2, b"N\0\0\0")
    tiff += pack(f"{order}HHII", 2, 5, 3, 68)
    tiff += pack(f"{order}I", 0)
    tiff += pack(f"{order}IIIIII", 55, 1, 58, 1, 30, 1)
    exif = b"Exif\0\0" + tiff
    segments = b"\xff\xe1" + pack(">H", len(exif) + 2) + exif
    if xmp:
        told = b"http://ns.adobe.com/xap/1.0/\0" + xmp
        segments += b"\xff\xe1" + pack(">H", len(told) + 2) + told
    return b"\xff\xd8" + segments + b"\xff\xda\x00\x02" + picture


@pytest.mark.parametrize(("order", "place"), [(">", NORTH), ("<", NORTH_LITTLE)], ids=["big end", "little end"])
def test_the_place_is_gone_and_the_rest_is_there(order, place):
    taken = photo(order)
    assert place in taken

    kept = without_place(taken)

    assert place not in kept
    assert len(kept) == len(taken)
    assert kept.endswith(b"picture" * 100)
    assert pack(f"{order}HHIH", 0x0112, 3, 1, 6) in kept


def test_what_programs_write_beside_the_picture_is_gone():
    kept = without_place(photo(xmp=b'<x exif:GPSLatitude="55,58.5N"/>'))

    assert b"GPS" not in kept


@pytest.mark.parametrize("size", [1, 7, 64 * 1024], ids=["byte by byte", "in small pieces", "as the store reads"])
def test_a_stream_comes_through_whole(size):
    taken = photo(picture=b"x" * (HEAD + 12_345))
    stream, got = Blanked(io.BytesIO(taken)), b""
    if size == 1:
        taken = photo()
        stream = Blanked(io.BytesIO(taken))
    while piece := stream.read(size):
        got += piece

    assert got == without_place(taken)
    assert len(got) == len(taken)


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"\xff",
        b"\xff\xd8",
        b"\xff\xd8\xff\xe1",
        b"\xff\xd8\xff\xe1\x00\x00Exif\0\0",
        b"\xff\xd8\xff\xe1\xff\xffExif\0\0MM\0*\xff\xff\xff\xff",
        b"\xff\xd8\xff\xe1\x00\x20Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x88\x25" * 20,
        b"\x89PNG\r\n\x1a\n" + b"x" * 100,
        b"GIF89a",
        b"just words",
    ],
)
def test_what_is_no_photo_or_a_broken_one_goes_through(other):
    assert len(without_place(other)) == len(other)
    if not other.startswith(b"\xff\xd8"):
        assert without_place(other) == other
