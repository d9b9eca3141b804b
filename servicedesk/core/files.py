"""The files people attach: kept under names of our own, known by their content, handed out without surprises.

Nothing is ever opened or unpacked here. A file that could run is refused, a kind we know is named by its content,
and all others are kept as bytes to download.
"""

import hashlib
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Callable, Container, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import quote

import puremagic

from servicedesk.core.errors import N_, NotFoundError, RefusedError

UNKNOWN_TYPE = "application/octet-stream"
NAME_LENGTH = 150

EMPTY = N_("Filen %(name)s er tom. Vælg en anden fil, eller prøv at gemme den igen.")
TOO_LARGE = N_("Filen %(name)s er for stor. En fil må højst fylde %(megabytes)s MB.")
CAN_RUN = N_(
    "Filen %(name)s kan køre som et program og kan ikke vedhæftes. Vedhæft et skærmbillede eller et dokument i stedet."
)


class FileRefusedError(RefusedError):
    """The file is not kept, and nothing of it is left."""


class FileTooLargeError(FileRefusedError):
    status = 413


class FileMissingError(NotFoundError):
    """The store has no such file."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    stored_name: str
    shown_name: str
    media_type: str
    size: int
    sha256: str


# ------------------------------------------------------------------------------------------------ names

_LONGEST_EXTENSION = 20
#: Names that mean a device, not a file, on the computers most of our users have.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_JOINER = "\u200d"
#: A joiner that does not stand between two signs, as it does inside emoji.
_LOOSE_JOINER = re.compile(
    f"(?<![^\\x00-\\x7f{_JOINER}]){_JOINER}+|{_JOINER}+(?![^\\x00-\\x7f{_JOINER}])|(?<={_JOINER}){_JOINER}+"
)
_NOT_LAST = f". {_JOINER}"


def clean_name(raw: str | None) -> str:
    """The last part of a name as it may be shown and downloaded. Letters of any language stay."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", raw or ""))[-1]
    visible = "".join(" " if c.isspace() else c for c in last if c.isspace() or _is_visible(c))
    composed = unicodedata.normalize("NFC", _LOOSE_JOINER.sub("", visible))
    name = _shortened(" ".join(composed.split()).rstrip(_NOT_LAST))
    return f"_{name}"[:NAME_LENGTH] if _DEVICE.fullmatch(name) else name or "fil"


def _is_visible(character: str) -> bool:
    # Format characters turn a name around or hide in it; only the joiner is needed, inside emoji.
    return character == _JOINER or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Cn")


def _shortened(name: str) -> str:
    if len(name) <= NAME_LENGTH:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > _LONGEST_EXTENSION:
        return name[:NAME_LENGTH].rstrip(_NOT_LAST)
    return stem[: NAME_LENGTH - len(extension) - 1].rstrip(_NOT_LAST) + dot + extension


def extension_of(name: str) -> str:
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def disposition(shown_name: str, *, inline: bool = False) -> str:
    """The Content-Disposition header: one plain name for old clients, the real one for all others."""
    name = clean_name(shown_name)
    kind = "inline" if inline else "attachment"
    spelled = name.translate({0xE6: "ae", 0xF8: "oe", 0xE5: "aa", 0xC6: "Ae", 0xD8: "Oe", 0xC5: "Aa"})
    without_accents = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._ ()+-]", "_", without_accents).strip(" .") or "fil"
    header = f'{kind}; filename="{plain}"'
    return header if plain == name else f"{header}; filename*=UTF-8''{quote(name, safe='')}"


# ------------------------------------------------------------------------------------------------ kinds

_OFFICE = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

