"""A desk that asks: a supporter with a team, the servicedesk manager, a leader, and users in their units."""

import re
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from servicedesk.core import clock
from servicedesk.core.actor import Role
from servicedesk.notifications.models import OutboxMail
from servicedesk.surveys import jobs
from servicedesk.tickets.workflow import State
from tests.abuse.town import business
from tests.agreements_made import agree


@pytest.fixture
def place(desk, at):
    at("2026-03-02 09:00")
    school = desk.unit(name="Nordskolen")
    team = desk.team(name="Servicedesk", is_first_line=True)
    supporter = desk.person(Role.SUPPORTER, team=team, name="Lene Krogh")
    for name in ("Bo Bak", "Ib Iversen"):
        desk.person(Role.SUPPORTER, team=team, name=name)
    return SimpleNamespace(
        school=school,
        team=team,
        supporter=supporter,
        colleague=desk.person(Role.SUPPORTER, name="Kaj Koch"),
        manager=desk.person(Role.SERVICEDESK_MANAGER, name="Birgit Chef"),
        leader=desk.person(Role.MANAGER, unit=school, over=school, name="Mads Leder"),
        user=desk.person(unit=school, name="Anne Jensen", phone="87 80 33 33"),
        stranger=desk.person(Role.SERVICEDESK_MANAGER, unit=desk.customer()),
    )


@pytest.fixture
def closed(desk, place):
    """A ticket of the user's that is closed; fields of NewTicket may be given."""

    def close(by=None, **filed):
        return desk.ticket(State.CLOSED, by=by or place.user, assignee=filed.pop("assignee", place.supporter), **filed)

    return close


@pytest.fixture
def work(app):
    """What the worker does about satisfaction, now."""

    def work():
        with app.app_context():
            now = clock.now()
            return jobs.ask_for_ratings(now) + jobs.run_surveys(now) + jobs.publish_ratings(now)

    return work


@pytest.fixture
def link(desk):
    """The address of the newest mail of a kind to a person."""

    def link(person, template="rating_asked"):
        return desk.all(OutboxMail, person_id=person.id, template=template)[-1].facts["url"]

    return link


@pytest.fixture
def agreed(desk, place):
    """Opening hours Monday to Friday, 8 to 16."""
    return agree(desk, resolution="8 hours")


@pytest.fixture
def unchanged(app):
    """`with unchanged():` sees that nothing is left behind of what was refused."""

    @contextmanager
    def watching():
        before = business(app)
        yield
        after = business(app)
        assert {name for name in after if after[name] != before[name]} == set()

    return watching


def buttons(page):
    """What the form offers, and whether anything is chosen."""
    return re.findall(r'<button type="submit" class="rating-step[^"]*" name="step" value="(\d)"', page.text)
