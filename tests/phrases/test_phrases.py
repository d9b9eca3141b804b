"""Texts to use again: whose they are, writing them, and putting them into an answer."""

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.drafts.models import Draft
from servicedesk.phrases import commands, jobs
from servicedesk.phrases.models import Phrase


@pytest.fixture
def team(desk):
    return desk.team(is_first_line=True, name="Netværk")


@pytest.fixture
def supporter(desk, team):
    return desk.person(Role.SUPPORTER, team=team, name="Lene Krogh")


@pytest.fixture
def chief(desk):
    return desk.person(Role.SERVICEDESK_MANAGER)


def write(browser, scope="own", **given):
    form = {
        "name": "Genstart",
        "keyword": "genstart",
        "body": "Hej {{bruger.fornavn}}, prøv at genstarte.",
        "scope": scope,
    }
    return browser.post("/phrases/new", data={**form, **given})


def test_one_writes_for_oneself_and_nobody_else_has_it(desk, browse, supporter, team, chief):
    assert write(browse(supporter)).location == "/phrases"

    (phrase,) = desk.all(Phrase)
    for other in (desk.person(Role.SUPPORTER, team=team), chief, desk.person(Role.ADMINISTRATOR)):
        assert "Genstart" not in browse(other).get("/phrases").text
        assert browse(other).get(f"/phrases/{phrase.id}").status_code == 404
        assert browse(other).post(f"/phrases/{phrase.id}/delete").status_code == 404
    assert desk.count(AuditLine, action="phrase_added") == 0


def test_a_team_writes_for_itself(desk, browse, supporter, team):
    assert write(browse(supporter), f"team-{team.id}").status_code == 303

    colleague, stranger = desk.person(Role.SUPPORTER, team=team), desk.person(Role.SUPPORTER)
    assert "Genstart" in browse(colleague).get("/phrases").text
    assert "Genstart" not in browse(stranger).get("/phrases").text
    assert desk.count(AuditLine, action="phrase_added") == 1


def test_who_runs_the_desk_writes_for_everybody(desk, browse, supporter, chief):
    assert write(browse(chief), f"all-{desk.home.id}").status_code == 303

    assert "Genstart" in browse(supporter).get("/phrases").text
    assert browse(supporter).get(f"/phrases/{desk.all(Phrase)[0].id}").status_code == 404
    abroad = desk.person(Role.SUPPORTER, unit=desk.customer())
    assert "Genstart" not in browse(abroad).get("/phrases").text


@pytest.mark.parametrize("scope", ["all-{home}", "team-{other}", "team-0", "all-999999", "nonsense", "own-3x"])
def test_nobody_writes_for_those_who_are_not_his_or_hers(desk, browse, supporter, scope):
    other = desk.team(name="Fremmede")
    answer = write(browse(supporter), scope.format(home=desk.home.id, other=other.id))

    assert answer.status_code in (303, 403, 404)
    assert [phrase.owner_id for phrase in desk.all(Phrase)] in ([], [supporter.id])


def test_an_employee_has_no_such_page(desk, browse):
    browser = browse(desk.person())
    assert browser.get("/phrases").status_code == 404
    assert write(browser).status_code == 404
    assert "Tekster" not in browser.get("/").text


@pytest.mark.parametrize(
    ("field", "value"), [("name", " "), ("keyword", "to ord"), ("keyword", ""), ("body", ""), ("name", "x" * 101)]
)
def test_what_is_missing_is_asked_for(desk, browse, supporter, field, value):
    page = write(browse(supporter), **{field: value})

    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert desk.count(Phrase) == 0


def test_unknown_fields_are_pointed_out_when_it_is_saved(browse, supporter):
    browser = browse(supporter)
    write(browser, body="Hej {{bruger.alder}} {{7*7}}")

    assert "{{bruger.alder}}, {{7*7}}" in browser.get("/phrases").text


def test_a_preview_without_saving(desk, browse, supporter):
    page = write(browse(supporter), preview="1", body="Hej **{{bruger.fornavn}}** {{7*7}}")

    assert "<strong>Mette</strong> {{7*7}}" in page.text
    assert desk.count(Phrase) == 0
    assert (
        "<p>Hej Mette</p>" in browse(supporter).post("/phrases/preview", data={"body": "Hej {{bruger.fornavn}}"}).text
    )


