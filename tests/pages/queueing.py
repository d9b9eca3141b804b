"""A view that is shared, and colleagues who are at a ticket of it."""

from collections.abc import Mapping
from datetime import timedelta

from servicedesk.cockpit import commands
from servicedesk.core import clock
from servicedesk.organisation.models import Person
from servicedesk.presence import commands as presence
from tests.desk import Desk


def save_view(desk: Desk, people: Mapping[str, Person], ticket: int) -> int:
    """Answers the view's id. The colleagues stay for as long as anybody looks at pages."""
    now = clock.now()
    chief, colleague, supporter = (desk.actor(people[who]) for who in ("chief", "colleague", "supporter"))
    query = {"priority": ["1", "2"], "group": ["assignee"], "col": ["time", "state", "who", "held"]}
    with desk.app.app_context():
        view = commands.save_new("Haster hos os", query, share=commands.ShareWith("customer"), by=chief, now=now)
        for who, writes in ((colleague, True), (supporter, False)):
            presence.be_at(ticket, by=who, is_writing=writes, now=now + timedelta(days=1))
        return view.id
