"""Things of others, and rights that nobody gave (A002 to A033 as far as the matrix and the canaries do not say it)."""

import pytest

from servicedesk.core.actor import Role
from servicedesk.organisation.models import Person, RoleGrant
from servicedesk.tickets.models import Attachment, Ticket, Visibility
from servicedesk.tickets.workflow import Priority, Secrecy, State

NEW = {"subject": "Emne", "description": "Tekst"}


def test_ids_from_one_on_are_all_alike_but_for_ones_own(town, browse):
    """A002: hidden and never issued give the same answer, down to the page."""
    own, hidden = town.t1, {town.t2, town.t3, town.secret, town.foreign}
    browser, answers = browse(town.r1), {}
    for id_ in range(1, max(own, *hidden) + 51):
        answer = browser.get(f"/tickets/{id_}")
        answers[id_] = (answer.status_code, _words(answer.text))
    own_status, _ = answers.pop(own)
    assert own_status == 200
    assert {status for status, _text in answers.values()} == {404}
    assert len({text for _status, text in answers.values()}) == 1


def _words(page: str) -> str:
    return page.partition("<h1>")[2].partition("<code>")[0]


@pytest.mark.parametrize("kind", ["related", "parent", "child", "duplicate"])
def test_a_ticket_is_not_tied_to_a_hidden_one(desk, town, browse, unchanged, kind):
    """A005: refused for the user, and for staff when the other one is secret or another customer's."""
    for who, other in ((town.r1, town.t3), (town.s1, town.secret), (town.s1, town.foreign), (town.s1, 999_999)):
        browser = browse(who)
        assert town.t1
        subject = desk.look(other).subject if other != 999_999 else "T3 langsom"  # no token holds a space
        with unchanged():
            for route in ("links", "merge"):
                answer = browser.post(f"/tickets/{town.t1}/{route}", data={"number": f"SD-{other}", "link": kind})
                assert answer.status_code in (403, 422) and subject not in answer.text


def test_filing_ties_a_new_ticket_to_nothing(desk, town, browse):
    """A005, A024: unknown fields are not fields."""
    data = {**NEW, "related_to": town.t3, "parent": town.t3, "duplicate_of": town.t3, "continues_id": town.t3}
    browse(town.r1).post("/tickets/new", data=data)
    assert "LINKED" not in {entry.kind.name for entry in desk.journal(town.t3)}


def test_a_file_is_only_found_below_its_own_ticket(town, browse):
    """A007: nothing deletes a file; fetching by mixed ids finds nothing."""
    theirs = town.attachment(town.t3)
    for who in (town.r1, town.s1):
        assert browse(who).get(f"/tickets/{town.t1}/attachments/{theirs}").status_code == 404
    assert browse(town.r1).get(f"/tickets/{town.t3}/attachments/{theirs}").status_code == 404


@pytest.mark.parametrize(
    ("route", "data"),
    [
        ("assignee", {"assignee": 1}),
        ("facts", {"subject": "x", "kind": "incident", "impact": "high", "urgency": "high"}),
        ("actions/take", {}),
        ("actions/close", {}),
        ("solution", {"solution": "x", "cause": "fault"}),
        ("cancellation", {"reason": "x"}),
        ("team", {"team": 1}),
        ("secrecy", {"secrecy": "confidential"}),
        ("entries", {"body": "x"}),
        ("entries", {"body": "x", "visibility": "internal"}),
        ("followers", {}),
        ("actions/undo-merge", {}),
    ],
)
def test_a_superbruger_does_nothing_to_a_foreign_ticket(town, browse, unchanged, route, data):
    """A009: singly; there is no list of many yet."""
    for ticket in (town.t3, town.secret, town.foreign):
        browser = browse(town.su1)
        with unchanged():
            assert browser.post(f"/tickets/{ticket}/{route}", data=data).status_code == 404


@pytest.mark.parametrize("typed", ["%", "_", "*", "'", "r%", "\\", "%%%", "Rosa", "Freja"])
def test_nobody_is_found_by_wildcards_or_beyond_ones_reach(town, browse, unchanged, typed):
    """A012: whom a ticket is for, and who is let to follow, is asked by name; signs stand for themselves."""
    ticket, browser = town.t1, browse(town.su1)
    with unchanged():
        filing = browser.post("/tickets/new", data={**NEW, "on_behalf_of": typed})
        following = browser.post(f"/tickets/{ticket}/followers", data={"person": typed})
    for answer in (filing, following):
        assert answer.status_code == 422
        assert not {"Rosa Tre", "Freja Fremmed", "Rikke Et"} & {name for name in _NAMES if name in answer.text[500:]}


