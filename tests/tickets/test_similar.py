"""What resembles a ticket: found by its words, and never more than the reader may see."""

from pathlib import Path

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.tickets import similar
from servicedesk.tickets.similar import Row, Scope
from servicedesk.tickets.workflow import Secrecy, State

PAIRS = [
    line.split("\t")
    for line in (Path(__file__).parent / "data" / "paraphrases.tsv").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))


@pytest.fixture
def like(app, desk):
    """`like(person, subject)`: ids of the tickets like it, best first."""

    def ask(person, subject="Printeren er død", **more):
        with app.app_context():
            asked = {"system_id": None, "who": desk.actor(person), "now": clock.now(), **more}
            return [one.row.id for one in similar.similar(subject, **asked)]

    return ask


def test_the_same_matter_in_other_words_is_among_the_first_three():
    rows = [Row(id_, told, State.OPEN, True, 1, clock.now()) for id_, (told, _) in enumerate(PAIRS)]
    found = [
        id_ in [one.row.id for one in similar.rank(otherwise, rows)[:3]] for id_, (_, otherwise) in enumerate(PAIRS)
    ]
    assert sum(found) / len(found) >= 0.95


@pytest.mark.parametrize("spelled", ["Aabningstider på skaermen", "ÅBNINGSTIDER PÅ SKÆRMEN", "åbningstider på skærmen"])
def test_danish_letters_may_be_spelled_in_any_way(spelled):
    assert similar.parts(spelled) == similar.parts("Åbningstider på skærmen")


def test_only_tickets_of_the_same_system_are_compared(desk, like, supporter):
    sensum, other = desk.system(), desk.system()
    here = desk.ticket(subject="Printeren er død", system=sensum)
    desk.ticket(subject="Printeren er død", system=other)

    assert like(supporter, system_id=sensum.id) == [here]


def test_without_a_system_the_newest_are_compared(desk, like, supporter, monkeypatch):
    desk.ticket(subject="Printeren er død")
    new = desk.ticket(subject="Printeren er helt død")
    monkeypatch.setattr(similar, "WINDOW", 1)

    assert like(supporter) == [new]


def test_open_ones_come_before_ended_ones_that_are_as_like(desk, like, supporter):
    open_ = desk.ticket(subject="Printeren er død")
    ended = desk.ticket(State.CLOSED, subject="Printeren er død")

    assert like(supporter) == [open_, ended]


def test_nobody_finds_what_he_may_not_read(desk, like):
    desk.ticket(subject="Printeren er død", by=desk.person())

    assert like(desk.person()) == []
    assert like(desk.person(Role.SUPPORTER, unit=desk.customer())) == []


def test_a_secret_ticket_is_never_found_even_by_those_who_may_read_it(desk, like):
    closed = desk.team(is_closed=True, receives_confidential=True)
    confidant, user = desk.person(Role.SUPPORTER, team=closed), desk.person()
    desk.ticket(subject="Printeren er død", secrecy=Secrecy.CONFIDENTIAL, by=user)

    assert like(confidant) == []
    assert like(user, scope=Scope.OWN) == []


def test_a_filer_finds_his_own_that_have_not_ended(desk, like):
    user = desk.person()
    mine = desk.ticket(by=user, subject="Printeren er død")
    desk.ticket(State.CLOSED, by=user, subject="Printeren er død")
    desk.ticket(subject="Printeren er død", by=desk.person())

    assert like(user, scope=Scope.OWN) == [mine]


def test_a_ticket_merged_away_is_not_found(desk, like, act, supporter):
    kept, gone = desk.ticket(subject="Printeren er død"), desk.ticket(subject="Printeren er død")
    act(supporter).merge(gone, into_id=kept)

    assert like(supporter) == [kept]


def test_asking_costs_one_query_for_a_system(app, desk, queries, supporter):
    system = desk.system()
    for _ in range(5):
        desk.ticket(system=system)
    actor = desk.actor(supporter)
    with app.app_context(), queries() as asked:
        similar.similar("Noget", system_id=system.id, who=actor, now=clock.now())
    assert len(asked) == 1


# ------------------------------------------------------------------------------------------ on the ticket's page


def test_the_card_offers_to_merge_and_to_link(desk, browse, supporter):
    system = desk.system()
    ticket = desk.ticket(subject="Printeren er død", system=system)
    other = desk.ticket(subject="Printeren er gået død", system=system)

    page = browse(supporter).get(f"/tickets/{ticket}/similar", headers={"HX-Request": "true"}).text

    assert f"SD-{other}" in page
    assert f"/tickets/{ticket}/merge?number=SD-{other}" in page
    assert "<html" not in page
    assert "<html" in browse(supporter).get(f"/tickets/{ticket}/similar").text


def test_many_about_one_system_in_a_day_are_pointed_out(desk, browse, supporter):
    system = desk.system()
    ticket, *_others = [desk.ticket(system=system) for _ in range(6)]

    assert "5 andre henvendelser om samme system i dag" in browse(supporter).get(f"/tickets/{ticket}/similar").text


def test_users_have_no_such_card(desk, browse):
    user = desk.person()
    ticket = desk.ticket(by=user)

    assert "/similar" not in browse(user).get(f"/tickets/{ticket}").text
    assert browse(user).get(f"/tickets/{ticket}/similar").status_code == 403
    assert browse(desk.person()).get(f"/tickets/{ticket}/similar").status_code == 404
