"""Every change of what is agreed, each one function, one transaction, one line in the audit log."""

from servicedesk.agreements.commands.agreeing import (
    add_agreement,
    add_supplier,
    change_agreement,
    change_supplier,
    discard_version,
    withdraw,
)
from servicedesk.agreements.commands.example import give_example
from servicedesk.agreements.commands.opening import (
    add_hours,
    change_week,
    decide_days,
    propose_days,
    remove_day,
    rename_hours,
    set_day,
)

__all__ = [
    "add_agreement",
    "add_hours",
    "add_supplier",
    "change_agreement",
    "change_supplier",
    "change_week",
    "decide_days",
    "discard_version",
    "give_example",
    "propose_days",
    "remove_day",
    "rename_hours",
    "set_day",
    "withdraw",
]
