"""What a view is narrowed to can be taken away again, each by its own link."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest


def chips_of(answer):
    """By its words, the query of the address without it."""
    row = answer.text.partition('<ul class="chosen"')[2].partition("</ul>")[0]
    found = re.findall(r'href="([^"]*)"><span class="sr-only">[^<]*</span><span>([^<]*)</span>', row)
    return {unescape(text): parse_qs(urlsplit(unescape(href)).query) for href, text in found}


@pytest.mark.parametrize(
    ("asked", "words", "name"),
    [
        ("q=printer", "Ord: printer", "q"),
        ("number=12", "SD-12", "number"),
        ("show=unanswered", "Kun ubesvarede", "show"),
        ("show=all", "Også afsluttede", "show"),
        ("filed=2026-03-02T07:00Z..", "Oprettet siden 2. mar.", "filed"),
        ("updated=..2026-03-02T07:00Z", "Ændret før 2. mar.", "updated"),
        ("state=new", "Ny", "state"),
        ("tier=local", "Hos superbruger", "tier"),
    ],
    ids=lambda value: value if "=" in value else None,
)
def test_a_chip_for_each(browse, lene, asked, words, name):
    chips = chips_of(browse(lene).get(f"/queue?{asked}&priority=1"))
    [(_text, without)] = [(text, query) for text, query in chips.items() if text.startswith(words)]
    assert name not in without
    assert without["priority"] == ["1"]


def test_a_person_by_name(browse, lene, employee):
    chips = chips_of(browse(lene).get(f"/queue?person={employee.id}"))
    assert "Person: Mette Holm" in chips


def test_a_person_of_another_customer_has_no_name_here(desk, browse, lene):
    stranger = desk.person(unit=desk.customer("Nabokommune"), name="Hemmelig Nielsen")
    page = browse(lene).get(f"/queue?person={stranger.id}")
    assert "Person: ukendt" in chips_of(page)
    assert "Hemmelig" not in page.text


def test_words_stay_while_something_else_is_chosen(browse, lene):
    page = browse(lene).get("/queue?q=printer&person=7").text
    form = page.partition('class="filters"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="q" value="printer">' in form
    assert '<input type="hidden" name="person" value="7">' in form


def test_words_alone_are_a_view_of_their_own(desk, browse, lene, employee, listed):
    found = desk.ticket(by=employee, subject="Printeren er død")
    desk.ticket(by=employee, subject="Skærm flimrer")
    assert listed(browse(lene).get("/queue?q=printer")) == [found]


def test_who_has_it_is_a_box_and_a_column(desk, browse, lene, employee, listed):
    ticket = desk.ticket(by=employee)
    page = browse(lene).get("/queue?tier=servicedesk&col=tier").text
    assert 'name="tier" value="local"' in page and 'data-col="tier" data-label="Hvem har den">Hos servicedesk' in page
    assert listed(browse(lene).get("/queue?tier=servicedesk")) == [ticket]
    assert listed(browse(lene).get("/queue?tier=local")) == []
