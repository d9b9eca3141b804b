"""Everything that people read is there in English: no text is missing, empty, in doubt or different in its values.

What to do when one of these fails: `make messages`, translate what is empty, `make messages` again.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask

from servicedesk.agreements import commands as agreeing
from servicedesk.agreements.models import AgreementKind
from servicedesk.agreements.terms import Terms
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM, Role
from servicedesk.insight.models import ReportSubscription
from servicedesk.organisation.models import ImportDraft, Person
from servicedesk.phrases.models import Phrase
from servicedesk.superbrugere.models import Guideline
from servicedesk.systems.rules import DisturbanceKind
from servicedesk.tickets.workflow import Secrecy
from tests.architecture.asked import asked
from tests.architecture.belongings import learns, package_of
from tests.architecture.skills_told import lack, meet
from tests.browser import Browser
from tests.cockpit_made import done_to_many
from tests.desk import LOCAL_ZONE, Desk
from tests.privacy_made import guarded
from tests.stewards_made import make_review
from tests.superbrugere_made import appoint, give, publish
from tests.systems_made import make_disturbance, make_known_error
from tests.trials_made import trial

pytestmark = pytest.mark.once  # what pages say
ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "servicedesk" / "translations" / "en" / "LC_MESSAGES"

RECIPE = "run `make messages`, translate, run it again"


def texts(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def words_for(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [])


def values(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)\w|%%", text))


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (FOLDER / "messages.po").open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def sources() -> set[Any]:
    """What `make messages` finds."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    found = extract_from_dir(
        ROOT,
        method_map=[(mapping["pattern"], mapping["method"]) for mapping in mappings],
        keywords=keywords(),
        directory_filter=lambda folder: Path(folder).name in ("servicedesk", "templates") or is_inside(Path(folder)),
    )
    return {message for _file, _line, message, _comments, _context in found}


def keywords() -> dict[str, Any]:
    """Babel's own and those that the Makefile names."""
    return {**DEFAULT_KEYWORDS, **parse_keywords(re.findall(r"-k (\S+)", (ROOT / "Makefile").read_text()))}


def is_inside(folder: Path) -> bool:
    return folder.is_relative_to(ROOT / "servicedesk") or folder.is_relative_to(ROOT / "templates")


def test_every_text_is_in_the_english_catalogue(english: Catalog, sources: set[Any]) -> None:
    there = {message.id for message in english if message.id}
    assert sources - there == set(), RECIPE
    assert there - sources == set(), RECIPE


def test_every_text_has_english_words(english: Catalog) -> None:
    lacking = [message.id for message in english if message.id and (message.fuzzy or not all(words_for(message)))]
    assert lacking == [], RECIPE
    assert not english.obsolete, RECIPE


def test_english_names_the_same_values(english: Catalog) -> None:
    """One thing may be told without its number; everything else has just the values of the Danish text."""
    for message in english:
        one, many = texts(message)[0], texts(message)[-1]
        words = words_for(message)
        assert values(words[-1]) == values(many), message.id
        assert values(words[0]) <= values(one) and (len(words) > 1 or values(words[0]) == values(one)), message.id


def test_english_ends_like_the_danish(english: Catalog) -> None:
    """A full stop that is forgotten, or a colon before what follows, is seen by everybody."""
    unlike = [
        message.id for message in english if message.id and ending(texts(message)[0]) != ending(words_for(message)[0])
    ]
    assert unlike == []


def ending(text: str) -> str:
    return text[-1:] if text[-1:] in ".:?!…" else ""


def test_the_compiled_catalogue_is_that_of_the_texts(english: Catalog) -> None:
    with (FOLDER / "messages.mo").open("rb") as file:
        compiled = read_mo(file)
    assert told(compiled) == told(english), RECIPE


def told(catalogue: Catalog) -> dict[str, list[str]]:
    return {texts(message)[0]: words_for(message) for message in catalogue if message.id}


