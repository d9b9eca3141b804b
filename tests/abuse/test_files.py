"""Files that people attach, from the form to the download (A075 to A090); for the store see tests/core."""

import gc
import re
import resource
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from servicedesk.drafts.models import KeptFile
from servicedesk.tickets.models import Attachment

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
MULTIPART = "multipart/form-data"

#: The test client leaves it to chance when the file with a long request is closed; here that is the last test's end.
pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]


@pytest.fixture
def send(desk, town, browse):
    """`send((content, name), …)` files a ticket with these files, and answers the response."""

    def send(*files: tuple[bytes, str], types: str = "application/octet-stream"):
        data: dict[str, Any] = {"subject": "x", "description": "x"}
        data["files"] = [(BytesIO(content), name, types) for content, name in files]
        return browse(town.r1).post("/tickets/new", data=data, content_type=MULTIPART)

    return send


NAMES = [
    *("../../x.txt", "..\\..\\x.txt", "/etc/passwd.txt", "C:\\x.txt", "a\x00.txt", ".", "..", " ", "x" * 255),
    *("x" * 4096 + ".txt", "æøå.txt", "😀.txt", "CON", "CON.txt", "navn. ", "navn.txt.", "\u202etxt.fdp", "a\nb.txt"),
    *("a;b=c.txt", "a%0d%0ab.txt", 'a"b; filename=x.html".txt', "a\rSet-Cookie: x=1.txt", "a\u2028b.txt"),
    *("日本.txt", "a'b.txt", "-rf.txt"),
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_kept_under_one_of_ours(desk, town, browse, send, name):
    """A075, A085: a random name in the store, one line and one valid header on the way out."""
    answer = send((b"hej", name))
    assert answer.status_code == 303
    for file in desk.all(Attachment):
        assert re.fullmatch(r"[0-9a-f]{32}", file.stored_name)
        assert not re.search(r"[\x00-\x1f\u202a-\u202e/\\]", file.name) and 0 < len(file.name) <= 150
        with browse(town.r1).get(f"{answer.location}/attachments/{file.id}") as download:
            [header] = download.headers.getlist("Content-Disposition")
            assert re.fullmatch(
                r'attachment; filename="[A-Za-z0-9._ ()+-]+"(; filename\*=UTF-8\'\'[\w.%~()!*-]+)?', header
            )
            assert download.data == b"hej"


def test_two_files_of_one_name_stay_two(desk, town, browse, send):
    """A075."""
    locations = [send((content, "øæ.pdf")).location for content in (b"%PDF-1.4 en", b"%PDF-1.4 to")]
    files = desk.all(Attachment)
    assert [file.name for file in files] == ["øæ.pdf", "øæ.pdf"]
    for location, file, content in zip(locations, files, (b"%PDF-1.4 en", b"%PDF-1.4 to"), strict=True):
        with browse(town.r1).get(f"{location}/attachments/{file.id}") as download:
            assert download.data == content


ACTIVE = "html svg xml xhtml swf mht php phtml pht htaccess shtml htm xsl".split()
REFUSED = "js hta lnk url exe bat ps1 vbs jar scr".split()


@pytest.mark.parametrize("extension", ACTIVE)
@pytest.mark.parametrize("told", ["text/html", "image/png"])
def test_what_a_browser_could_run_is_only_downloaded(desk, town, browse, send, extension, told):
    """A076: whatever the sender says that it is, and whatever the address asks for."""
    content = b"<html><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/><script>alert(1)</script></html>"
    location = send((content, f"x.{extension}"), types=told).location
    [file] = desk.all(Attachment)
    for query in ("", "?preview=1"):
        with browse(town.r1).get(f"{location}/attachments/{file.id}{query}") as download:
            check_tame(download)
            assert download.headers["Content-Type"] == "application/octet-stream"


def check_tame(download) -> None:
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in download.headers["Content-Security-Policy"]
    assert "allow-scripts" not in download.headers["Content-Security-Policy"]


@pytest.mark.parametrize("extension", REFUSED)
def test_what_windows_would_run_is_refused(desk, send, app, extension):
    """A076: with nothing left of it; the good file that came along waits for the form to be sent right."""
    assert send((b"hej", "god.txt"), (b"hej", f"x.{extension}")).status_code == 422
    [waiting] = desk.all(KeptFile)
    assert (waiting.name, desk.count(Attachment)) == ("god.txt", 0)
    assert {path.name for path in stored(app)} == {waiting.stored_name}


POLYGLOTS = [
    (b"GIF89a/*" + b"\0" * 32 + b"*/=1;alert(1)", "x.js.gif", "image/gif"),
    (b"%PDF-1.4\n<html><script>alert(1)</script>", "x.html", "application/octet-stream"),
    (b"PK\x03\x04" + b"\0" * 60, "x.png", "application/octet-stream"),
    (PNG + b"<script>alert(1)</script>", "x.png", "image/png"),
    (b"<script>alert(1)</script>", "x.png", "application/octet-stream"),
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "x.jpg", "application/octet-stream"),
    (b"\xff\xd8\xff\xe0<html><script>alert(1)</script>", "x.svg", "application/octet-stream"),
    (b"%PDF-1.4\n%\xff\nPK\x03\x04", "x.pdf", "application/pdf"),
    (b"BM<html><body onload=alert(1)>", "x.html.bmp", "application/octet-stream"),
]