#: Extension of the name → the type we hand out, and what the content must look like.
_KINDS: dict[str, tuple[str, str]] = {
    "png": ("image/png", ".png"),
    "jpg": ("image/jpeg", ".jpg"),
    "jpeg": ("image/jpeg", ".jpg"),
    "jfif": ("image/jpeg", ".jpg"),
    "gif": ("image/gif", ".gif"),
    "webp": ("image/webp", ".webp"),
    "heic": ("image/heic", ".heif"),
    "heif": ("image/heif", ".heif"),
    "pdf": ("application/pdf", ".pdf"),
    "docx": (f"{_OFFICE}.wordprocessingml.document", ".docx"),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", ".xlsx"),
    "pptx": (f"{_OFFICE}.presentationml.presentation", ".pptx"),
    "odt": (f"{_ODF}.text", ".zip"),
    "ods": (f"{_ODF}.spreadsheet", ".zip"),
    "odp": (f"{_ODF}.presentation", ".zip"),
    "doc": ("application/msword", ".doc"),
    "xls": ("application/vnd.ms-excel", ".doc"),
    "ppt": ("application/vnd.ms-powerpoint", ".doc"),
    "msg": ("application/vnd.ms-outlook", ".doc"),
    "zip": ("application/zip", ".zip"),
    "mp4": ("video/mp4", ".mp4"),
    "m4v": ("video/mp4", ".mp4"),
    "mov": ("video/quicktime", ".mov"),
    "txt": ("text/plain", "text"),
    "log": ("text/plain", "text"),
    "csv": ("text/csv", "text"),
    "eml": ("message/rfc822", "text"),
}
_PREVIEWABLE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

#: What Windows runs when somebody opens it.
_RUNS = frozenset(
    (
        *(
            "exe",
            "com",
            "scr",
            "pif",
            "cpl",
            "dll",
            "sys",
            "msi",
            "msp",
            "mst",
            "msix",
            "appx",
            "application",
            "appref-ms",
        ),
        *(
            "bat",
            "cmd",
            "ps1",
            "psm1",
            "psd1",
            "ps1xml",
            "vbs",
            "vbe",
            "vb",
            "js",
            "jse",
            "mjs",
            "ws",
            "wsf",
            "wsc",
            "wsh",
        ),
        *(
            "hta",
            "lnk",
            "url",
            "scf",
            "reg",
            "inf",
            "msc",
            "chm",
            "jar",
            "jnlp",
            "gadget",
            "settingcontent-ms",
            "library-ms",
        ),
        *("iso", "img", "vhd", "vhdx", "xll", "sh", "bash", "command", "desktop", "apk", "dmg", "pkg", "deb", "rpm"),
    )
)
_HEAD = 8192
_LINK_FILE = bytes.fromhex("4c0000000114020000000000c000000000000046")
_MACH_O = tuple(bytes.fromhex(magic) for magic in ("feedface", "feedfacf", "cefaedfe", "cffaedfe", "cafebabe"))


def previewable(media_type: str) -> bool:
    """Whether a page may show it as a picture."""
    return media_type in _PREVIEWABLE


def can_run(head: bytes, shown_name: str) -> bool:
    """Whether opening the file would run something, by its name or by how it begins."""
    return (
        extension_of(shown_name) in _RUNS
        or (head.startswith(b"MZ") and b"\0" in head[:64])
        or head.startswith((b"\x7fELF", b"#!/", b"#! /", _LINK_FILE, *_MACH_O))
    )


def media_type_of(head: bytes, shown_name: str) -> str:
    """The type to hand the file out as: what its content and its name agree on, otherwise bytes."""
    looks_like = _looks_like(head)
    extension = extension_of(shown_name)
    named, wanted = _KINDS.get(extension, (UNKNOWN_TYPE, ""))
    if wanted in looks_like:
        return named
    # Cameras and chat programs mix up the names of pictures; a pasted picture has no ending at all.
    if extension == "" or named in _PREVIEWABLE:
        return next((_KINDS[look[1:]][0] for look in sorted(looks_like) if _is_picture(look)), UNKNOWN_TYPE)
    return UNKNOWN_TYPE


def _is_picture(look: str) -> bool:
    return previewable(_KINDS.get(look[1:], ("", ""))[0])


def _looks_like(head: bytes) -> set[str]:
    # Without the name: with it, puremagic believes the name when the content says nothing.
    with suppress(puremagic.PureError):
        return {match.extension for match in puremagic.magic_string(head)} | _iso_media(head) | _text(head)
    return _iso_media(head) | _text(head)


def _iso_media(head: bytes) -> set[str]:
    """Brands of pictures and films from telephones that puremagic does not know."""
    if head[4:8] != b"ftyp":
        return set()
    brand = head[8:12]
    if brand in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        return {".heif"}
    return {".mov"} if brand == b"qt  " else {".mp4"}


