"""Finding tickets: in Danish, by number, and never beyond what the searcher may read."""

import pytest

from servicedesk.core.actor import Role
from servicedesk.tickets import finding
from servicedesk.tickets.workflow import Cause, Secrecy
from tests.desk import EVERYTHING


@pytest.fixture
def search(app, desk):
    """`search(person, "ord")` gives the ids found, best first."""

    def asked(person, words):
        with app.app_context():
            return [hit.row.id for hit in finding.find(words, desk.actor(person))]

    return asked


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER)


@pytest.mark.parametrize(
    "asked",
    [
        "blåbærgrød", "blaabaergroed", "BLÅBÆRGRØD", "Bla\u030aba\u0308rgrød", "grød", "bærgrød", "blåbær",
        "laserprinter", "printer", "printere", "Laserprinteren", "print",
        "driftsforstyrrelser", "forstyrrelse", "drift",
        "e-mail", "email", "aula", "grød printer", "printer -grød", "Århus", "aarhus", "Aarhus kommune",
    ],
)  # fmt: skip
def test_a_ticket_is_found_as_danes_write_and_ask(act, desk, search, supporter, asked):
    user = desk.person()
    ticket = act(user).file("Laserprinteren spiser blåbærgrød", "Driftsforstyrrelsen i e-mail og Aula, Aarhus Kommune.")
    act(user).file("Tastaturet", "Mangler et bogstav")

    assert search(supporter, asked) == [ticket]


@pytest.mark.parametrize("asked", ["", " ", "%", "_", "*", "\x00", "'", '"', "AND", "NEAR(", "(", "doc:", ":*", "\\"])
def test_signs_of_a_query_language_have_no_meaning(act, desk, search, supporter, asked):
    act(desk.person()).file("Printeren", "Den står stille")

    assert search(supporter, asked) == []


@pytest.mark.parametrize(
    "asked", ["ord " * 10_000, "(" * 1_000, "*a" * 500, "a" * 1_000_000, "æ" * 10_000, "9" * 400, "SD-" + "9" * 18]
)
def test_a_question_out_of_all_measure_is_answered(search, supporter, asked):
    assert search(supporter, asked) == []


def test_all_that_people_wrote_is_found(act, desk, search, supporter):
    user = desk.person(unit=desk.unit(name="Myretuen"), name="Gunhild Gedebukkebensen")
    ticket = act(user).file("Emneordet", "Beskrivelsesordet", system_id=desk.system(name="Kalundborgsystemet").id)
    act(supporter).reply(ticket, body="Svarordet")
    act(supporter).change(ticket, subject="Nyemneordet")
    act(supporter).wait_for_supplier(ticket, supplier="Leverandørordet", body="Noteordet")
    act(supporter).resolve(ticket, solution="Løsningsordet", cause=Cause.FAULT)
    act(user).reopen(ticket, reason="Genåbningsordet")

    for word in (
        "Emneordet", "Beskrivelsesordet", "Svarordet", "Nyemneordet", "Leverandørordet", "Noteordet", "Løsningsordet",
        "Genåbningsordet", "Gedebukkebensen", "Myretuen", "Kalundborgsystemet",
    ):  # fmt: skip
        assert search(supporter, word) == [ticket], word


@pytest.mark.parametrize("form", ["SD-{}", "sd-{}", "sd{}", "#{}", "{}", "  SD-{}  "])
def test_a_ticket_is_found_by_its_number(act, desk, search, supporter, form):
    act(desk.person()).file()
    ticket = act(desk.person()).file()

    assert search(supporter, form.format(ticket))[:1] == [ticket]


@pytest.mark.parametrize("form", ["SD-{}", "{}", "#{}"])
def test_anothers_number_is_like_one_never_issued(act, desk, search, form):
    hidden, stranger = act(desk.person()).file(), desk.person()

    assert search(stranger, form.format(hidden)) == search(stranger, form.format(hidden + 1000)) == []


def test_words_of_notes_are_found_by_those_only_who_may_read_them(act, desk, search, supporter):
    user, leader, superbruger = desk.person(), desk.person(Role.MANAGER), desk.person(Role.SUPERBRUGER)
    ticket = act(user).file("Printeren", "Den larmer")
    act(supporter).note(ticket, body="Kanariefuglen kender koden")

    assert search(supporter, "kanariefugl") == search(superbruger, "kanariefuglen larmer") == [ticket]
    for person in (user, leader):
        assert search(person, "kanariefugl") == []
        assert search(person, "0kanariefugl") == []
        assert search(person, "larmer") == [ticket]


