"""What is promised in Odby: the general agreement, a stricter one for care of the elderly, and who helps to keep it."""

from datetime import datetime, timedelta

from sqlalchemy import insert

from servicedesk.agreements.book import book_of
from servicedesk.agreements.commands import example, give_example
from servicedesk.agreements.commands.ledger import hold
from servicedesk.agreements.models import Agreement, AgreementKind, AgreementVersion, Supplier
from servicedesk.agreements.terms import CalendarKey, Goal, Priority, Terms
from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import db, table_of, transaction
from servicedesk.demo.town import Town
from sla import OpenTime, WorkingDays

GENERAL = "Almindelig serviceaftale"
CARE = "Omsorgssystemer døgnet rundt"
CARE_SYSTEMS = ("Omsorgsjournalen", "Nødkald", "Medicinoverblik")
TEAM = "Netværk og drift"
#: Under contract, with the open hours that each has for what is critical, high, middling and low.
SUPPLIERS = {
    "Fjordnet Teleservice": (4, 8, 30, 80),
    "Omsorg & Data": (2, 6, 24, 60),
    "Skolevang It": (4, 12, 40, 80),
}


def make(town: Town, suppliers: list[str], now: datetime) -> None:
    """Writes it down, and tells the town which ticket is held against what."""
    with transaction():
        neighbour = next(place.id for place in town.places if place.parent_id is None and place.id != town.root.id)
        give_example(neighbour, by=SYSTEM, now=now)
        give_example(town.root.id, by=SYSTEM, now=now, name=GENERAL).is_example = False
        town.suppliers = {name: number for number, name in enumerate(suppliers, start=1)}
        rows = [{"id": id_, "customer_id": town.root.id, "name": name} for name, id_ in town.suppliers.items()]
        db.session.execute(insert(table_of(Supplier)), [{**row, "is_active": True} for row in rows])
        _add_others(town, now)
    for root_id in (town.root.id, neighbour):
        book = book_of(root_id)
        for system_id in (None, *(one.id for one in town.systems if one.customer_id == root_id)):
            town.agreed[root_id, system_id] = book.choose(system_id, now)


def _add_others(town: Town, now: datetime) -> None:
    hold(town.root.id, SYSTEM)
    keys = {name: key for key, name in book_of(town.root.id).names.items()}
    hall, always = keys[example.TOWN_HALL], keys[example.ROUND_THE_CLOCK]
    of_care = frozenset(town.system(name).id for name in CARE_SYSTEMS)
    _add(Agreement(kind=AgreementKind.SERVICE, name=CARE), care_terms(always, hall, of_care), town, now)
    internal = Agreement(kind=AgreementKind.INTERNAL, name=f"Internt mål for {TEAM}", team_id=town.team(TEAM).id)
    _add(internal, _held(hall, (3, 8, 24, 60)), town, now)
    for name, lengths in SUPPLIERS.items():
        told = {"name": f"Kontrakt med {name}", "supplier_id": town.suppliers[name]}
        _add(Agreement(kind=AgreementKind.SUPPLIER, **told), _held(hall, lengths), town, now)


def care_terms(always: CalendarKey, hall: CalendarKey, systems: frozenset[int]) -> Terms:
    """Lives may hang on it at night; what can wait, waits for the town hall."""
    hours = {count: OpenTime(timedelta(hours=count)) for count in (1, 2, 4, 8)}
    return Terms(
        calendar=always,
        systems=systems,
        pauses_for_supplier=True,
        goals=(
            Goal(None, Priority.CRITICAL, OpenTime(timedelta(minutes=15)), hours[4]),
            Goal(None, Priority.HIGH, hours[1], hours[8]),
            Goal(None, Priority.MEDIUM, hours[2], WorkingDays(1), calendar=hall),
            Goal(None, Priority.LOW, WorkingDays(1), WorkingDays(5), calendar=hall),
        ),
    )


def _held(calendar: CalendarKey, hours: tuple[int, ...]) -> Terms:
    """How many hours somebody may have a ticket, by its priority."""
    goals = (Goal(None, of, None, OpenTime(timedelta(hours=count))) for of, count in zip(Priority, hours, strict=True))
    return Terms(calendar=calendar, goals=tuple(goals))


def _add(agreement: Agreement, terms: Terms, town: Town, now: datetime) -> None:
    agreement.customer_id = town.root.id
    db.session.add(agreement)
    db.session.flush()
    held_from = example.FIRST_DAY
    db.session.add(AgreementVersion(agreement_id=agreement.id, starts_on=held_from, terms=terms.write(), made_at=now))
