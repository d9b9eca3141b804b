"""Training, superbruger work, and what the person took part in."""

from sqlalchemy import select

from servicedesk.accountability.package.part import Rows, Whose, told
from servicedesk.competence.models import Offer, Visit, VisitPerson
from servicedesk.organisation.models import Unit
from servicedesk.superbrugere.models import FloorHelp, Guideline, GuidelineAcceptance, GuidelineVersion
from servicedesk.superbrugere.networks.models import Meeting, MeetingAnswer, Network, NetworkMember
from servicedesk.systems.models import KnownErrorHelp, MeToo, System
from servicedesk.tickets.models import number_of
from servicedesk.training.models import Course, Record, Reminder, Session, SignUp


def records(whose: Whose) -> Rows:
    one = Record
    columns = (one.obtained_on, one.expires_on, one.ends_on, one.source, one.evidence, one.reason)
    query = select(Course.name.label("course"), *columns, one.withdrawn_at, one.withdrawn_why)
    query = query.join(Course, Course.id == one.course_id).where(one.person_id == whose.person_id)
    return told(query.order_by(one.id))


def sessions(whose: Whose) -> Rows:
    signed = (
        select(Course.name.label("course"), Session.starts_at, Session.place, SignUp.state, SignUp.at)
        .join(Session, Session.id == SignUp.session_id)
        .join(Course, Course.id == Session.course_id)
        .where(SignUp.person_id == whose.person_id)
        .order_by(SignUp.id)
    )
    held = (
        select(Course.name.label("course_held"), Session.starts_at, Session.place)
        .join(Course, Course.id == Session.course_id)
        .where(Session.instructor_id == whose.person_id)
        .order_by(Session.id)
    )
    return [*told(signed), *told(held)]


def offers(whose: Whose) -> Rows:
    """Courses and known errors that were suggested, and reminders."""
    query = (
        select(Offer.ticket_id, Course.name.label("course"), Offer.made_at, Offer.answer, Offer.answered_at)
        .outerjoin(Course, Course.id == Offer.course_id)
        .where(Offer.person_id == whose.person_id)
        .order_by(Offer.id)
    )
    reminded = select(Reminder.at.label("reminded_at")).where(Reminder.person_id == whose.person_id)
    offered = [{"ticket": number_of(row.pop("ticket_id")), **row} for row in told(query)]
    return [*offered, *told(reminded.order_by(Reminder.week_on))]


def help_given(whose: Whose) -> Rows:
    """Help on the floor. Notes are about those who were helped, and are not told."""
    one = FloorHelp
    query = (
        select(one.helped_at, Unit.name.label("unit"), System.name.label("system"), one.people, one.minutes)
        .join(Unit, Unit.id == one.unit_id)
        .outerjoin(System, System.id == one.system_id)
        .where(one.person_id == whose.person_id)
    )
    return told(query.order_by(one.id))


def accepted(whose: Whose) -> Rows:
    query = (
        select(GuidelineVersion.number.label("version"), System.name.label("system"), GuidelineAcceptance.at)
        .join(GuidelineVersion, GuidelineVersion.id == GuidelineAcceptance.version_id)
        .join(Guideline, Guideline.id == GuidelineVersion.guideline_id)
        .outerjoin(System, System.id == Guideline.system_id)
        .where(GuidelineAcceptance.person_id == whose.person_id)
    )
    return told(query.order_by(GuidelineAcceptance.at))


def taken_part(whose: Whose) -> Rows:
    mine = whose.person_id
    networks = select(Network.name.label("network"), NetworkMember.at)
    networks = networks.join(Network, Network.id == NetworkMember.network_id)
    meetings = select(Meeting.title.label("meeting"), Meeting.starts_at, MeetingAnswer.answer)
    meetings = meetings.join(Meeting, Meeting.id == MeetingAnswer.meeting_id)
    visits = select(Visit.visit_on).join(VisitPerson, VisitPerson.visit_id == Visit.id)
    return [
        *told(networks.where(NetworkMember.person_id == mine)),
        *told(select(Network.name.label("coordinated_network")).where(Network.coordinator_id == mine)),
        *told(meetings.where(MeetingAnswer.person_id == mine)),
        *told(visits.where(VisitPerson.person_id == mine)),
        *told(select(MeToo.at.label("noticed_disturbance_at")).where(MeToo.person_id == mine)),
        *told(select(KnownErrorHelp.helped_on).where(KnownErrorHelp.person_id == mine)),
    ]
