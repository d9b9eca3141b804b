"""Every change: naming topics, offering, planning visits and looking at what came of them."""

from servicedesk.competence.commands.following import follow_up_next as follow_up_next
from servicedesk.competence.commands.naming import change_topic as change_topic
from servicedesk.competence.commands.naming import merge_topics as merge_topics
from servicedesk.competence.commands.naming import name_topic as name_topic
from servicedesk.competence.commands.naming import set_kinds as set_kinds
from servicedesk.competence.commands.naming import set_topic as set_topic
from servicedesk.competence.commands.offering import accept as accept
from servicedesk.competence.commands.offering import decline as decline
from servicedesk.competence.commands.offering import offer as offer
from servicedesk.competence.commands.visiting import Plan as Plan
from servicedesk.competence.commands.visiting import add_finding as add_finding
from servicedesk.competence.commands.visiting import call_off as call_off
from servicedesk.competence.commands.visiting import change_visit as change_visit
from servicedesk.competence.commands.visiting import deal_with as deal_with
from servicedesk.competence.commands.visiting import hold_visit as hold_visit
from servicedesk.competence.commands.visiting import plan_visit as plan_visit