def test_a_secret_ticket_is_found_in_its_team_and_by_its_user(act, desk, search, supporter):
    user, hr = desk.person(), desk.person(Role.SUPPORTER)
    desk.team([hr], is_closed=True, receives_confidential=True)
    ticket = act(user).file("Kanariefugl", "i bur", secrecy=Secrecy.CONFIDENTIAL)
    everybody = [
        supporter,
        desk.person(Role.MANAGER, Role.SUPERBRUGER, Role.ADMINISTRATOR, over=EVERYTHING),
        desk.person(),
    ]

    assert search(user, "kanariefugl") == search(hr, "kanariefugl") == [ticket]
    for person in everybody:
        assert search(person, "kanariefugl") == search(person, f"SD-{ticket}") == []


def test_one_customers_tickets_are_not_found_from_another(act, desk, search, supporter):
    act(desk.person(unit=desk.customer())).file("Kanariefugl", "i bur")

    assert search(supporter, "kanariefugl") == []


def test_what_is_shown_of_a_hit_is_what_the_searcher_may_read(app, act, desk, supporter):
    user = desk.person()
    ticket = act(user).file("Printeren <b>larmer</b>", "Den larmer altid")
    act(supporter).note(ticket, body="Hemmeligt larmende notat")

    with app.app_context():
        for person, sees in ((supporter, True), (user, False)):
            [hit] = finding.find("larm", desk.actor(person))
            assert "<b>" not in hit.subject
            assert "<mark>larmer</mark>" in (hit.snippet or "")
            found = finding.find("notat", desk.actor(person))
            assert ("Hemmeligt" in str(found)) is sees


def test_what_is_shown_of_a_hit_is_its_words_without_signs(app, act, desk):
    user = desk.person()
    act(user).file("Certifikat", "> Fejl\n\n**Luk programmet helt**, og åbn `cert` igen")

    with app.app_context():
        [hit] = finding.find("programmet", desk.actor(user))
        assert hit.snippet == "Fejl Luk <mark>programmet</mark> helt, og åbn cert igen"


def test_the_best_match_comes_first_and_there_is_an_end(act, desk, search, supporter):
    user = desk.person()
    for _ in range(finding.HITS + 5):
        act(user).file("Skærmen", "Noget helt andet, som til sidst kommer forbi en printer og meget mere om vejret.")
    best = act(user).file("Printer printer printer", "printer")

    found = search(supporter, "printer")
    assert found[0] == best
    assert len(found) == finding.HITS


def test_what_stands_in_the_subject_comes_before_what_stands_elsewhere(act, desk, search, supporter):
    user = desk.person()
    in_subject = act(user).file("Kalkulatoren viser forkert", "Tallene i rapporten passer slet ikke.")
    half = act(user).file("Kalkulatoren", "Den viser en fejl")
    often = act(user).file("Hjælp", "Kalkulatoren viser. Kalkulatoren viser! Viser kalkulatoren?")
    from_supplier = act(user).file("Skærmen er sort", "Intet sker. Kalkulatoren viser")
    act(supporter).wait_for_supplier(from_supplier, supplier="Kalkulatoren viser A/S")

    assert search(supporter, "kalkulator viser")[:2] == [in_subject, half]
    assert search(supporter, "kalkulator")[:2] in ([in_subject, half], [half, in_subject])
    assert set(search(supporter, "kalkulator viser")[2:]) == {often, from_supplier}


def test_a_changed_subject_counts(act, desk, search, supporter):
    user = desk.person()
    changed = act(user).file("Hjælp", "Det driller")
    other = act(user).file("Noget andet", "Projektoren er sort, og projektoren larmer")
    act(supporter).change(changed, subject="Projektoren driller")

    assert search(supporter, "projektor") == [changed, other]


def test_the_number_of_questions_does_not_grow_with_the_hits(app, act, desk, supporter, queries):
    user, asked = desk.person(), []
    who = desk.actor(supporter)
    for _ in range(2):
        act(user).file("Printeren")
        with app.app_context(), queries() as sent:
            finding.find("printer", who)
        asked.append(len(sent))
    assert asked[0] == asked[1] <= 8