def test_the_catalogue_tells_of_no_person_and_no_place() -> None:
    head = (FOLDER / "messages.po").read_text().split("\n\n", 1)[0]
    assert "@" not in head
    assert "/home" not in head


# ------------------------------------------------------------------------------------------------ pages in English

#: Frequent in Danish and not words of English; what people write in these tests is English.
DANISH = re.compile(
    r"""[æøå] | \b(?: og | ikke | eller | til | henvendelse\w* | enhed\w* | der | det | dem | den | kan | med | af | er
    | ny | fra | alle | ingen | mere | navn | siden | gem | skriv\w* | ret | luk\w* | bruger\w* | hvad | hvem
    | hvor\w* | dine? | dit | noget | oprettet | sendt | venter | uden | samme? )\b""",
    re.IGNORECASE | re.VERBOSE,
)
#: The language is called by its own name, as are the fields of texts; the rest is what tests.tickets_made writes.
KNOWN = re.compile(
    r"\bDansk\b|\{\{[\w.]+\}\}|\S+@\S+|Hvilken printer er det\?|Tromlen er skiftet\.|Det løste sig selv\."
)


class Reader(HTMLParser):
    """What a page says to eyes and to screen readers."""

    SAID = {"aria-label", "title", "placeholder", "alt", "data-label", "data-words-cancel", "data-words-pasted"}

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += [value for name, value in attrs if name in self.SAID and value]

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.said.append(data.strip())


def danish(page: str) -> list[str]:
    return [text for text in Reader(page).said if DANISH.search(KNOWN.sub("", text))]


