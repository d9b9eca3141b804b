"""For which roles a page exists at all, by the permission that its route asks for."""

from servicedesk.core.access import SIGNED_IN

ADMINISTRATORS = {"administrator", "foreign administrator"}
RUNNERS = ADMINISTRATORS | {"servicedesk manager"}
OVERSEERS = {"superbruger", "supporter", "manager", "system owner", "servicedesk manager"}
EMPLOYEES = {"employee", *OVERSEERS, *ADMINISTRATORS}

#: Who answers tickets, and so has texts to answer with.
ANSWERING = {"superbruger", "supporter", "servicedesk manager", *ADMINISTRATORS}
#: For which roles a page exists at all.
OPEN_TO = {
    SIGNED_IN: EMPLOYEES,
    "AgreementPermission.manage": RUNNERS,
    "MacroPermission.use": {"superbruger", "supporter", *RUNNERS},
    "TicketPermission.work": {"superbruger", "supporter", "servicedesk manager"},
    "AgreementPermission.read": EMPLOYEES,
    "CorpsPermission.read": EMPLOYEES,
    "CorpsPermission.help": {"superbruger"},
    "FloorHelpPermission.give": {"superbruger"},
    "CorpsPermission.manage": RUNNERS,
    "HealthPermission.see": RUNNERS,
    "MatrixPermission.set": RUNNERS,
    "NotificationPermission.see_outbox": ADMINISTRATORS,
    "NotificationPermission.send_again": ADMINISTRATORS,
    "PersonPermission.manage": ADMINISTRATORS,
    "NetworkPermission.coordinate": EMPLOYEES - {"employee"},
    "NetworkPermission.manage": RUNNERS,
    "SystemPermission.note": {"superbruger", "supporter", "servicedesk manager", "system owner"},
    "SystemPermission.inform": {"supporter", "servicedesk manager", "system owner"},
    "PhrasePermission.change": ANSWERING,
    "PhrasePermission.use": ANSWERING,
    "PersonPermission.plan_absence_of_others": RUNNERS,
    "PersonPermission.take_call": {"supporter", "servicedesk manager"},
    "SystemPermission.manage": RUNNERS,
    # Whoever looks after a system may be anybody; of these the town has none.
    "SystemPermission.keep": {"system owner", *RUNNERS},
    "SupplierPermission.follow": {"system owner", *RUNNERS},
    "TeamPermission.manage": ADMINISTRATORS,
    "TicketPermission.oversee": OVERSEERS,
    "UnitPermission.manage": ADMINISTRATORS,
    "UnitPermission.manage_customer": ADMINISTRATORS,
    "UnitPermission.open_administration": RUNNERS,
    "UnitPermission.set_up_desk": RUNNERS,
    "UpkeepPermission.read_audit": ADMINISTRATORS,
}
