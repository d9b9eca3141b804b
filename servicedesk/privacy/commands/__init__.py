"""Every change: erasing people, holding back, and keeping the rules of retention."""

from servicedesk.privacy.commands.erasing import carry_on as carry_on
from servicedesk.privacy.commands.erasing import erase as erase
from servicedesk.privacy.commands.erasing import steps_of_erasure as steps_of_erasure
from servicedesk.privacy.commands.holding import hold_person as hold_person
from servicedesk.privacy.commands.holding import hold_ticket as hold_ticket
from servicedesk.privacy.commands.holding import release as release
from servicedesk.privacy.commands.retaining import begin as begin
from servicedesk.privacy.commands.retaining import begin_due as begin_due
from servicedesk.privacy.commands.retaining import keep as keep
from servicedesk.privacy.commands.retaining import set_rules as set_rules