def _text(head: bytes) -> set[str]:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return {"text"}
    control = set(head) - {*range(0x20, 0x100), 0x09, 0x0A, 0x0C, 0x0D, 0x1B}
    return set() if control else {"text"}


# ------------------------------------------------------------------------------------------------ the store

_STORED_NAME = re.compile(r"[0-9a-f]{32}")
_UNFINISHED = ".part"
_PIECE = 64 * 1024


class Store:
    """A folder of files under random names, in two levels so that no folder grows large."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, stream: Readable, shown_name: str | None, limit_bytes: int) -> StoredFile:
        """Keeps a file of at most `limit_bytes`; when it returns, the file is on the disk."""
        shown = clean_name(shown_name)
        if can_run(b"", shown):
            raise FileRefusedError(CAN_RUN, name=shown)
        stored = secrets.token_hex(16)
        final = self.path(stored)
        final.parent.mkdir(parents=True, exist_ok=True)
        unfinished = final.with_suffix(_UNFINISHED)
        try:
            kept = _write(stream, unfinished, stored, shown, limit_bytes)
            unfinished.rename(final)
        except BaseException:  # also when the sender hangs up or the server is stopped
            unfinished.unlink(missing_ok=True)
            raise
        _make_durable(final.parent)
        return kept

    def copy(self, stored_name: str) -> str:
        """The same bytes under another name, for a second place that has the file; answers the name."""
        copied = secrets.token_hex(16)
        target = self.path(copied)
        target.parent.mkdir(parents=True, exist_ok=True)
        source = self.path(stored_name)
        unfinished = target.with_suffix(_UNFINISHED)
        try:
            shutil.copyfile(source, unfinished)
            with unfinished.open("rb") as written:
                os.fsync(written.fileno())
            unfinished.rename(target)
        except FileNotFoundError:
            raise FileMissingError from None
        finally:
            unfinished.unlink(missing_ok=True)
        _make_durable(target.parent)
        return copied

    def path(self, stored_name: str) -> Path:
        if not _STORED_NAME.fullmatch(stored_name):
            raise FileMissingError
        return self._folder / stored_name[:2] / stored_name[2:4] / stored_name

    def open(self, stored_name: str) -> BinaryIO:
        try:
            return self.path(stored_name).open("rb")
        except FileNotFoundError as missing:
            raise FileMissingError from missing

    def remove(self, stored_name: str) -> None:
        """Removing what is gone already is no error: clean-up may run twice."""
        self.path(stored_name).unlink(missing_ok=True)

    def orphans(self, known: Container[str] | Callable[[str], bool], older_than: datetime) -> Iterator[str]:
        """Stored names nobody knows. The age spares files whose row is about to be committed."""
        is_known = known if callable(known) else known.__contains__
        for file in self._older_than(older_than):
            if _STORED_NAME.fullmatch(file.name) and not is_known(file.name):
                yield file.name

    def remove_unfinished(self, older_than: datetime) -> int:
        """Removes what a lost process was writing; tells how many."""
        unfinished = [file for file in self._older_than(older_than) if file.suffix == _UNFINISHED]
        for file in unfinished:
            file.unlink(missing_ok=True)
        return len(unfinished)

    def _older_than(self, moment: datetime) -> Iterator[Path]:
        for file in self._folder.glob("??/??/*"):
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < moment.timestamp():
                    yield file


def _write(stream: Readable, target: Path, stored_name: str, shown_name: str, limit: int) -> StoredFile:
    size, head, digest = 0, b"", hashlib.sha256()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > limit:
                raise FileTooLargeError(TOO_LARGE, name=shown_name, megabytes=_megabytes(limit))
            head += piece[: _HEAD - len(head)]
            digest.update(piece)
            file.write(piece)
        if not size:
            raise FileRefusedError(EMPTY, name=shown_name)
        if can_run(head, shown_name):
            raise FileRefusedError(CAN_RUN, name=shown_name)
        file.flush()
        os.fsync(file.fileno())
    return StoredFile(stored_name, shown_name, media_type_of(head, shown_name), size, digest.hexdigest())


def _megabytes(limit: int) -> int:
    return max(1, limit >> 20 if limit % (1 << 20) == 0 else limit // 1_000_000)


def _make_durable(folder: Path) -> None:
    """A new name survives a power cut only when its folder is written, too. Windows has no such call and needs none."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
