"""How long a ticket stayed with superbrugere, a figure of its own beside the clocks."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.tickets import commands, local_time
from servicedesk.tickets.workflow import State
from sla import Calendar
from tests.superbrugere_made import appoint, publish

#: Monday to Friday, eight to four, in a zone without clock changes.
DAYTIME = Calendar("UTC", weekly={day: [("08:00", "16:00")] for day in range(5)})


def at(text):
    """A time in the week of Monday 2 March 2026."""
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=UTC)


def entry(when, state=State.NEW, **data):
    return SimpleNamespace(at=at(when), state=state, data=data)


@pytest.mark.parametrize(
    ("journal", "now", "hours"),
    [
        ([entry("02 09:00", tier="servicedesk")], "02 12:00", None),
        ([entry("02 09:00", tier="local")], "02 12:00", 3),
        ([entry("02 15:00", tier="local")], "03 09:00", 2),
        ([entry("02 09:00", tier="local"), entry("02 11:00", tier="servicedesk")], "03 12:00", 2),
        ([entry("02 09:00", tier="local"), entry("02 10:00", State.WAITING_USER)], "02 13:00", 4),
        ([entry("02 09:00", tier="local"), entry("02 10:00", State.RESOLVED)], "02 13:00", 1),
        (
            [
                entry("02 09:00", tier="local"),
                entry("02 10:00", State.RESOLVED),
                entry("02 12:00", State.OPEN),
                entry("02 13:00", State.OPEN, tier="servicedesk"),
                entry("03 09:00", State.OPEN, tier="local"),
                entry("03 09:30", State.CLOSED),
            ],
            "04 12:00",
            2.5,
        ),
        ([entry("07 09:00", tier="local"), entry("08 09:00", tier="servicedesk")], "08 12:00", 0),
    ],
    ids=[
        "never there",
        "still there",
        "over a night",
        "passed on",
        "waiting counts",
        "until it is solved",
        "every stay, added up",
        "over a weekend alone",
    ],
)
def test_open_time_from_the_journal(journal, now, hours):
    found = local_time.open_time(journal, DAYTIME, at(now))
    assert found == (None if hours is None else timedelta(hours=hours))


def test_staff_see_it_on_the_ticket_and_where_its_times_are_explained(desk, browse):
    school = desk.unit(name="Skovskolen")
    jonas, bente = desk.person(unit=school), desk.person(unit=school)
    supporter = desk.person(Role.SUPPORTER, team=desk.team(is_first_line=True))
    appoint(desk, jonas, school)
    publish(desk, facts=())
    ticket = desk.ticket(by=bente)
    with desk.app.app_context():
        commands.escalate(ticket, by=desk.actor(jonas), now=clock.now())
    for page in (f"/tickets/{ticket}", f"/tickets/{ticket}/clocks"):
        assert "Hos superbrugere i alt" in browse(supporter).get(page).text
        assert "Hos superbrugere i alt" not in browse(bente).get(page).text
