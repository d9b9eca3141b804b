"""The full-text index over tickets: one document each, kept in the database by the commands.

Both databases hold the same words, made by `core.words`: SQLite in an FTS5 table, PostgreSQL in a tsvector with a
GIN index. Words of internal entries are marked, so that a search without the right to read them cannot meet them.
"""

from collections.abc import Mapping

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Text,
    column,
    func,
    literal,
    literal_column,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.expression import cast

from servicedesk.core import words
from servicedesk.core.db import db
from servicedesk.tickets.journal import EntryLike
from servicedesk.tickets.models import EntryKind, Visibility

#: A document stops growing here, so that no ticket becomes too long for the index.
MAX_WORDS_IN_ENTRY = 2_000
MAX_WORDS_IN_DOCUMENT = 15_000

#: The parts of an entry's data that people wrote, and search for.
_WRITTEN = ("subject", "description", "body", "solution", "reason")

SEARCH = table("search_document", column("ticket_id"), column("doc"))

_CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_document USING fts5(doc, tokenize = 'unicode61 remove_diacritics 0', prefix = '3')"
    ],
    "postgresql": [
        "CREATE TABLE search_document (ticket_id BIGINT PRIMARY KEY REFERENCES ticket (id), doc TSVECTOR NOT NULL)",
        "CREATE INDEX ix_search_document_doc ON search_document USING gin (doc)",
    ],
}
_ADD_POSTGRESQL = text(
    "INSERT INTO search_document AS kept (ticket_id, doc) VALUES (:id, to_tsvector('simple', :words)) "
    "ON CONFLICT (ticket_id) DO UPDATE SET doc = CASE WHEN length(kept.doc) < :most "
    "THEN kept.doc || excluded.doc ELSE kept.doc END"
)
_INSERT_SQLITE = text("INSERT INTO search_document (rowid, doc) VALUES (:id, :words)")
_EXTEND_SQLITE = text(
    "UPDATE search_document SET doc = doc || ' ' || :words WHERE rowid = :id AND length(doc) < :most * 10"
)


def create_index(connection: Connection) -> None:
    """Makes the index's tables; part of the first migration."""
    for statement in _CREATE[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def written(entry: EntryLike) -> tuple[list[str], list[str]]:
    """The texts of an entry that its ticket is found by: for all who may read the ticket, and for staff alone.

    A supplier's name is for staff wherever it stands.
    """
    texts = [text for name in _WRITTEN if isinstance(text := entry.data.get(name), str)]
    if entry.kind is EntryKind.CHANGED and "subject" in entry.data:
        texts.append(entry.data["subject"][1])
    supplier = [entry.data["supplier"]] if entry.data.get("supplier") else []
    return ([], [*texts, *supplier]) if entry.visibility is Visibility.INTERNAL else (texts, supplier)


def add(ticket_id: int, *, public: str = "", internal: str = "", is_new: bool = False) -> None:
    """Adds the words of a journal entry to the ticket's document."""
    found = words.index_text(public, internal).split(" ")[:MAX_WORDS_IN_ENTRY]
    if found == [""]:
        return
    session = db.session
    values = {"id": ticket_id, "words": " ".join(found), "most": MAX_WORDS_IN_DOCUMENT}
    if is_sqlite():
        session.execute(_INSERT_SQLITE if is_new else _EXTEND_SQLITE, values)
    else:
        session.execute(_ADD_POSTGRESQL, values)


def add_new(documents: Mapping[int, str], internal: Mapping[int, str] | None = None) -> None:
    """Adds the words of many new tickets at once: public ones, and `internal` ones of tickets that have such."""
    texts = {id_: words.index_text(said, (internal or {}).get(id_, "")) for id_, said in documents.items()}
    found = {id_: text.split(" ")[:MAX_WORDS_IN_ENTRY] for id_, text in texts.items()}
    values = [{"id": id_, "words": " ".join(some), "most": MAX_WORDS_IN_DOCUMENT} for id_, some in found.items()]
    if values:
        db.session.execute(_INSERT_SQLITE if is_sqlite() else _ADD_POSTGRESQL, values)


def replace(ticket_id: int, *, public: str, internal: str) -> None:
    """Puts those words in the place of all that the ticket was found by."""
    key = "rowid" if is_sqlite() else "ticket_id"
    db.session.execute(text(f"DELETE FROM search_document WHERE {key} = :id"), {"id": ticket_id})  # noqa: S608  two names
    add(ticket_id, public=public, internal=internal, is_new=True)


def merge_away(pages: int = 200, *, begins: bool = False) -> bool:
    """One step on the way to an index that holds nothing of what was taken out; whether there is more to do.

    SQLite only marks words as taken out, until it merges the parts of its index that they stand in.
    """
    if not is_sqlite():
        return False
    before = db.session.scalar(text("SELECT total_changes()"))
    asked = {"pages": -pages if begins else pages}
    db.session.execute(text("INSERT INTO search_document (search_document, rank) VALUES ('merge', :pages)"), asked)
    return bool(db.session.scalar(text("SELECT total_changes()")) - before >= 2)


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


class Match:
    """A search put as conditions for a query over `SEARCH`."""

    def __init__(self, asked: str) -> None:
        self.terms = words.query_terms(asked)

    def condition(self, *, internal: bool) -> ColumnElement[bool]:
        """Documents that hold every word; with `internal`, also words of internal entries count."""
        if is_sqlite():
            return literal_column("search_document", Text).op("MATCH")(words.to_fts5(self.terms, internal=internal))
        return SEARCH.c.doc.op("@@")(self._tsquery(internal))

    def read_through(self, *, internal: bool) -> ColumnElement[bool]:
        """The same, put so that PostgreSQL reads the documents at hand rather than its index of all."""
        return func.ts_match_vq(SEARCH.c.doc, self._tsquery(internal))

    def rank(self) -> ColumnElement[float]:
        """Greater is better."""
        if is_sqlite():
            return -literal_column("bm25(search_document)", Float)
        return func.ts_rank(SEARCH.c.doc, self._tsquery(internal=True))

    @property
    def key(self) -> ColumnElement[int]:
        return literal_column("search_document.rowid") if is_sqlite() else SEARCH.c.ticket_id

    def _tsquery(self, internal: bool) -> ColumnElement[str]:
        return cast(literal(words.to_tsquery(self.terms, internal=internal), Text), TSQUERY)
