"""What the town's managers look at: figures of its tickets, and an agreement that was tried on them."""

from typing import TYPE_CHECKING

from servicedesk.figures import commands as figures
from tests.trials_made import trial

if TYPE_CHECKING:
    from tests.pages.town import Town


def tell(town: "Town") -> None:
    """To be told last, as everything before it counts."""
    with town.desk.app.app_context():
        figures.rebuild()
    name, chief = "Svar inden en time, når det haster", town.people["chief"]
    town.keys |= {"tried": trial(town.desk, chief, name=name)}
    town.keys |= {"being_tried": trial(town.desk, chief, name=name, is_done=False)}
