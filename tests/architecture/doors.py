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
    # Whoever holds a session may be anybody, and in this town is.
    "SessionPermission.hold": EMPLOYEES,
    "UnitCompetencePermission.look": {"superbruger", "manager", "system owner", "servicedesk manager"},
    "UnitCompetencePermission.coordinate": {"servicedesk manager"},
    # Whoever looks after a system may be anybody; of these the town has none.
    "TopicPermission.keep": {"system owner", *RUNNERS},
    # Whoever goes on a visit may be anybody with a part in the work.
    "VisitPermission.read": EMPLOYEES - {"employee"},
    "VisitPermission.note": EMPLOYEES - {"employee"},
    "VisitPermission.change": {"servicedesk manager"},
    "CorpsPermission.read": EMPLOYEES,
    "CorpsPermission.help": {"superbruger"},
    "FloorHelpPermission.give": {"superbruger"},
    "CorpsPermission.manage": RUNNERS,
    "HealthPermission.see": RUNNERS,
    "CoordinationPermission.coordinate": {"servicedesk manager"},
    "CoordinationPermission.coordinate_customer": {"servicedesk manager"},
    "CoursePermission.manage": {"servicedesk manager"},
    "LearnerPermission.instruct": {"superbruger", "servicedesk manager"},
    "LearnerPermission.keep": {"servicedesk manager"},
    "LearnerPermission.see_status": {"manager"},
    "MatrixPermission.set": RUNNERS,
    "NotificationPermission.see_outbox": ADMINISTRATORS,
    "NotificationPermission.send_again": ADMINISTRATORS,
    "PersonPermission.manage": ADMINISTRATORS,
    "NetworkPermission.coordinate": EMPLOYEES - {"employee"},
    "NetworkPermission.manage": RUNNERS,
    "RequirementPermission.manage": {"servicedesk manager"},
    "SessionPermission.manage": {"servicedesk manager"},
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
    "TicketPermission.dispatch": {"supporter", "servicedesk manager"},
    "TicketPermission.oversee": OVERSEERS,
    "UnitPermission.manage": ADMINISTRATORS,
    "UnitPermission.manage_customer": ADMINISTRATORS,
    "UnitPermission.open_administration": RUNNERS,
    "UnitPermission.set_up_desk": RUNNERS,
    "UpkeepPermission.read_audit": ADMINISTRATORS,
    "LookUpPermission.read": ADMINISTRATORS,
    # For the officer for data protection, whom the town does not have.
    "AccessPermission.ask": set(),
    "AccessPermission.open": set(),
    "PrivacyPermission.erase": ADMINISTRATORS,
    "PrivacyPermission.follow": ADMINISTRATORS,
    "PrivacyPermission.set_retention": ADMINISTRATORS,
    # The data protection officer's alone, of whom the town has none.
    "PrivacyPermission.hold_person": set(),
    "PrivacyPermission.hold_ticket": set(),
    "PrivacyPermission.release": set(),
    "FigurePermission.see": OVERSEERS - {"superbruger"},
    # Of a secret ticket its team sees to it.
    "RatingPermission.follow_up": {"supporter", "servicedesk manager"},
    "RatingPermission.see_own_figures": {"supporter", "servicedesk manager"},
    "SurveyPermission.run": {"servicedesk manager"},
    "SurveyPermission.see_results": {"manager", "servicedesk manager"},
    "AskingPermission.set": {"servicedesk manager"},
    "OverviewPermission.look": OVERSEERS,
    "OverviewPermission.run": {"servicedesk manager"},
}
