"""What of a page is drawn: charts with their style and a name, and no more rows than can be laid out soon."""

from collections.abc import Iterator, Mapping
from itertools import accumulate
from xml.etree.ElementTree import Element

SVG = "{http://www.w3.org/2000/svg}"
_ROWS = frozenset(("tr", "li"))
#: Tables with more columns than this lie on a larger page, by its class. The hours of a week fit on any.
_PAGES = ((24, "pdf-huge"), (13, "pdf-large"), (7, "pdf-wide"))
#: What one presses or hears only; taken out, it costs nothing.
_PRESSED = frozenset(("form", "nav", "button", "script", "dialog"))
_UNSEEN = frozenset(("sr-only", "no-print", "page-header-actions", "buttons", "icon-svg"))
#: So much of what stands beside a drawing is its name, when it has none of its own.
_NAME = 200


def prepare(root: Element, *, chart_style: str, most_cells: int, cut: str) -> None:
    """Changes the page into what is drawn; where rows were left out, `cut` says so with `kept` and `rows` in it."""
    body = next(root.iter("body"))
    for parent, child in list(_unseen(body)):
        _take_out(parent, child)
    _settle_drawings(root, chart_style)
    kept, rows = _cut(body, most_cells)
    if kept < rows:
        note = Element("p", {"class": "pdf-cut"})
        note.text = cut % {"kept": kept, "rows": rows}
        body.insert(0, note)
    _choose_page(body)


def _unseen(body: Element) -> Iterator[tuple[Element, Element]]:
    for parent in body.iter():
        for child in parent:
            if child.tag in _PRESSED or not _UNSEEN.isdisjoint(child.get("class", "").split()):
                yield parent, child


# -------------------------------------------------------------------------------------------------------- drawings


def _settle_drawings(root: Element, style: str) -> None:
    """Charts get a name, as an accessible file wants it."""
    named = {element.get("id", ""): element for element in root.iter()}
    for parent, drawing in list(_drawings(root)):
        if drawing.find(f"{SVG}title") is None:
            title = Element(f"{SVG}title")
            title.text = _name(drawing, parent, named)
            drawing.insert(0, title)
        sheet = Element(f"{SVG}style")
        sheet.text = style
        drawing.insert(0, sheet)


def _drawings(root: Element) -> Iterator[tuple[Element, Element]]:
    """Each with what it stands in; not those within another."""
    for parent in root.iter():
        if isinstance(parent.tag, str) and not parent.tag.startswith(SVG):
            yield from ((parent, child) for child in parent if child.tag == f"{SVG}svg")


def _name(drawing: Element, parent: Element, named: Mapping[str, Element]) -> str:
    """What it is labelled and described by; else what it stands beside."""
    ids = f"{drawing.get('aria-labelledby', '')} {drawing.get('aria-describedby', '')}".split()
    told = [drawing.get("aria-label", ""), *(_text(named[id_]) for id_ in ids if id_ in named)]
    return ". ".join(text.rstrip(".") for text in told if text) or _text(parent)[:_NAME] or "–"


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _take_out(parent: Element, child: Element) -> None:
    """Without the words that follow it."""
    at = list(parent).index(child)
    if child.tail and at:
        parent[at - 1].tail = (parent[at - 1].tail or "") + child.tail
    elif child.tail:
        parent.text = (parent.text or "") + child.tail
    parent.remove(child)


# ------------------------------------------------------------------------------------------------------------ size


def _cut(body: Element, most_cells: int) -> tuple[int, int]:
    """Takes out rows of tables and points of lists after so many cells; answers how many stay, of how many."""
    rows = list(_rows(body))
    cells = accumulate(max(1, len(row)) for _parent, row in rows)
    kept = sum(number <= most_cells for number in cells)
    for parent, row in rows[kept:]:
        parent.remove(row)
    return kept, len(rows)


def _rows(body: Element) -> Iterator[tuple[Element, Element]]:
    for parent in body.iter():
        if parent.tag != "thead":
            yield from ((parent, child) for child in parent if child.tag in _ROWS)


def _choose_page(body: Element) -> None:
    tables = (table for table in body.iter("table") if "heat" not in table.get("class", "").split())
    widest = max((len(row) for table in tables for row in table.iter("tr")), default=0)
    kind = next((name for least, name in _PAGES if widest > least), "")
    body.set("class", f"{body.get('class', '')} {kind}".strip())
