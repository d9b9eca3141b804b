"""How they work in Odby this week: a supporter is on holiday, and the one whom visitors sign in as stands in."""

from datetime import datetime, timedelta

from servicedesk.core.actor import SYSTEM
from servicedesk.core.clock import local_midnight
from servicedesk.demo.town import FACES, Someone, Town
from servicedesk.organisation.commands import change_settings, plan_absence


def make(town: Town, now: datetime) -> None:
    change_settings(town.root.id, counts_minutes=True, kept_goal=90, hourly_rate=425, by=SYSTEM, now=now)
    today = local_midnight(now).date()
    plan_absence(
        _colleague(town).id,
        starts_on=today - timedelta(days=2),
        ends_on=today + timedelta(days=5),
        deputy_id=town.faces.supporter.id,
        note="Jeg læser ikke mails. Haster det, så ring til servicedesken.",
        by=SYSTEM,
        now=now,
        today=today,
    )


def _colleague(town: Town) -> Someone:
    """Of the team of whom visitors sign in as, somebody whom no button stands for."""
    team = next(team for team in town.teams if town.faces.supporter in team.members)
    return next(one for one in team.members if one.id not in FACES)
