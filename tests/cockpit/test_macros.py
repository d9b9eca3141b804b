"""Macros: several changes and a reply in one step, shown beforehand, whole or not at all."""

import re

import pytest

from servicedesk.cockpit.macros.models import Macro
from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.core.db import db
from servicedesk.organisation.models import Team
from servicedesk.phrases.fields import as_words
from servicedesk.tickets import textfields
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.workflow import Level, State


@pytest.fixture
def team(desk):
    return desk.team(is_first_line=True, name="Servicedesk")


@pytest.fixture
def supporter(desk, team):
    return desk.person(Role.SUPPORTER, team=team, name="Lene Krogh")


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


RESET = {
    "name": "Nulstil adgangskode og løs",
    "place": "take",
    "reply": "Hej {{bruger.fornavn}}. Din kode er nulstillet ({{henvendelse.nummer}}).",
    "end": "resolve",
    "solution": "Adgangskoden er nulstillet.",
    "cause": "missing_competence",
    "impact": "high",
}


def made(desk, browser, **fields):
    answer = browser.post("/queue/macros/new", data={**RESET, **fields})
    assert answer.status_code == 303, words(answer)
    return desk.all(Macro)[-1].id


def test_a_macro_is_shown_and_then_done_in_one_step(desk, browse, supporter):
    macro = made(desk, browse(supporter))
    ticket = desk.ticket(by=desk.person(name="Mette Holm"))
    count = len(desk.journal(ticket))

    shown = words(browse(supporter).get(f"/tickets/{ticket}/macros/{macro}"))
    assert "Tilstand Ny Løst" in shown
    assert "Ansvarlig ingen Lene Krogh" in shown
    assert f"Hej Mette. Din kode er nulstillet (SD-{ticket})." in shown
    assert "Hvem får besked? Mette Holm" in shown
    assert len(desk.journal(ticket)) == count
    assert desk.look(ticket).state is State.NEW

    answer = browse(supporter).post(f"/tickets/{ticket}/macros/{macro}", data={"seen": count})
    assert answer.status_code == 303
    done = desk.look(ticket)
    assert (done.state, done.assignee_id, done.impact) == (State.RESOLVED, supporter.id, Level.HIGH)
    assert [entry.kind.value for entry in desk.journal(ticket)[count:]] == ["taken", "changed", "replied", "resolved"]


def test_a_macro_is_done_whole_or_not_at_all(desk, browse, supporter):
    """Its last step is refused: nobody has this ticket afterwards, and nothing was said."""
    macro = made(desk, browse(supporter), end="cancel", solution="", cause="")
    ticket = desk.ticket("waiting_user", assignee=desk.person(Role.SUPPORTER, team=desk.all(Team)[0]))
    before = desk.look(ticket)
    count = len(desk.journal(ticket))

    assert "Makroen kan ikke køres" in words(browse(supporter).get(f"/tickets/{ticket}/macros/{macro}"))
    answer = browse(supporter).post(f"/tickets/{ticket}/macros/{macro}", data={"seen": count})

    assert answer.status_code == 409
    assert "Kun en ny henvendelse eller en under behandling kan annulleres." in words(answer)
    assert len(desk.journal(ticket)) == count
    assert desk.look(ticket).assignee_id == before.assignee_id


def test_somebody_wrote_meanwhile(desk, browse, supporter, act):
    macro, ticket = made(desk, browse(supporter)), desk.ticket()
    seen = len(desk.journal(ticket))
    act(supporter).note(ticket, body="Vent, jeg har ringet til hende")

    answer = browse(supporter).post(f"/tickets/{ticket}/macros/{macro}", data={"seen": seen})

    assert answer.status_code == 409
    assert "Vent, jeg har ringet til hende" in answer.text
    assert desk.look(ticket).state is State.NEW


@pytest.mark.parametrize("name", ["{{7*7}}", "{{mig.navn}}", "%(x)s", "{0.__class__}", "${7*7}"])
def test_what_a_user_is_called_stays_letters(desk, browse, supporter, name):
    """A161: not even twice."""
    macro = made(desk, browse(supporter), reply="Hej {{bruger.navn}} og {{config}}")
    ticket = desk.ticket(by=desk.person(name=name))

    browse(supporter).post(f"/tickets/{ticket}/macros/{macro}", data={"seen": 1})

    said = [entry.data["body"] for entry in desk.journal(ticket) if entry.kind.value == "replied"]
    assert said == [f"Hej {as_words(name)} og {{{{config}}}}"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Giv makroen et navn."),
        ({"cause": ""}, "Vælg, hvad der var årsagen."),
        ({"end": "ask", "reply": ""}, "Skriv, hvad brugeren skal svare på."),
        ({"end": "close"}, "“Luk” kan ikke lade sig gøre efter det, der sker før."),
        ({"place": "person"}, "Vælg en person."),
        ({"to_team": "999999"}, "Teamet ? er taget ud af brug."),
        ({"audience": "team"}, "Vælg, hvilket team der skal have makroen."),
        ({"audience": "all"}, "Du kan ikke dele en makro så bredt."),
    ],
)
def test_what_makes_no_sense_is_not_saved(desk, browse, supporter, fields, sentence):
    answer = browse(supporter).post("/queue/macros/new", data={**RESET, **fields})

    assert answer.status_code in (403, 422)
    assert sentence in words(answer)
    assert "Adgangskoden er nulstillet." in answer.text
    assert desk.count(Macro) == 0