@pytest.mark.parametrize(("content", "name", "media_type"), POLYGLOTS)
def test_two_things_at_once_are_what_name_and_content_agree_on(desk, town, browse, send, content, name, media_type):
    """A079."""
    location = send((content, name), types="text/html").location
    [file] = desk.all(Attachment)
    with browse(town.r1).get(f"{location}/attachments/{file.id}") as download:
        check_tame(download)
        assert download.headers["Content-Type"] == media_type


def stored(app):
    folder = app.extensions["settings"].attachments_dir
    known: set[Path] = set() if not folder.exists() else {path for path in folder.rglob("*") if path.is_file()}
    return known - stored.before  # type: ignore[attr-defined]


stored.before = set()  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _know_what_lies_there(app):
    """The store is not undone between tests: what lay there does not count."""
    stored.before = set()  # type: ignore[attr-defined]
    stored.before = stored(app)  # type: ignore[attr-defined]


@pytest.fixture(autouse=True, scope="module")
def _close_files():
    yield
    gc.collect()


@pytest.mark.parametrize(("over", "status"), [(-1, 303), (0, 303), (1, 413)])
def test_the_limit_is_exact(app, desk, send, over, status):
    """A081: and nothing is left of a file that is too large."""
    limit = app.extensions["settings"].max_attachment_mb * 1_000_000
    assert send((b"x" * (limit + over), "stor.txt")).status_code == status
    assert len(stored(app)) == desk.count(Attachment) == (1 if status == 303 else 0)


def test_an_empty_file_is_refused(app, send, unchanged):
    """A081."""
    with unchanged():
        assert send((b"", "tom.txt")).status_code == 422
    assert stored(app) == set()


@pytest.mark.parametrize(
    "told",
    [
        {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""},
        {"CONTENT_LENGTH": "999999999999"},
        {"CONTENT_LENGTH": "-1"},
    ],
)
def test_a_wrong_length_is_no_fault(town, browse, told, unchanged):
    """A081: what cannot be read is not taken."""
    browser = browse(town.r1)
    with unchanged():
        answer = browser.raw.post("/tickets/new", data={"subject": "x"}, environ_overrides=told)
    assert answer.status_code in (400, 413)


def test_more_files_than_a_form_holds_are_refused(app, desk, send):
    """A081, A090: ten at a time wait for the form to be sent again; there is no quota by the minute or by person."""
    assert send(*((b"x", f"{number}.txt") for number in range(11))).status_code == 422
    assert (desk.count(Attachment), desk.count(KeptFile), len(stored(app))) == (0, 10, 10)


def bombs():
    pixels = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (50_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0" + b"\0" * 64
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 50_000_000)
    nested = zlib.compress(zlib.compress(b"\0" * 20_000_000))
    deep = b"[" * 100_000 + b"]" * 100_000
    frames = b"GIF89a" + b"\x21\xf9\x04\0\0\0\0\0," * 10_000
    return [
        *((pixels, "x.png"), (packed.getvalue(), "x.docx"), (packed.getvalue(), "42.zip"), (nested, "x.gz")),
        *((deep, "x.json"), (frames, "x.gif")),
    ]


def test_nothing_is_unpacked(desk, town, browse, send):
    """A083: floods and bombs are kept as the bytes that they are, in no time and little memory."""
    sent = bombs()
    before = resource.getrusage(resource.RUSAGE_SELF)
    location = send(*sent).location
    page = browse(town.s1).get(location)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert page.status_code == 200
    assert [file.size for file in desk.all(Attachment)] == [len(content) for content, _name in sent]
    assert after.ru_maxrss - before.ru_maxrss < 200_000
    assert after.ru_utime - before.ru_utime < 5
