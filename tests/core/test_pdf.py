"""Pages as PDF: tagged, with words that are words, drawn from our own files and nothing else."""

import io
import logging
import threading

import pytest
from flask import render_template_string

from servicedesk.core import pdf, pdf_engine
from servicedesk.core.actor import Role
from servicedesk.core.errors import BusyError, RefusedError
from servicedesk.core.lookups import LookUp, Seen
from servicedesk.developer import samples
from tests.superbrugere_made import appoint, publish

pypdf = pytest.importorskip("pypdf")
pytestmark = pytest.mark.skipif(not pdf.works(), reason="needs WeasyPrint and Pango: docs/operations.md")

PAGE = """{%% extends "layouts/print.html" %%}{%% block title %%}Prøve{%% endblock %%}
{%% block content %%}<h1>Overskrift</h1>%s{%% endblock %%}"""
CHART = """
<figure><svg role="img" aria-labelledby="t1" viewBox="0 0 300 120"><title id="t1">Overholdt pr. måned</title>
<desc>Højest i marts</desc><defs><pattern id="p1" width="6" height="6" patternUnits="userSpaceOnUse">
<path d="M0 6L6 0" stroke="#004d99"/></pattern></defs><rect x="10" y="20" width="40" height="80" fill="url(#p1)"/>
<text x="10" y="115" font-size="10">marts 81 %</text></svg><figcaption>Figur</figcaption></figure>"""


@pytest.fixture
def drawn(app):
    def draw(content="", **values):
        with app.test_request_context("/x", base_url=app.extensions["settings"].base_url):
            return pypdf.PdfReader(io.BytesIO(pdf.drawn(render_template_string(PAGE % content, **values))))

    return draw


@pytest.fixture
def fetched(app, monkeypatch):
    """What was asked for while drawing, and whether it was given."""
    asked = []
    real = pdf_engine.OwnFiles.fetch

    def fetch(self, url, headers=None):
        try:
            answer = real(self, url, headers)
        except ValueError:
            asked.append((url, False))
            raise
        asked.append((url, True))
        return answer

    monkeypatch.setattr(pdf_engine.OwnFiles, "fetch", fetch)
    return asked


def words(reader):
    return " ".join(page.extract_text() for page in reader.pages)


def test_it_is_tagged_and_says_its_title_and_language(drawn):
    reader = drawn("<p>Rødgrød med fløde</p>")
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/StructTreeRoot"]
    assert root["/Lang"] == "da" and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Prøve – Testby"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()