class Town:
    """Somebody of each kind, and something for each page, named in English."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.unit = desk.unit(name="Oak School")
        self.filer = self.person("Anna Smith")
        self.team = desk.team(name="First line", is_first_line=True)
        desk.team(name="Vault", is_closed=True, receives_confidential=True, receives_security=True)
        self.owner = self.person("Olive Stone", Role.SYSTEM_OWNER, over=(system := desk.system(name="Payroll")))
        self.system = system
        self.people = {
            "employee": self.filer,
            "superbruger": self.person("Sue Park", Role.SUPERBRUGER),
            "supporter": self.person("Sam Hill", Role.SUPPORTER, team=self.team),
            "manager": self.person("Mary Field", Role.MANAGER),
            "owner": self.owner,
            "chief": self.person("Carl Rivers", Role.SERVICEDESK_MANAGER, team=self.team),
            "administrator": self.person("Adam Lake", Role.ADMINISTRATOR),
            "officer": self.person("Dot Winter", Role.DATA_PROTECTION_OFFICER),
        }
        kept = {"chosen": {}, "has_pdf": True, "has_xlsx": True, "made_at": clock.now(), "next_month": 209912}
        chief = self.people["chief"]
        self.report = desk.add(ReportSubscription(person_id=chief.id, customer_id=chief.customer_id, **kept))
        told = {"subject": "The printer is slow", "description": "Since this morning.", "by": self.filer}
        worker = self.people["supporter"]
        self.tickets = [
            desk.ticket(state, assignee=worker, system=system, **told)
            for state in ("open", "waiting_user", "waiting_supplier", "resolved", "closed")
        ]
        self.tickets += [desk.ticket("new", **told), desk.ticket("cancelled", **told)]
        self.tickets.append(desk.ticket("new", secrecy=Secrecy.SECURITY, **told))
        told_phrase = {"customer_id": desk.home.id, "name": "Restart", "keyword": "restart", "body": "Try it again."}
        self.phrase = desk.add(Phrase(changed_at=clock.now(), **told_phrase))
        self.draft = desk.add(
            ImportDraft(
                customer_id=desk.home.id,
                by_id=self.people["administrator"].id,
                kind="units",
                content=b"id,parent_id,name\nx1,,Elm School\n",
                made_at=clock.now(),
            )
        )

        self.agreed = self.agree()
        self.agreed |= {"trial_id": trial(desk, self.people["chief"]), "package_id": package_of(desk, self.filer)}
        self.many = done_to_many(desk, self.people["supporter"], self.people["chief"], self.tickets)
        self.known = make_known_error(desk, system, "The page is white", symptoms="White", workaround="Press F5")
        helped = appoint(desk, self.person("Ida Brook"), self.unit, weekly_minutes=90)
        publish(desk, body="Try it again first.")
        publish(desk, seen=1, body="Ask what the screen says.", words=("salary",))
        self.skills = lack(desk, self.unit, self.system, self.filer, self.people)
        self.corps = {"appointment_id": helped.id, "guideline_id": desk.all(Guideline)[0].id}
        self.corps["floor_help_id"] = give(desk, self.people["superbruger"], self.unit, note="A stuck key")
        self.corps |= meet(desk, helped.person_id, self.people["superbruger"].id)
        taught = learns(desk, desk.home.id, self.people["supporter"], self.people["employee"])
        self.corps |= {name: id_ for name, id_ in taught.items() if name != "training_draft_id"}
        self.disturbances = [
            make_disturbance(desk, system, message="Slow"),
            make_disturbance(
                desk,
                system,
                message="A new server",
                kind=DisturbanceKind.MAINTENANCE,
                starts_at=clock.now() + timedelta(days=2),
                expected_end_at=clock.now() + timedelta(days=3),
            ),
        ]

    def agree(self) -> dict[str, int]:
        """A calendar, an agreement in it and a supplier; by their keys."""
        now, customer_id = clock.now(), self.desk.home.id
        given: dict[str, Any] = {"by": SYSTEM, "now": now}
        week = {"0": [["08:00", "12:00"]], "3": [["09:00", "17:00"]]}
        told = {
            "targets": [{"priority": 1, "kind": "request", "response": "90 minutes", "resolution": "2 working days"}]
        }
        with self.desk.app.app_context():
            hours = agreeing.add_hours(customer_id, name="Town hall", zone="Europe/Copenhagen", week=week, **given)
            supplier = agreeing.add_supplier(customer_id, name="Cables", **given)
            made = agreeing.add_agreement(
                customer_id,
                kind=AgreementKind.SERVICE,
                name="Basic",
                terms=Terms.read({"calendar": hours.id, **told}),
                starts_on=clock.local_date(now, LOCAL_ZONE),
                **given,
            )
        return {"hours_id": hours.id, "supplier_id": supplier.id, "agreement_id": made.id, "customer_id": customer_id}

    def person(self, name: str, *roles: Role, **fields: Any) -> Person:
        return self.desk.person(*roles, name=name, unit=self.unit, locale="en", title="Clerk", **fields)

    def ids(self, argument: str) -> list[Any]:
        ids: dict[str, list[Any]] = {
            "ticket_id": self.tickets,
            "person_id": [self.filer.id, self.people["supporter"].id],
            "unit_id": [self.unit.id, self.desk.home.id],
            "team_id": [self.team.id],
            "system_id": [self.system.id],
            "draft_id": [self.draft.id],
            **{name: [key] for name, key in {**self.agreed, **self.many, **self.corps}.items()},
            "known_error_id": [self.known],
            "review_id": [make_review(self.desk, self.system, self.people["supporter"], note="Soon.")],
            "register_draft_id": list[int](),
            "subscription_id": [self.report.id],
            "erasure_id": [guarded(self.desk, self.desk.home)["erasure_id"]],
            **{name: [key] for name, key in asked(self.desk, self.filer, self.desk.home, self.unit).items()},
            "disturbance_id": self.disturbances,
            "phrase_id": [self.phrase.id],
            "file_id": list[int](),
            **{name: [key] for name, key in self.skills.items()},
            **{
                name: list[int]()
                for name in ("signed_id", "local_id", "requirement_id", "record_id", "training_draft_id")
            },
        }
        return ids[argument]


#: The components page is for those who read our templates, and in their language.
NOT_TRANSLATED = ("static", "developer.components")


def addresses(app: Flask, town: Town) -> Iterator[str]:
    """Every page for people who are signed in, with each id that there is."""
    for rule in app.url_map.iter_rules():
        if (
            "GET" not in (rule.methods or ())
            or rule.endpoint in NOT_TRANSLATED
            or len(rule.arguments) > 1
            or "ending" in rule.arguments  # a table as a file
            or rule.rule.endswith(".pdf")
        ):
            continue
        if not rule.arguments:
            yield rule.rule
        elif "place" in rule.arguments:
            yield rule.rule.replace("<place>", "file")
        elif "token" not in rule.arguments:
            (argument,) = rule.arguments
            yield from (re.sub(r"<.*>", str(key), rule.rule) for key in town.ids(argument))
    yield from (
        "/tickets/new?kind=request",
        "/tickets?show=ended",
        "/search?q=slow",
        "/queue?state=cancelled",
        "/zzz",
    )


@pytest.mark.thorough
@pytest.mark.parametrize(
    "role", ["employee", "superbruger", "supporter", "manager", "owner", "chief", "administrator", "officer"]
)
def test_pages_in_english_hold_no_danish(app: Flask, desk: Desk, browse: Callable[..., Browser], role: str) -> None:
    town = Town(desk)
    browser = browse(town.people[role])
    found = {}
    seen = 0
    for address in addresses(app, town):
        answer = browser.get(address)
        if answer.mimetype == "text/html" and not answer.location:
            # A piece that is put into a page has no beginning of its own.
            assert '<html lang="en"' in answer.text or "<html" not in answer.text, address
            found[address] = danish(answer.text)
            seen += answer.status_code == 200
    assert {address: said for address, said in found.items() if said} == {}
    assert seen >= 10


#: "1,234" and "1,234.5"; a date that begins with its year.
FOREIGN = re.compile(r"(?<![\d,.-])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,-])|(?<![\w-])20\d\d-\d\d-\d\d(?![\w-])")


@pytest.mark.thorough
@pytest.mark.parametrize("role", ["supporter", "administrator"])
def test_pages_in_danish_write_numbers_and_dates_the_danish_way(
    app: Flask, desk: Desk, browse: Callable[..., Browser], role: str
) -> None:
    town = Town(desk)
    with desk.writing() as session:
        session.get_one(Person, town.people[role].id).locale = "da"
    browser = browse(town.people[role])
    found = {}
    for address in addresses(app, town):
        answer = browser.get(address)
        if answer.mimetype == "text/html" and not answer.location:
            assert '<html lang="da"' in answer.text or "<html" not in answer.text, address
            # Examples of what can be typed into a search are no dates that a page tells.
            told = re.sub(r"<code>.*?</code>|<[^>]*>", " ", answer.text)
            found[address] = FOREIGN.findall(told)
    assert {address: said for address, said in found.items() if said} == {}


@pytest.mark.parametrize(
    ("text", "is_foreign"),
    [
        ("1,234.5", True),
        ("1,234", True),
        ("2026-11-24", True),
        ("1.234,5", False),
        ("24.11.2026", False),
        ("0,25", False),
    ],
)
def test_a_foreign_number_is_noticed(text: str, is_foreign: bool) -> None:
    assert bool(FOREIGN.search(f"i alt {text} kr.")) is is_foreign


def test_a_stranger_reads_english_too(browse: Callable[..., Browser]) -> None:
    browser = browse()
    browser.get("/sign-in")
    browser.post("/language", data={"locale": "en", "next": "/sign-in"})
    for address in ("/sign-in", "/password/forgot", "/password/forgot?asked", "/password/reset/nothing", "/zzz"):
        assert danish(browser.get(address).text) == [], address


def test_the_danish_pages_would_be_noticed(app: Flask, desk: Desk, browse: Callable[..., Browser]) -> None:
    """Else the tests above prove nothing."""
    for address in ("/", "/tickets", "/tickets/new", "/me"):
        assert len(danish(browse(desk.person(name="Anna Smith")).get(address).text)) > 3
