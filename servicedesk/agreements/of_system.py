"""What is agreed about one system."""

from datetime import datetime

from servicedesk.agreements.book import Version, book_of
from servicedesk.agreements.models import AgreementKind
from servicedesk.systems.models import System


def agreement_of(system: System, now: datetime) -> Version | None:
    """The service agreement under which tickets about it are filed now."""
    book = book_of(system.customer_id)
    found = book.choose(system.id, now)
    return book.versions[found] if found is not None else None


def contract_of(system: System, now: datetime) -> Version | None:
    """What is agreed with whoever delivers it."""
    standing = book_of(system.customer_id).standing(AgreementKind.SUPPLIER, now)
    held = [one for one in standing if one.supplier_id == system.supplier_id]
    return held[0] if held and system.supplier_id is not None else None