def test_words_are_words_in_our_own_letters(drawn):
    reader = drawn("<p>Rødgrød med fløde, ”ægte” – 1½</p>")
    assert "Rødgrød med fløde, ”ægte” – 1½" in words(reader)
    assert "Side 1 af 1" in words(reader)
    fonts = {str(font.get_object()["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()}
    assert fonts and all("IBM-Plex" in font or "IBMPlex" in font.replace("-", "") for font in fonts)


def test_a_chart_keeps_its_name_its_patterns_and_its_words(drawn):
    reader = drawn(CHART)
    assert "marts 81 %" in words(reader)
    assert "/Pattern" in reader.pages[0]["/Resources"]
    assert "Overholdt pr. måned" in alternatives(reader.trailer["/Root"]["/StructTreeRoot"])


def alternatives(node):
    """What is said of each picture, in the tree that a screen reader walks."""
    found = {str(node["/Alt"])} if "/Alt" in node else set()
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(kid, dict) and "/K" in kid:
            found |= alternatives(kid)
    return found


CHARTS = """{% from "components/chart.html" import bar_list, chart, heat_map %}
{% from "components/figure_card.html" import figure_card %}
{% for one in charts %}{{ chart(one) }}{% endfor %}{% for one in lists %}{{ bar_list(one) }}{% endfor %}
{% for one in heats %}{{ heat_map(one) }}{% endfor %}{% for one in cards %}{{ figure_card(one) }}{% endfor %}"""


def test_every_kind_of_chart_can_be_drawn(app, drawn, caplog):
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    with app.test_request_context("/x", base_url=app.extensions["settings"].base_url):
        told = samples.figures()
    reader = drawn(CHARTS, **told)
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)

    assert not [line for line in caplog.messages if "SVG" in line]
    names = alternatives(reader.trailer["/Root"]["/StructTreeRoot"])
    assert len(names) > len(told["charts"])
    assert all(name.strip() for name in names)


FOREIGN = [
    '<img src="http://evil.example/x.png" alt="x">',
    '<img src="file:///etc/passwd" alt="x">',
    '<img src="//evil.example/x.png" alt="x">',
    '<img src="/healthz" alt="x">',
    '<img src="/static/../../etc/passwd" alt="x">',
    '<img src="data:image/svg+xml,%3Csvg%3E%3C/svg%3E" alt="x">',
    '<object data="file:///etc/passwd"></object>',
    '<embed src="http://evil.example/x">',
    '<link rel="stylesheet" href="http://evil.example/x.css">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<a rel="attachment" href="file:///etc/passwd">x</a>',
    '<p style="background: url(file:///etc/passwd)">x</p>',
    '<style>@import "http://evil.example/x.css"; p { background: url(http://evil.example/y) }</style><p>x</p>',
    '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><image href="file:///etc/passwd"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><use href="http://evil.example/x.svg#a"/></svg>',
]


@pytest.mark.parametrize("content", FOREIGN)
def test_a061_nothing_is_fetched_but_our_own_files(drawn, fetched, content):
    reader = drawn(content)

    assert "root:" not in words(reader)
    assert [url for url, given in fetched if given and "/static/" not in url] == []
    assert not reader.attachments
    assert all(b"root:x:0" not in page.get_contents().get_data() for page in reader.pages)


def test_our_own_files_are_given(drawn, fetched):
    pdf_engine._press.cache_clear()
    drawn('<img src="/static/img/favicon.svg" alt="mærke">')
    assert {url.rpartition("/")[2] for url, given in fetched if given} >= {
        "favicon.svg",
        "IBMPlexSans-Regular-Latin1.woff2",
    }


def test_a_long_table_is_cut_and_says_so(drawn, monkeypatch):
    monkeypatch.setattr(pdf, "MOST_CELLS", 20)
    rows = "".join(f"<tr><td>Række {number}.</td><td>x</td></tr>" for number in range(30))
    text = words(drawn(f"<table><thead><tr><th>Navn</th><th>x</th></tr></thead><tbody>{rows}</tbody></table>"))
    assert "Her er de første 10 af 30 rækker." in text
    assert "Række 9." in text and "Række 10." not in text


def test_a_page_that_is_no_page_is_refused(app, monkeypatch):
    monkeypatch.setattr(pdf, "MOST_SIGNS", 10)
    with app.app_context(), pytest.raises(RefusedError):
        pdf.drawn("x" * 11)


def test_they_wait_for_each_other_and_not_for_ever(app, monkeypatch):
    monkeypatch.setattr(pdf, "WAITS", 0.01)
    monkeypatch.setattr(pdf, "_TURN", threading.BoundedSemaphore(1))
    with app.app_context(), pdf._TURN, pytest.raises(BusyError):
        pdf.drawn("<p>x")


@pytest.mark.parametrize(("columns", "size"), [(3, (595, 842)), (9, (842, 595)), (15, (1191, 842))])
def test_a_wide_table_lies_on_a_larger_page(drawn, columns, size):
    page = drawn(f"<table><tr>{'<td>x</td>' * columns}</tr></table>").pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == size


# --------------------------------------------------------------------------------------------------------- reports


@pytest.fixture
def chief(desk):
    return desk.person(Role.SERVICEDESK_MANAGER, name="Birthe Holm")


def test_the_report_on_the_corps_as_pdf(desk, browse, chief):
    publish(desk, facts=())
    person = desk.person(name="Jonas Engholt")
    appoint(desk, person, desk.home, weekly_minutes=150)

    answer = browse(chief).get("/superbrugere/report.pdf")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="superbrugere.pdf"'
    text = words(pypdf.PdfReader(io.BytesIO(answer.data)))
    assert "Jonas Engholt" in text and "Birthe Holm" in text
    assert "Hent som" not in text and "Vælg periode" not in text
    [line] = desk.all(LookUp, seen=Seen.EXPORT)
    assert (line.by_id, line.facts["file"]) == (chief.id, "superbrugere.pdf")


@pytest.mark.parametrize("address", ["/competence.pdf", "/satisfaction.pdf"])
def test_other_reports_as_pdf(browse, chief, address):
    answer = browse(chief).get(address)
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")


@pytest.mark.parametrize("address", ["/competence.pdf", "/satisfaction.pdf", "/satisfaction/surveys/1/results.pdf"])
def test_who_may_not_see_the_page_gets_no_pdf(browse, desk, address):
    assert browse(desk.person()).get(address).status_code == 404


def test_in_english_for_who_reads_english(browse, desk):
    chief = desk.person(Role.SERVICEDESK_MANAGER, locale="en")
    reader = pypdf.PdfReader(io.BytesIO(browse(chief).get("/competence.pdf").data))
    assert reader.trailer["/Root"]["/Lang"] == "en" and "Page 1 of 1" in words(reader)


def test_where_it_cannot_work_it_is_not_offered_and_said(browse, chief, monkeypatch):
    pdf.works.cache_clear()
    monkeypatch.setattr(pdf, "LIBRARIES", ("libnothere.so.0",))
    page, answer = browse(chief).get("/competence").text, browse(chief).get("/competence.pdf")
    pdf.works.cache_clear()
    assert "Hent som PDF" not in page and "Hent som Excel" in page
    assert answer.status_code == 501
    assert "libpango-1.0-0" in answer.text and "Der er sket en fejl" not in answer.text