_NAMES = {"Rosa Tre", "Freja Fremmed"}


def test_a_file_goes_by_what_one_may_read_not_by_its_address(desk, town, browse):
    """A016: internal files stay internal; one that changes hands is the new user's, and the filer's still."""
    town.note(town.t1, town.s1, "Se loggen", town.file("log.txt", b"fortroligt"))
    internal = next(file for file in desk.all(Attachment) if file.visibility is Visibility.INTERNAL)
    public = town.attachment(town.t2)
    assert browse(town.r1).get(f"/tickets/{town.t1}/attachments/{internal.id}").status_code == 404
    with browse(town.s1).get(f"/tickets/{town.t1}/attachments/{internal.id}") as answer:
        assert answer.status_code == 200
    with desk.writing() as session:
        session.get(Ticket, town.t2).affected_id = town.r1.id
    for person, status in ((town.r1, 200), (town.r2, 200), (town.r3, 404)):
        with browse(person).get(f"/tickets/{town.t2}/attachments/{public}") as answer:
            assert answer.status_code == status


# ------------------------------------------------------------------------------------------------ roles and fields


def test_one_saves_no_more_of_oneself_than_the_language(desk, town, browse):
    """A022."""
    more = {"role": "administrator", "is_admin": "1", "unit_id": town.u21.id, "customer_id": town.other.id}
    more |= {"is_active": "", "name": "Ny", "email": "ny@testby.example", "password_hash": "x", "team_ids": town.hr.id}
    before = desk.get(Person, town.r1.id)
    assert browse(town.r1).post("/me", data={"locale": "en", **more}).status_code == 303
    after = desk.get(Person, town.r1.id)
    columns = [column.name for column in Person.__table__.columns]
    assert {name for name in columns if getattr(before, name) != getattr(after, name)} == {"locale"}
    assert desk.all(RoleGrant, person_id=town.r1.id) == []


def test_a_filer_decides_nothing_but_what_is_asked(desk, town, browse):
    """A024."""
    more = {"requester_id": town.r2.id, "filer_id": town.r2.id, "filed_at": "2001-01-01", "state": "closed"}
    more |= {"priority": "1", "assignee": town.s1.id, "assignee_id": town.s1.id, "id": "77", "number": "SD-77"}
    more |= {"team_id": town.hr.id, "tier": "local", "customer_id": town.other.id, "visibility": "internal"}
    answer = browse(town.r1).post("/tickets/new", data={**NEW, **more})
    ticket = desk.look(int(answer.location.rpartition("/")[2]))
    assert (ticket.filer_id, ticket.affected_id, ticket.customer_id) == (town.r1.id, town.r1.id, town.home.id)
    assert (ticket.state, ticket.assignee_id, ticket.team_id) == (State.NEW, None, town.network.id)
    assert ticket.id != 77 and ticket.filed_at.year > 2001 and ticket.priority is not Priority.CRITICAL


def test_nobody_but_an_administrator_gives_or_widens_anything(town, browse, unchanged):
    """A026: whatever else one may be."""
    for who in (town.r1, town.su1, town.s1, town.m1, town.owner, town.boss, town.foreign_adm):
        browser, grant = browse(who), town.grant_of(town.su1)
        role = {"role": "superbruger", "scope": f"unit:{town.f2.id}", "starts_on": "2026-01-01"}
        with unchanged():
            answers = [
                browser.post(f"/admin/people/{who.id}/roles", data={**role, "scope": f"unit:{town.home.id}"}),
                browser.post(f"/admin/people/{town.su1.id}/roles", data=role),
                browser.post(f"/admin/roles/{grant}/end"),
                browser.post(f"/admin/units/{town.f2.id}/parent", data={"parent_id": town.f1.id}),
                browser.post(f"/admin/teams/{town.hr.id}/members", data={"person_id": who.id}),
            ]
        # The administrator of another customer may open the page of his own person, and gets no further there.
        assert {answer.status_code for answer in answers} <= ({403, 404} if who is town.foreign_adm else {404})


