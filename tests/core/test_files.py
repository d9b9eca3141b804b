import hashlib
import io
import os
import re
import struct
import unicodedata
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from servicedesk.core import files
from servicedesk.core.files import FileMissingError, FileRefusedError, FileTooLargeError, Store, clean_name, disposition

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 40
GIF = b"GIF89a" + b"\0" * 40
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 40
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40
HEIC_AS_MIF1 = b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + b"\0" * 40
MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0" * 40
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
EXE = b"MZ\x90\0\3\0\0\0" + b"\0" * 56 + b"PE\0\0" + b"\0" * 100
LNK = bytes.fromhex("4c0000000114020000000000c000000000000046") + b"\0" * 60
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def zipped(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return held.getvalue()


DOCX = zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "files")


def keep(store: Store, content: bytes, name: str | None = "fil.txt", limit: int = 1_000_000) -> files.StoredFile:
    return store.keep(io.BytesIO(content), name, limit)


def everything_in(store: Store) -> list[str]:
    return [file.name for file in store._folder.rglob("*") if file.is_file()]


# ------------------------------------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        pytest.param("../../etc/passwd", "passwd", id="up"),
        pytest.param("..\\..\\x.txt", "x.txt", id="up on Windows"),
        pytest.param("/etc/x", "x", id="absolute"),
        pytest.param("C:\\Users\\Åse\\x.pdf", "x.pdf", id="with a drive"),
        pytest.param("a\0b.txt", "ab.txt", id="NUL"),
        pytest.param(".", "fil", id="dot"),
        pytest.param("..", "fil", id="two dots"),
        pytest.param("", "fil", id="empty"),
        pytest.param(None, "fil", id="none"),
        pytest.param("a/", "fil", id="folder"),
        pytest.param("\u202e", "fil", id="nothing visible"),
        pytest.param("æøå.pdf", "æøå.pdf", id="Danish"),
        pytest.param("ÆØÅ", "ÆØÅ", id="only Danish"),
        pytest.param("😀👩\u200d💻.png", "😀👩\u200d💻.png", id="emoji"),
        pytest.param("CON", "_CON", id="device"),
        pytest.param("aux.txt", "_aux.txt", id="device with an extension"),
        pytest.param("conto.txt", "conto.txt", id="not a device"),
        pytest.param("x.txt. . ", "x.txt", id="trailing dots and blanks"),
        pytest.param("faktura\u202efdp.exe", "fakturafdp.exe", id="right to left"),
        pytest.param("a\r\nb: c.txt", "a b: c.txt", id="newline"),
        pytest.param("a\u0308\u030a.txt", "ä\u030a.txt", id="marks apart"),
        pytest.param("a\ud800.txt", "a.txt", id="half a character"),
        pytest.param(".htaccess", ".htaccess", id="hidden"),
    ],
)
def test_a_name_is_made_showable(raw, shown):
    assert clean_name(raw) == shown


@pytest.mark.parametrize("length", [149, 150, 151, 255, 4096])
def test_a_long_name_keeps_its_extension(length):
    name = clean_name("ø" * (length - 5) + ".docx")
    assert len(name) == min(length, files.NAME_LENGTH)
    assert name.endswith("ø.docx")


@given(st.text(max_size=300))
@example("a" * 149 + ". .txt")
@example("con." + "x" * 200)
@example("\u200d \u200d.")
def test_any_name_is_safe_and_stays_as_it_is(raw):
    name = clean_name(raw)
    assert 1 <= len(name) <= files.NAME_LENGTH
    assert not re.search(r"[/\\\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", name)
    assert name not in {".", ".."}
    assert clean_name(name) == name
    name.encode()


# ------------------------------------------------------------------------------------------------ the header


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("rapport.pdf", 'attachment; filename="rapport.pdf"'),
        ("øæ å.pdf", "attachment; filename=\"oeae aa.pdf\"; filename*=UTF-8''%C3%B8%C3%A6%20%C3%A5.pdf"),
        ('a"; x="b.txt', "attachment; filename=\"a__ x__b.txt\"; filename*=UTF-8''a%22%3B%20x%3D%22b.txt"),
        (
            "a\r\nSet-Cookie: x=1.txt",
            "attachment; filename=\"a Set-Cookie_ x_1.txt\"; filename*=UTF-8''a%20Set-Cookie%3A%20x%3D1.txt",
        ),
        ("😀", "attachment; filename=\"fil\"; filename*=UTF-8''%F0%9F%98%80"),
        ("a%41;b.txt", "attachment; filename=\"a_41_b.txt\"; filename*=UTF-8''a%2541%3Bb.txt"),
    ],
)
def test_a_name_goes_into_one_valid_header(name, header):
    assert disposition(name) == header


def test_pictures_may_be_shown_in_the_page():
    assert disposition("a.png", inline=True) == 'inline; filename="a.png"'