def test_changed_deleted_and_had_back(app, desk, browse, supporter, at):
    now = at("2026-03-02 10:00")
    browser = browse(supporter)
    write(browser)
    (phrase,) = desk.all(Phrase)
    browser.post(f"/phrases/{phrase.id}", data={"name": "Genstart pc", "keyword": "::Pc", "body": "Sluk og tænd."})
    assert desk.all(Phrase)[0].keyword == "pc"

    browser.post(f"/phrases/{phrase.id}/delete")
    assert browser.get(f"/phrases/{phrase.id}").status_code == 404
    assert "Fortryd sletningen af “Genstart pc”" in browser.get("/phrases").text
    browser.post(f"/phrases/{phrase.id}/restore")
    assert browser.get(f"/phrases/{phrase.id}").status_code == 200

    browser.post(f"/phrases/{phrase.id}/delete")
    with app.app_context():
        assert jobs.forget_phrases(now) == 0
        assert jobs.forget_phrases(now + 31 * (at("2026-03-03 10:00") - now)) == 1
    assert desk.count(Phrase) == 0


# ------------------------------------------------------------------------------------------------ in an answer


@pytest.fixture
def ticket(desk, supporter):
    return desk.ticket(
        "open", by=desk.person(name="Mette *Fed* Holm"), assignee=supporter, subject="Print {{mig.navn}}"
    )


def suggested(browser, ticket, q):
    return browser.get(f"/tickets/{ticket}/phrases", query_string={"q": q}).json["items"]


def test_a_text_is_suggested_filled_in_for_the_ticket(browse, supporter, ticket):
    browser = browse(supporter)
    write(
        browser, body="Hej {{bruger.navn}}: {{henvendelse.emne}} ({{henvendelse.nummer}}). {{mig.navn}}, {{mig.team}}"
    )

    (item,) = suggested(browser, ticket, "gen")

    assert item["label"] == "Genstart"
    assert item["text"] == rf"Hej Mette \*Fed\* Holm: Print {{{{mig.navn}}}} (SD-{ticket}). Lene Krogh, Netværk"


@pytest.mark.parametrize(
    ("q", "number"), [("", 20), ("gen", 20), ("%", 0), ("_", 0), ("*", 0), ("g%n", 0), ("GENSTART 3", 1)]
)
def test_wildcards_are_signs_and_no_more_than_twenty_come(app, desk, browse, supporter, ticket, q, number):
    """A012"""
    actor = desk.actor(supporter)
    with app.app_context():
        for which in range(100, 125):
            name = f"Genstart {which}" if which != 103 else "Genstart 3"
            commands.add(name=name, keyword=f"gen{which}", body="x", by=actor, now=clock.now())

    assert len(suggested(browse(supporter), ticket, q)) == number


def test_another_customers_text_is_not_for_this_ticket(desk, browse, ticket):
    abroad = desk.customer()
    runs_both = desk.person(Role.SERVICEDESK_MANAGER, over="everything")
    browser = browse(runs_both)
    write(browser, f"all-{abroad.id}", name="Udenbys")
    write(browser, f"all-{desk.home.id}", name="Hjemme")

    assert [item["label"] for item in suggested(browser, ticket, "")] == ["Hjemme"]


def test_suggestions_are_for_those_who_work_here(desk, browse, ticket):
    filer = desk.look(ticket).filer_id
    assert browse(filer).get(f"/tickets/{ticket}/phrases?q=").status_code == 403
    assert browse(desk.person()).get(f"/tickets/{ticket}/phrases?q=").status_code == 404
    abroad = desk.person(Role.SUPPORTER, unit=desk.customer())
    assert browse(abroad).get(f"/tickets/{ticket}/phrases?q=").status_code == 404


def test_without_scripts_a_text_comes_after_what_is_typed(desk, browse, supporter, ticket):
    browser = browse(supporter)
    write(browser)
    (phrase,) = desk.all(Phrase)

    form = {"body": "Det her har jeg skrevet.", "visibility": "internal", "phrase": phrase.id}
    answer = browser.post(f"/tickets/{ticket}/phrases", data=form)

    assert answer.location == f"/tickets/{ticket}#write"
    (draft,) = desk.all(Draft)
    assert draft.fields["body"] == "Det her har jeg skrevet.\n\nHej Mette, prøv at genstarte."
    assert 'value="internal" checked' in browser.get(f"/tickets/{ticket}").text
