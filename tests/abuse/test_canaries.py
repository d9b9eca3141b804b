"""Every confidential field holds a string of its own; wherever somebody looks, only what is meant for them is found.

A001, A002, A007, A014, A019, A115 and A117 (receivers), A150. The strings stand beside a word that all texts share,
so that searching for that word asks for all of them without saying any.
"""

import re
from secrets import token_hex

import pytest

from servicedesk.core import clock
from servicedesk.notifications import mails
from servicedesk.notifications.models import OutboxMail
from servicedesk.organisation.models import Person
from servicedesk.signin.models import Identity
from servicedesk.tickets import commands
from servicedesk.tickets.models import Attachment
from servicedesk.tickets.workflow import Kind, LinkKind, Priority, Secrecy, State
from tests.abuse.town import Town

pytestmark = pytest.mark.thorough

SHARED = "zebrafinke"


class Canaries:
    """Strings that were sown, and who may come upon each."""

    def __init__(self) -> None:
        self.readers: dict[str, set[int]] = {}

    def sow(self, *readers: Person) -> str:
        canary = f"kanari{token_hex(6)}"
        self.readers[canary] = {person.id for person in readers}
        return f"{SHARED} {canary}"

    def escaped(self, text: str, reader: Person | None) -> set[str]:
        """Those found in `text` that are not for the reader."""
        reader_id = reader.id if reader else None
        return {canary for canary, ids in self.readers.items() if canary in text and reader_id not in ids}


class Sown:
    """The town with a string in each field, and the tickets' ids."""

    def __init__(self, town: Town) -> None:
        self.town, self.canaries = town, Canaries()
        self.tickets = {
            "T1": self._ordinary(town.r1, {town.su1, town.m1, town.s1, town.s3, town.boss}, {town.su1}),
            "T3": self._ordinary(town.r3, {town.su2, town.s1, town.s3, town.boss}, {town.su2}),
            "TH": self._secret(town.r2),
            "foreign": self._foreign(),
        }
        self._link()

    def _ordinary(self, filer: Person, readers: set[Person], superbrugers: set[Person]) -> int:
        town, sow = self.town, self.canaries.sow
        staff = {town.s1, town.s3, town.boss} | superbrugers
        ticket = town.desk.ticket(
            by=filer, subject=sow(filer, *readers), description=sow(filer, *readers), files=[town.file()]
        )
        town.reply(ticket, town.s1, sow(filer, *readers))
        town.note(ticket, town.s1, sow(*staff), town.file(f"{sow(*staff)}.txt", sow(*staff).encode()))
        with town.desk.app.app_context():
            commands.wait_for_supplier(
                ticket, by=town.desk.actor(town.s1), now=clock.now(), supplier=sow(*staff), body=sow(*staff)
            )
        return ticket

    def _secret(self, filer: Person) -> int:
        town, sow = self.town, self.canaries.sow
        ticket = town.desk.ticket(
            by=filer,
            secrecy=Secrecy.CONFIDENTIAL,
            subject=sow(filer, town.s3),
            description=sow(filer, town.s3),
            files=[town.file(f"{sow(filer, town.s3)}.png")],
        )
        town.reply(ticket, town.s3, sow(filer, town.s3))
        town.note(ticket, town.s3, sow(town.s3), town.file(f"{sow(town.s3)}.txt", sow(town.s3).encode()))
        return ticket

    def _foreign(self) -> int:
        town, sow = self.town, self.canaries.sow
        people = (town.foreign_person, town.foreign_supporter)
        ticket = town.desk.ticket(by=people[0], subject=sow(*people), description=sow(*people), files=[town.file()])
        town.note(ticket, people[1], sow(people[1]))
        return ticket

    def _link(self) -> None:
        """T1 and T3 belong together, which r1 and r3 are not told."""
        with self.town.desk.app.app_context():
            by, now = self.town.desk.actor(self.town.s1), clock.now()
            for kind in (LinkKind.RELATED, LinkKind.PARENT):
                commands.link(self.tickets["T1"], by=by, now=now, other_id=self.tickets["T3"], kind=kind)

    def pages(self) -> list[str]:
        """Everywhere that one can look."""
        of_tickets = [f"/tickets/{id_}{page}" for id_ in self.tickets.values() for page in ("", "?merged=1", "/edit")]
        attachments = self.town.desk.all(Attachment)
        files = [f"/tickets/{id_}/attachments/{a.id}" for id_ in self.tickets.values() for a in attachments]
        numbers = [f"/search?q={prefix}{id_}" for id_ in self.tickets.values() for prefix in ("SD-", "")]
        palette = [f"/palette?q={id_}" for id_ in self.tickets.values()]
        return [*_LISTS, *of_tickets, *files, *numbers, *palette]


_QUEUE = [
    *(f"sort={order}" for order in ("priority", "filed", "-filed", "updated", "-updated", "solution", "subject")),
    *(f"state={state.value}" for state in State),
    *(f"kind={kind.value}" for kind in Kind),
    *(f"priority={int(priority)}" for priority in Priority),
    *(f"team={team}" for team in ("me", "none", 1, 2, 3, 4)),
    *(f"assignee={who}" for who in ("me", "none", 1, 2, 3)),
    *(f"unit={unit}" for unit in range(1, 8)),
    "show=all&show=unanswered",
]
_LISTS = [
    "/",
    "/tickets",
    "/tickets?show=ended",
    "/tickets/new",
    "/me",
    f"/search?q={SHARED}",
    f"/search?q={SHARED[:5]}",
    "/search?q=kanari",
    "/search?q=tilstand:alle&sort=newest",
    *(f"/palette?q={asked}" for asked in ("", SHARED, SHARED[:5], "kanari")),
    f"/queue?show=all&q={SHARED}",
    *(f"/queue?show=all&{query}" for query in _QUEUE),
    *("/admin", "/admin/people", "/admin/units", "/admin/teams", "/admin/systems", "/admin/priorities"),
    *("/admin/audit", "/admin/outbox", "/admin/import"),
]