@given(st.text(max_size=200))
@example(".0")
def test_any_name_comes_out_of_the_header_again(name):
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    kind, options = parse_options_header(header)
    assert kind == "attachment"
    written = header.partition("filename*=UTF-8''")[2]
    assert (unquote(written) if written else options["filename"]) == clean_name(name)


# ------------------------------------------------------------------------------------------------ kinds


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PNG, "a.png", "image/png"),
        (PNG, "A.PNG", "image/png"),
        (JPEG, "a.jpg", "image/jpeg"),
        (JPEG, "a.jpeg", "image/jpeg"),
        (GIF, "a.gif", "image/gif"),
        (WEBP, "a.webp", "image/webp"),
        (HEIC, "IMG_1.HEIC", "image/heic"),
        (HEIC_AS_MIF1, "a.heic", "image/heic"),
        (MP4, "a.mp4", "video/mp4"),
        (PDF, "a.pdf", "application/pdf"),
        (DOCX, "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (XLSX, "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (OLE, "a.msg", "application/vnd.ms-outlook"),
        (OLE, "a.xls", "application/vnd.ms-excel"),
        (DOCX, "a.zip", "application/zip"),
        ("Blåbærgrød\r\n".encode(), "a.txt", "text/plain"),
        ("Blåbærgrød\r\n".encode("latin-1"), "a.log", "text/plain"),
        ("a;å".encode("utf-16"), "a.csv", "text/csv"),
        (b"From: x\r\n\r\nHej", "a.eml", "message/rfc822"),
        pytest.param(HTML, "a.txt", "text/plain", id="html said to be text stays text"),
        pytest.param(PNG, "billede", "image/png", id="pasted picture without extension"),
        pytest.param(JPEG, "a.png", "image/jpeg", id="one picture named as another"),
    ],
)
def test_a_known_kind_is_named_by_its_content(content, name, media_type):
    assert files.media_type_of(content[:8192], name) == media_type


BYTES_ONLY = [
    *((HTML, f"a.{extension}") for extension in ("html", "htm", "xhtml", "shtml", "mht", "png", "pdf", "zip", "docx")),
    *((SVG, f"a.{extension}") for extension in ("svg", "xml", "png", "")),
    *((b"<?php x", f"a.{extension}") for extension in ("php", "phtml", "pht", "swf", "htaccess")),
    pytest.param(b"GIF89a/*\0*/=1;alert(1)//", "a.html", id="picture and script"),
    pytest.param(PDF + HTML, "a.html", id="pdf and page"),
    pytest.param(DOCX, "a.png", id="zip named as a picture"),
    pytest.param(PNG, "a.pdf", id="picture named as a document"),
    pytest.param(PNG, "a.html", id="picture named as a page"),
    pytest.param(bytes(range(256)), "a.txt", id="bytes named as text"),
    pytest.param(PNG, "a.txt", id="picture named as text"),
    pytest.param(b"x", "a", id="no extension"),
    pytest.param(HTML, ".png", id="only an extension"),
    pytest.param(b'{"a": 1}', "a.json", id="json"),
]


@pytest.mark.parametrize(("content", "name"), BYTES_ONLY)
def test_anything_else_is_only_bytes_to_download(store, content, name):
    kept = keep(store, content, name)
    assert kept.media_type == files.UNKNOWN_TYPE
    assert not files.previewable(kept.media_type)


def test_a_polyglot_is_handed_out_as_what_it_begins_with(store):
    assert keep(store, b"GIF89a/*\0*/=1;alert(1)//", "a.gif").media_type == "image/gif"
    assert keep(store, PDF + HTML, "a.pdf").media_type == "application/pdf"
    assert not files.previewable("application/pdf")


@pytest.mark.parametrize("media_type", ["image/svg+xml", "text/html", "text/plain", "image/heic", "video/mp4", ""])
def test_only_harmless_pictures_are_shown(media_type):
    assert not files.previewable(media_type)


RUNNING = [
    *(
        (b"x", f"a.{extension}")
        for extension in ("exe", "EXE", "js", "vbs", "hta", "lnk", "url", "bat", "ps1", "jar", "scr")
    ),
    pytest.param(b"x", "faktura.pdf.exe", id="two extensions"),
    pytest.param(b"x", "a.exe. . ", id="trailing dots"),
    pytest.param(b"x", "fdp\u202e.\u200bexe", id="invisible characters"),
    pytest.param(EXE, "a.txt", id="program named as text"),
    pytest.param(EXE, "a.png", id="program named as a picture"),
    pytest.param(b"\x7fELF\2\1\1" + b"\0" * 60, "a", id="program for Linux"),
    pytest.param(LNK, "a.pdf", id="shortcut named as a document"),
    pytest.param(b"#!/bin/sh\nrm -rf ~", "a.txt", id="script named as text"),
]


@pytest.mark.parametrize(("content", "name"), RUNNING)
def test_what_could_run_is_refused(store, content, name):
    with pytest.raises(FileRefusedError, match="kan køre som et program") as refused:
        keep(store, content, name)
    assert refused.value.status == 422
    assert everything_in(store) == []


