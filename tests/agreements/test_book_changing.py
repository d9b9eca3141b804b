"""What is read while agreements are being changed is not kept for those who read them afterwards."""

from servicedesk.agreements import commands
from servicedesk.agreements.book import book_of
from servicedesk.agreements.commands.ledger import hold
from servicedesk.agreements.models import AgreementKind
from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import transaction
from tests.desk import LOCAL_ZONE


def test_a_change_is_seen_after_the_book_was_read_in_its_transaction(desk):
    with desk.app.app_context():
        with transaction():
            hold(desk.home.id, SYSTEM)
            assert not book_of(desk.home.id).versions
            commands.give_example(desk.home.id, by=SYSTEM, now=clock.now())
            assert len(book_of(desk.home.id).versions) == 1

        assert len(book_of(desk.home.id).versions) == 1


def test_a_supplier_that_comes_after_a_look_is_seen(desk):
    with desk.app.app_context():
        now = clock.now()
        with transaction():
            commands.add_supplier(desk.home.id, name="Nordlys Data", by=SYSTEM, now=now)
            assert book_of(desk.home.id).supplier_named("Nordlys Data")
            commands.add_supplier(desk.home.id, name="Fjordnet", by=SYSTEM, now=now)

        assert book_of(desk.home.id).supplier_named("Fjordnet")


def test_an_agreement_that_was_just_made_is_in_the_book(desk):
    customer = desk.home
    with desk.app.app_context():
        now = clock.now()
        commands.give_example(customer.id, by=SYSTEM, now=now)
        example = next(iter(book_of(customer.id).versions.values()))
        commands.add_agreement(
            customer.id,
            kind=AgreementKind.SERVICE,
            name="En til",
            terms=example.terms,
            starts_on=clock.local_date(now, LOCAL_ZONE),
            by=SYSTEM,
            now=now,
        )

        assert book_of(customer.id).named("En til") is not None
