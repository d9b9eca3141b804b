"""Every change of courses, sessions, requirements and records."""

from servicedesk.training.commands.courses import CourseTerms as CourseTerms
from servicedesk.training.commands.courses import add_course as add_course
from servicedesk.training.commands.courses import change_course as change_course
from servicedesk.training.commands.courses import publish as publish
from servicedesk.training.commands.records import Told as Told
from servicedesk.training.commands.records import exempt as exempt
from servicedesk.training.commands.records import instruct as instruct
from servicedesk.training.commands.records import register as register
from servicedesk.training.commands.records import sign as sign
from servicedesk.training.commands.records import withdraw_record as withdraw_record
from servicedesk.training.commands.requirements import RequirementTerms as RequirementTerms
from servicedesk.training.commands.requirements import change_requirement as change_requirement
from servicedesk.training.commands.requirements import make_requirement as make_requirement
from servicedesk.training.commands.requirements import thought_of as thought_of
from servicedesk.training.commands.requirements import withdraw_requirement as withdraw_requirement
from servicedesk.training.commands.sessions import SessionTerms as SessionTerms
from servicedesk.training.commands.sessions import cancel_session as cancel_session
from servicedesk.training.commands.sessions import change_session as change_session
from servicedesk.training.commands.sessions import plan_session as plan_session
from servicedesk.training.commands.signing_up import add_participant as add_participant
from servicedesk.training.commands.signing_up import sign_off as sign_off
from servicedesk.training.commands.signing_up import sign_up as sign_up
from servicedesk.training.commands.signing_up import take_attendance as take_attendance