def test_an_administrator_does_not_open_a_closed_team_to_walk_in(desk, town, browse):
    """A026: what is in there was told to that team alone."""
    desk.grant(town.adm, Role.SUPPORTER)
    secret, browser = town.secret, browse(town.adm)
    browser.post("/admin/teams", data={"name": "Nyt HR", "customer_id": town.home.id, "receives_confidential": "y"})
    browser.post(f"/admin/teams/{town.hr.id}", data={"name": town.hr.name})
    browser.post(f"/admin/teams/{town.hr.id}/members", data={"person_id": town.adm.id})
    assert browser.get(f"/tickets/{secret}").status_code == 404


def test_on_behalf_of_is_for_ones_own_area(desk, town, browse, unchanged):
    """A028: allowed with both names on it, or refused."""
    browser = browse(town.su1)
    with unchanged():
        for foreign in (town.r3, town.foreign_person):
            assert browser.post("/tickets/new", data={**NEW, "affected": foreign.id}).status_code == 403
            assert browser.post("/tickets/new", data={**NEW, "on_behalf_of": foreign.initials}).status_code == 422
    answer = browser.post("/tickets/new", data={**NEW, "on_behalf_of": town.r1.initials})
    ticket = desk.look(int(answer.location.rpartition("/")[2]))
    assert (ticket.filer_id, ticket.affected_id) == (town.su1.id, town.r1.id)
    page = browse(town.r1).get(answer.location).text
    assert town.su1.name in page and town.r1.name in page


def test_a_broken_preference_breaks_no_page(desk, town, browse):
    """A031."""
    for locale in ("xx", "../../etc", "", "<script>"):
        with desk.writing() as session:
            session.get(Person, town.s1.id).locale = locale
        assert browse(town.s1).get(f"/tickets/{town.t1}").status_code == 200
        assert browse(town.r1).get(f"/tickets/{town.t1}").status_code == 200


ODD = [
    "",
    "x",
    "-1",
    "0",
    "1.5",
    "NaN",
    "Infinity",
    "null",
    "true",
    "[]",
    "{}",
    "1e9",
    "9" * 400,
    "9" * 19,
    "٣",
    "1\x00",
]
FIELDS = ["impact", "urgency", "kind", "secrecy", "system", "affected", "form_id", "on_behalf_of"]


@pytest.mark.parametrize("field", FIELDS)
def test_odd_values_are_mistakes_not_faults_when_filing(town, browse, field):
    """A033."""
    browser = browse(town.s1)
    for odd in [*ODD, ["1", "2"]]:
        assert browser.post("/tickets/new", data={**NEW, field: odd}).status_code in (303, 403, 422), odd


@pytest.mark.parametrize(
    ("route", "field", "others"),
    [
        ("entries", "seen", {"body": "x"}),
        ("entries", "visibility", {"body": "x"}),
        ("entries", "then", {"body": "x"}),
        ("team", "team", {}),
        ("assignee", "assignee", {}),
        ("secrecy", "secrecy", {}),
        ("links", "number", {}),
        ("links", "link", {"number": "SD-1"}),
        ("merge", "number", {}),
        ("followers", "person", {}),
        ("solution", "cause", {"solution": "x"}),
        ("facts", "system", {"subject": "x", "kind": "incident", "impact": "low", "urgency": "low"}),
        ("facts", "subject", {"kind": "incident", "impact": "low", "urgency": "low"}),
    ],
)
def test_odd_values_are_mistakes_not_faults_on_a_ticket(town, browse, route, field, others):
    """A033."""
    browser, ticket = browse(town.s1), town.t1
    for odd in ODD:
        answer = browser.post(f"/tickets/{ticket}/{route}", data={**others, field: odd})
        assert answer.status_code in (303, 403, 404, 409, 422), odd


@pytest.mark.thorough
@pytest.mark.parametrize("address", ["/tickets", "/queue", "/search", "/admin/people", "/admin/outbox", "/admin/audit"])
def test_odd_values_in_an_address_are_left_out(town, browse, address):
    """A033."""
    browser = browse(town.adm if address.startswith("/admin") else town.s1)
    names = ("before", "after", "unit", "team", "state", "q", "sort", "system", "person", "since", "until", "action")
    for name in names:
        for odd in ODD:
            answer = browser.get(address, query_string={name: odd})
            assert answer.status_code == 200, (name, odd)


def test_a_secret_ticket_cannot_be_followed_into(town, browse, unchanged):
    """A019: nor is anybody let in as a follower."""
    browser = browse(town.s3)
    assert town.secret
    with unchanged():
        answer = browser.post(f"/tickets/{town.secret}/followers", data={"person": town.s1.initials})
    assert answer.status_code == 422 and Secrecy.CONFIDENTIAL
