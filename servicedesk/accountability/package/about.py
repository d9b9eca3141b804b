"""Who the person is, what he or she may do, and what he or she has chosen and begun."""

from sqlalchemy import literal, select

from servicedesk.accountability.package.part import Rows, Whose, told
from servicedesk.cockpit.macros.models import Macro
from servicedesk.cockpit.models import QueueSetup, SavedView
from servicedesk.drafts.models import Draft, KeptFile, SendHabit
from servicedesk.insight.models import ReportSubscription
from servicedesk.notifications.models import NoticeChoice, NoticeHabit
from servicedesk.organisation.models import Absence, Person, PersonPreferences, RoleGrant, Team, TeamMember, Unit
from servicedesk.phrases.models import Phrase
from servicedesk.search.models import RecentSearch
from servicedesk.signin.models import Identity, SignIn
from servicedesk.superbrugere.models import Appointment
from servicedesk.systems.models import CalendarLink, System, SystemFollower
from servicedesk.tickets.models import WorkHabit


def profile(whose: Whose) -> Rows:
    one = Person
    columns = (one.name, one.initials, one.email, one.phone, one.title, Unit.name.label("unit"), one.locale)
    more = (one.employed_since, one.known_since, one.is_active, one.external_id)
    return told(select(*columns, *more).join(Unit, Unit.id == one.unit_id).where(one.id == whose.person_id))


def sign_in(whose: Whose) -> Rows:
    """Ways to sign in, without secrets, and browsers."""
    ways = select(Identity.provider, Identity.subject.label("user_name"), Identity.changed_at)
    browsers = select(SignIn.device, SignIn.started_at, SignIn.seen_at)
    return [
        *told(ways.where(Identity.person_id == whose.person_id)),
        *told(browsers.where(SignIn.person_id == whose.person_id).order_by(SignIn.started_at)),
    ]


def roles(whose: Whose) -> Rows:
    grants = (
        select(RoleGrant.role, Unit.name.label("unit"), System.name.label("system"))
        .add_columns(RoleGrant.starts_on, RoleGrant.ends_on)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .outerjoin(System, System.id == RoleGrant.system_id)
        .where(RoleGrant.person_id == whose.person_id)
        .order_by(RoleGrant.starts_on, RoleGrant.id)
    )
    teams = select(Team.name.label("team"), TeamMember.since.label("at")).join(Team, Team.id == TeamMember.team_id)
    owned = (System.owner_id == whose.person_id) | (System.manager_id == whose.person_id)
    return [
        *told(grants),
        *told(teams.where(TeamMember.person_id == whose.person_id)),
        *told(select(System.name.label("owned_system")).where(owned | (System.deputy_id == whose.person_id))),
    ]


def appointments(whose: Whose) -> Rows:
    one = Appointment
    query = select(one.kind, one.starts_on, one.ends_on, one.weekly_minutes)
    return told(query.where(one.person_id == whose.person_id).order_by(one.starts_on))


def absences(whose: Whose) -> Rows:
    query = select(Absence.starts_on, Absence.ends_on, Absence.note).where(Absence.person_id == whose.person_id)
    return told(query.order_by(Absence.starts_on))


def choices(whose: Whose) -> Rows:
    """What the person has chosen for himself or herself."""
    mine = whose.person_id
    follows = select(System.name.label("followed_system"), SystemFollower.at)
    subscribed = select(literal("monthly report").label("what"), ReportSubscription.made_at.label("at"))
    linked = select(literal("calendar link").label("what"), CalendarLink.made_at.label("at"))
    return [
        *told(select(PersonPreferences.chosen.label("content")).where(PersonPreferences.person_id == mine)),
        *told(
            select(NoticeChoice.event, NoticeChoice.in_bell, NoticeChoice.by_mail).where(NoticeChoice.person_id == mine)
        ),
        *told(select(NoticeHabit.digest_times, NoticeHabit.is_quiet).where(NoticeHabit.person_id == mine)),
        *told(select(QueueSetup.tabs.label("content")).where(QueueSetup.person_id == mine)),
        *told(select(SendHabit.seconds).where(SendHabit.person_id == mine)),
        *told(select(WorkHabit.goes_on).where(WorkHabit.person_id == mine)),
        *told(follows.join(System, System.id == SystemFollower.system_id).where(SystemFollower.person_id == mine)),
        *told(subscribed.where(ReportSubscription.person_id == mine)),
        *told(linked.where(CalendarLink.person_id == mine)),
    ]


def own_texts(whose: Whose) -> Rows:
    """What he or she has written down for own use. What is begun and what was searched for may be about others: of
    those, that they are there.
    """
    mine = whose.person_id
    drafts = select(literal("draft").label("what"), Draft.place.label("name"), Draft.saved_at.label("at"))
    phrases = select(literal("phrase").label("what"), Phrase.name, Phrase.body.label("content"))
    views = select(literal("view").label("what"), SavedView.name, SavedView.query.label("content"))
    macros = select(literal("macro").label("what"), Macro.name, Macro.description.label("content"))
    searches = select(literal("search").label("what"), RecentSearch.at)
    files = select(literal("file of a draft").label("what"), KeptFile.name, KeptFile.kept_at.label("at"))
    return [
        *told(drafts.where(Draft.person_id == mine)),
        *told(files.where(KeptFile.person_id == mine)),
        *told(phrases.where(Phrase.owner_id == mine)),
        *told(views.where(SavedView.owner_id == mine)),
        *told(macros.where(Macro.owner_id == mine)),
        *told(searches.where(RecentSearch.person_id == mine)),
    ]
