"""Views of the queue that people in Odby have saved, each by the command that everybody uses."""

from datetime import datetime

from servicedesk.cockpit import commands
from servicedesk.cockpit.commands import ShareWith
from servicedesk.core.actor import Actor
from servicedesk.demo.promises import CARE_SYSTEMS
from servicedesk.demo.town import Someone, Town
from servicedesk.organisation.actors import load_actor


def save(town: Town, now: datetime) -> None:
    """The servicedesk manager's for all, and a supporter's own beside them."""
    manager, supporter = (_acting(who, now) for who in (town.faces.servicedesk_manager, town.faces.supporter))
    of_care = [str(town.system(name).id) for name in CARE_SYSTEMS]
    shared = [
        commands.save_new(name, query, share=ShareWith("customer"), by=manager, now=now)
        for name, query in (
            ("Omsorgssystemer", {"system": of_care, "group": ["system"], "col": ["priority", "time", "state", "who"]}),
            ("Haster, ingen har den", {"priority": ["1", "2"], "assignee": ["none"]}),
        )
    ]
    own = commands.save_new(
        "Mine, efter frist",
        {"assignee": ["me"], "sort": ["due"], "group": ["due"]},
        share=ShareWith("private"),
        by=supporter,
        now=now,
    )
    row = ["all", "due", "team", str(own.id), *(str(view.id) for view in shared), "unanswered"]
    commands.arrange_tabs(row, by=supporter)


def _acting(who: Someone, now: datetime) -> Actor:
    found = load_actor(who.id, today=now.date())
    assert found is not None
    return found