def test_who_has_which_macro(desk, browse, supporter, team):
    mate, stranger = desk.person(Role.SUPPORTER, team=team), desk.person(Role.SUPPORTER)
    chief = desk.person(Role.SERVICEDESK_MANAGER)
    foreign = desk.person(Role.SUPPORTER, unit=desk.customer())
    own = made(desk, browse(supporter), name="Min egen")
    shared = made(desk, browse(supporter), name="Teamets", audience="team", team=team.id)
    common = made(desk, browse(chief), name="Alles", audience="all")

    def has(person):
        return {key for key in (own, shared, common) if f"from={key}" in browse(person).get("/queue/macros").text}

    assert has(supporter) == {own, shared, common}
    assert has(mate) == {shared, common}
    assert has(stranger) == {common}
    assert has(foreign) == set()
    assert browse(mate).get(f"/queue/macros/{shared}").status_code == 200
    for who, macro in ((mate, common), (mate, own), (stranger, shared), (foreign, common)):
        assert browse(who).get(f"/queue/macros/{macro}").status_code == 404
        assert browse(who).post(f"/queue/macros/{macro}/delete").status_code == 404
    assert browse(desk.person()).get("/queue/macros").status_code == 404
    ticket = desk.ticket()
    assert browse(foreign).post(f"/tickets/{ticket}/macros/{common}").status_code == 404


def test_a_macro_that_names_what_is_gone_says_so(desk, browse, supporter):
    other = desk.team(name="Drift")
    macro = made(desk, browse(supporter), to_team=other.id, place="")
    with desk.writing() as session:
        session.get_one(Team, other.id).is_active = False
    ticket = desk.ticket()

    assert "Virker ikke Teamet Drift er taget ud af brug." in words(browse(supporter).get("/queue/macros"))
    answer = browse(supporter).post(f"/tickets/{ticket}/macros/{macro}", data={"seen": 1})
    assert "Teamet Drift er taget ud af brug." in words(answer)
    answer = browse(supporter).post("/queue/bulk", data={"ticket": ticket, "do": "macro", "macro": macro})
    assert "Teamet Drift er taget ud af brug." in words(answer)
    assert len(desk.journal(ticket)) == 1


def test_deleting_is_taken_back_and_everything_leaves_a_line(desk, browse, supporter):
    macro, browser = made(desk, browse(supporter)), browse(supporter)
    browser.post(f"/queue/macros/{macro}", data={**RESET, "name": "Et andet navn"})
    gone = browser.post(f"/queue/macros/{macro}/delete").location
    assert "Fortryd" in words(browser.get(gone))
    assert browser.get(f"/queue/macros/{macro}").status_code == 404
    browser.post(f"/queue/macros/{macro}/restore")

    assert 'value="Et andet navn"' in browser.get(f"/queue/macros/{macro}").text
    lines = [line.action for line in desk.all(AuditLine) if line.subject_kind == "macro"]
    assert lines == ["macro_added", "macro_changed", "macro_deleted", "macro_restored"]


def test_a_macro_for_many_is_what_was_shown(desk, browse, supporter):
    macro, tickets = made(desk, browse(supporter)), [desk.ticket() for _ in range(2)]
    asked = browse(supporter).post("/queue/bulk", data={"ticket": tickets, "do": "macro", "macro": macro})
    stamp = stamp_of(asked)
    sent = {"tickets": ",".join(map(str, tickets)), "do": "macro", "macro": macro, "stamp": stamp}

    browse(supporter).post(f"/queue/macros/{macro}", data={**RESET, "solution": "Noget helt andet"})
    answer = browse(supporter).post("/queue/bulk/runs", data=sent)
    assert answer.status_code == 409
    assert "Noget helt andet" in answer.text
    assert {desk.look(ticket).state for ticket in tickets} == {State.NEW}

    stamp = stamp_of(answer)
    assert browse(supporter).post("/queue/bulk/runs", data={**sent, "stamp": stamp}).status_code == 303
    assert {desk.look(ticket).state for ticket in tickets} == {State.RESOLVED}


def stamp_of(answer):
    found = re.search(r'name="stamp" value="([^"]+)"', answer.text)
    assert found
    return found[1]


def test_fields_are_filled_where_there_is_no_page(desk, supporter):
    ticket = desk.ticket()

    with desk.app.app_context():
        values = textfields.values(db.session.get_one(Ticket, ticket), desk.actor(supporter), clock.now())

    assert values["system.navn"] == "systemet"
