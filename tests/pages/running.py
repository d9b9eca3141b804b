"""How things run in the town that pages are looked at in: what is wrong, what is planned, what is known."""

from datetime import timedelta

from servicedesk.cockpit.majors import commands as majors
from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.systems import commands
from servicedesk.systems.models import System
from servicedesk.systems.rules import Audience, DisturbanceKind
from tests.desk import Desk
from tests.systems_made import make_disturbance, make_known_error

WAY_AROUND = """1. Luk **alle** vinduer i Sensum
2. Log på igen
3. Vælg *Mine borgere*

Virker det ikke, så skriv til os."""


def _look_back(desk: Desk, system: System, by: Actor) -> None:
    """Something in the past for the strip to show."""
    now, day = clock.now(), timedelta(days=1)
    for days, lasts in ((9, 1), (10, 20), (40, 3)):
        at = now - days * day
        one = make_disturbance(desk, system, message="Langsomt at åbne", starts_at=at, by=by)
        with desk.app.app_context():
            commands.end_disturbance(one, outcome="", by=by, now=at + lasts * day / 24)


def tell(desk: Desk, systems: dict[str, System], by: Actor) -> dict[str, int]:
    """Keys of the addresses that are looked at."""
    now, sensum, outlook, printing = clock.now(), systems["sensum"], systems["outlook"], systems["print"]
    hours = timedelta(hours=1)
    down = make_disturbance(
        desk,
        sensum,
        outlook,
        message="Man kan ikke logge på. Det rammer alle plejecentre.",
        advice="Brug **papirskemaet**, og skriv det ind bagefter.",
        starts_at=now - hours,
        expected_end_at=now + 3 * hours,
        by=by,
    )
    over = make_disturbance(desk, outlook, message="Mails kommer ikke frem", starts_at=now - 3 * hours, by=by)
    mistaken = make_disturbance(desk, printing, message="Der kan ikke printes", by=by)
    with desk.app.app_context():
        commands.update_disturbance(
            down, body="Leverandøren er i gang.", expected_end_at=now + 2 * hours, by=by, now=now
        )
        commands.end_disturbance(over, outcome="En server var løbet fuld.", by=by, now=now)
        commands.withdraw_disturbance(mistaken, by=by, now=now)
    window = make_disturbance(
        desk,
        outlook,
        message="Kalenderen flyttes til en ny server",
        kind=DisturbanceKind.MAINTENANCE,
        starts_at=now + 20 * hours,
        expected_end_at=now + 22 * hours,
        by=by,
    )
    known = make_known_error(
        desk, sensum, "Kørelisten er tom", symptoms="»Ingen besøg fundet«", workaround=WAY_AROUND, by=by
    )
    secret = make_known_error(desk, sensum, "Natkørslen hænger", audience=Audience.STAFF, problem="SD-12", by=by)
    deleted = make_known_error(desk, outlook, "Kalenderen er blå", by=by)
    with desk.app.app_context():
        commands.note_solved_by(known, by, now)
        commands.delete_known_error(deleted, by=by, now=now)
    major = make_disturbance(desk, printing, message="Der kan ikke printes på rådhuset", by=by)
    tickets = [
        desk.ticket(system=printing, subject=subject) for subject in ("Printeren på 2. sal svarer ikke", "Intet print")
    ]
    with desk.app.app_context():
        commands.set_major(major, True, by=by, now=clock.now())
        commands.join_disturbance(major, by=by, now=clock.now())
        majors.gather(major, tickets[:1], by=by, now=clock.now())
    _look_back(desk, sensum, by)
    keys = {"major": major, "down": down, "over": over, "mistaken": mistaken, "window": window}
    return {**keys, "known": known, "staffs": secret, "deleted": deleted}