def test_a_text_may_begin_with_mz():
    assert not files.can_run(b"MZ-7 er navnet", "a.txt")


# ------------------------------------------------------------------------------------------------ keeping


def test_a_kept_file_comes_back_as_it_was(store):
    content = os.urandom(200_000)
    kept = keep(store, content, "../data.bin")

    assert (kept.shown_name, kept.size) == ("data.bin", 200_000)
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    with store.open(kept.stored_name) as file:
        assert file.read() == content
    assert store.path(kept.stored_name).stat().st_mode & 0o777 == 0o600
    assert everything_in(store) == [kept.stored_name]


def test_two_files_of_one_name_stay_two(store):
    one, other = keep(store, b"en", "øæ.pdf"), keep(store, b"to", "øæ.pdf")
    assert one.shown_name == other.shown_name == "øæ.pdf"
    assert store.path(one.stored_name).read_bytes() == b"en"
    assert store.path(other.stored_name).read_bytes() == b"to"


@pytest.mark.parametrize("limit", [10, 64 * 1024, 200_000])
def test_the_limit_is_exact(store, limit):
    assert keep(store, b"x" * (limit - 1), limit=limit).size == limit - 1
    assert keep(store, b"x" * limit, limit=limit).size == limit
    before = everything_in(store)

    with pytest.raises(FileTooLargeError) as refused:
        keep(store, b"x" * (limit + 1), limit=limit)

    assert refused.value.status == 413
    assert everything_in(store) == before


def test_reading_stops_at_the_limit(store):
    class Endless:
        given = 0

        def read(self, size: int, /) -> bytes:
            self.given += size
            return b"x" * size

    endless = Endless()
    with pytest.raises(FileTooLargeError):
        store.keep(endless, "a.txt", 1_000_000)
    assert endless.given < 1_100_000


def test_a_stream_may_come_in_small_pieces(store):
    class Drops(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(3)

    assert store.keep(Drops(PNG), "a.png", 1000).media_type == "image/png"
    with pytest.raises(FileRefusedError):
        store.keep(Drops(EXE), "a.png", 1000)


def test_an_empty_file_is_refused(store):
    with pytest.raises(FileRefusedError, match="er tom"):
        keep(store, b"")
    assert everything_in(store) == []


def test_nothing_is_left_when_the_sender_hangs_up(store):
    class HangsUp:
        pieces = iter([b"x" * 1000])

        def read(self, size: int, /) -> bytes:
            try:
                return next(self.pieces)
            except StopIteration:
                raise ConnectionResetError from None

    with pytest.raises(ConnectionResetError):
        store.keep(HangsUp(), "a.txt", 10_000)
    assert everything_in(store) == []


def test_a_flood_of_pixels_is_kept_unopened(store):
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    flood = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    assert keep(store, flood, "a.png").size == len(flood)


# ------------------------------------------------------------------------------------------------ cleaning up


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a" * 31, "a" * 33, "A" * 32, "g" * 32, "a" * 32 + "\n", "a" * 32 + ".part", "/etc/passwd"],
)
def test_only_names_of_ours_lead_into_the_store(store, name):
    for use in (store.path, store.open, store.remove):
        with pytest.raises(FileMissingError) as missing:
            use(name)
        assert missing.value.status == 404


def test_a_file_that_is_gone_is_missing(store):
    kept = keep(store, b"x")
    store.remove(kept.stored_name)
    store.remove(kept.stored_name)
    with pytest.raises(FileMissingError):
        store.open(kept.stored_name)


def test_orphans_are_old_and_unknown(store):
    known, orphan, fresh = (keep(store, b"x").stored_name for _ in range(3))
    now = datetime.now(UTC)
    yesterday = (now - timedelta(days=1)).timestamp()
    for name in (known, orphan):
        os.utime(store.path(name), (yesterday, yesterday))

    assert list(store.orphans({known}, now - timedelta(hours=1))) == [orphan]
    assert list(store.orphans(lambda name: name == known, now - timedelta(hours=1))) == [orphan]
    assert set(store.orphans(set(), now + timedelta(hours=1))) == {known, orphan, fresh}


def test_what_a_lost_process_was_writing_is_removed(store):
    kept = keep(store, b"x")
    unfinished = store.path(kept.stored_name).with_suffix(".part")
    unfinished.write_bytes(b"half")

    assert store.remove_unfinished(datetime.now(UTC) - timedelta(hours=1)) == 0
    assert store.remove_unfinished(datetime.now(UTC) + timedelta(hours=1)) == 1
    assert everything_in(store) == [kept.stored_name]


def test_an_empty_store_has_no_orphans(store):
    assert list(store.orphans(set(), datetime.now(UTC))) == []


def test_names_are_compared_in_one_form():
    assert clean_name(unicodedata.normalize("NFD", "blåbær.pdf")) == "blåbær.pdf"