@pytest.fixture
def sown(town) -> Sown:
    return Sown(town)


LOOKERS = [
    *("r1", "r2", "r3", "su1", "su2", "s1", "s3", "m1", "owner", "boss", "adm"),
    *("foreign_person", "foreign_supporter", "foreign_adm", "nobody"),
]


@pytest.mark.parametrize("who", LOOKERS)
def test_nobody_comes_upon_what_is_not_for_him_or_her(town, sown, browse, who, capsys):
    """A001, A002, A007, A014, A019, A150: pages, lists, searches, filters, files; and nothing of it in the log."""
    person = None if who == "nobody" else getattr(town, who)
    browser, found = browse(person), {}
    for page in sown.pages():
        with browser.get(page) as answer:
            text = answer.get_data().decode(errors="replace") + str(answer.headers)
        if escaped := sown.canaries.escaped(text, person):
            found[page] = escaped
    assert found == {}
    said = capsys.readouterr()
    assert sown.canaries.escaped(said.out + said.err, None) == set()


def test_those_for_whom_it_is_do_come_upon_it(town, sown, browse):
    """Or else the test above would prove nothing."""
    missing = {}
    for who in ("r1", "r2", "su2", "s1", "s3", "foreign_supporter"):
        person = getattr(town, who)
        browser = browse(person)
        text = ""
        for page in sown.pages()[len(_LISTS) :]:
            with browser.get(page) as answer:
                text += answer.get_data().decode(errors="replace") + str(answer.headers)
        meant = {canary for canary, ids in sown.canaries.readers.items() if person.id in ids}
        if unseen := {canary for canary in meant if canary not in text}:
            missing[who] = unseen
    assert missing == {}


def test_a_hidden_text_is_searched_for_in_vain(town, sown, browse):
    """A001, A150: asking for the very words gives the page of words that nobody wrote."""
    browser, never = browse(town.r1), f"kanari{token_hex(6)}"

    def searched(words: str) -> str:
        """The page without the words, and without the token, which is another each second."""
        page = browser.get(f"/search?q={words}").text.replace(words, "Q")
        return re.sub(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{27}", "", page)

    empty = searched(never)
    for canary, ids in sown.canaries.readers.items():
        if town.r1.id not in ids:
            assert searched(canary) == empty


def test_mails_only_tell_what_their_receiver_may_read(app, town, sown):
    """A117: no note, no supplier and nothing of a secret ticket leaves by mail."""
    settings = app.extensions["settings"]
    rows = town.desk.all(OutboxMail)
    assert rows
    for row in rows:
        with app.app_context():
            message = mails.build(row, settings)
        text = message.as_string() + "".join(
            part.get_content() for part in message.walk() if part.get_content_maintype() == "text"
        )
        person = town.desk.get(Person, row.person_id)
        assert sown.canaries.escaped(text, person) == set()
        if f"/tickets/{sown.tickets['TH']}" in text:
            assert "kanari" not in text


def test_a_linked_ticket_is_not_named_to_those_who_may_not_see_it(town, sown, browse):
    """A005, A014: neither its number nor that there is one."""
    page = browse(town.r1).get(f"/tickets/{sown.tickets['T1']}").text
    assert f"SD-{sown.tickets['T3']}" not in page
    assert town.hr.name not in page and town.guard.name not in page
    # Where the ticket is stands on its page; which team did what is not told in its history.
    assert town.network.name not in page.split('class="timeline"')[1].split("</ol>")[0]


def test_how_somebody_signs_in_is_on_no_page(app, desk, town, browse):
    """A022: hashes, digests and tokens stay where they are."""
    secret = f"$argon2id$kanari{token_hex(6)}"
    desk.add(Identity(person_id=town.r1.id, subject="riet", secret=secret, changed_at=clock.now()))
    for person in (town.r1, town.adm):
        browser = browse(person)
        for page in ("/me", "/admin/people", "/admin/audit", f"/admin/people/{town.r1.id}"):
            with browser.get(page) as answer:
                assert secret not in answer.text and "argon2" not in answer.text


@pytest.mark.parametrize("who", ["s1", "boss", "su1", "m1", "adm", "r1"])
def test_totals_leave_out_what_is_hidden(desk, town, browse, who):
    """A019: a list's number does not tell that there is something more."""
    browser = browse(getattr(town, who))
    addresses = ("/queue?show=all", "/", "/tickets", "/search?q=fortrolig")
    before = [_steady(browser.get(address).text) for address in addresses]
    assert town.secret
    assert [_steady(browser.get(address).text) for address in addresses] == before


def _steady(page: str) -> str:
    """The page without what is new in it each time."""
    return re.sub(r"[\w-]+\.[\w-]{6}\.[\w-]{27}|[0-9a-f]{16,32}|data-mark=\"[^\"]*\"", "", page)
