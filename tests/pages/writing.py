"""What people have begun to write, and texts to answer with."""

from typing import TYPE_CHECKING, Any

from servicedesk.core import clock
from servicedesk.drafts import commands as drafts
from servicedesk.phrases import commands as phrases

if TYPE_CHECKING:
    from tests.pages.town import Town


def tell(town: "Town") -> None:
    """The supporter's drafts, and what all may answer with."""
    desk, now = town.desk, clock.now()
    supporter, chief = desk.actor(town.people["supporter"]), desk.actor(town.people["chief"])
    fields = {"body": "Har du prøvet at skifte kabel?", "visibility": "internal"}
    with desk.app.app_context():
        drafts.save(f"ticket-{town.tickets['waiting']}", fields, by=supporter, now=now)
        body = "Hej {{bruger.fornavn}}\n\nPrøv at genstarte {{system.navn}}, og skriv, om det hjalp."
        drafts.choose_seconds(30, by=desk.actor(town.people["colleague"]))
        told: dict[str, Any] = {"name": "Genstart først", "keyword": "genstart", "body": body}
        phrase = phrases.add(**told, customer_id=desk.home.id, by=chief, now=now)
        phrases.add(name="Ny adgangskode", keyword="kode", body="Koden er {{koden}}.", by=chief, now=now)
    town.keys["phrase"] = phrase.id
