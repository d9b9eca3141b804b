"""A few macros as a servicedesk has them: what is done twenty times a day."""

from datetime import datetime

from servicedesk.cockpit.macros.commands import MacroText, add
from servicedesk.cockpit.macros.models import Audience
from servicedesk.cockpit.steps import Deed, Step
from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.demo.town import Someone, Town
from servicedesk.organisation.actors import load_actor
from servicedesk.tickets.workflow import Cause, Kind, Level


def make(town: Town, now: datetime) -> None:
    """Those for everybody are the chief's; one belongs to the supporter alone."""
    chief, supporter = _actor(town.faces.servicedesk_manager, now), _actor(town.faces.supporter, now)
    for text in _for_all(town):
        add(text, by=chief, now=now)
    add(_own(), by=supporter, now=now)


def _actor(face: Someone, now: datetime) -> Actor:
    actor = load_actor(face.id, today=now.astimezone(clock.own_zone()).date())
    assert actor is not None
    return actor


def _for_all(town: Town) -> list[MacroText]:
    supplier = next(iter(town.suppliers))
    team = town.team("Netværk og drift")
    return [
        MacroText(
            name="Nulstil adgangskode og løs",
            description="Når brugeren er kommet ind igen, mens I talte sammen.",
            audience=Audience.ALL,
            steps=[
                Step(deed=Deed.TAKE),
                Step(deed=Deed.CHANGE, kind=Kind.REQUEST),
                Step(deed=Deed.REPLY, text=_RESET),
                Step(deed=Deed.RESOLVE, text="Adgangskoden er nulstillet.", cause=Cause.COMPETENCE),
            ],
        ),
        MacroText(
            name="Send til leverandør",
            description="Tager henvendelsen, fortæller brugeren det og venter på leverandøren.",
            audience=Audience.ALL,
            steps=[
                Step(deed=Deed.TAKE),
                Step(deed=Deed.NOTE, text="Meldt til leverandøren om {{system.navn}}: {{henvendelse.emne}}"),
                Step(deed=Deed.REPLY, text=_SUPPLIER),
                Step(deed=Deed.AWAIT_SUPPLIER, supplier=supplier),
            ],
        ),
        MacroText(
            name="Afvent mere information",
            description="Når man ikke kan begynde, før brugeren har fortalt mere.",
            audience=Audience.ALL,
            steps=[Step(deed=Deed.TAKE), Step(deed=Deed.ASK, text=_MORE)],
        ),
        MacroText(
            name="Netværket er nede et sted",
            description="Flere er ramt: hæver påvirkningen og sender videre til driften.",
            audience=Audience.ALL,
            steps=[
                Step(deed=Deed.MOVE, team_id=team.id),
                Step(deed=Deed.CHANGE, impact=Level.HIGH, urgency=Level.HIGH),
                Step(deed=Deed.NOTE, text="Spørg i {{bruger.enhed}}, om det er hele huset."),
            ],
        ),
    ]


def _own() -> MacroText:
    return MacroText(
        name="Tag, og sig at jeg er i gang",
        steps=[Step(deed=Deed.TAKE), Step(deed=Deed.REPLY, text=_UNDER_WAY)],
    )


_RESET = (
    "Hej {{bruger.fornavn}}\n\nDin adgangskode er nulstillet. Vælg en ny, første gang du logger ind: mindst 12 tegn, "
    "og gerne flere ord efter hinanden.\n\nVenlig hilsen\n{{mig.fornavn}}"
)
_SUPPLIER = (
    "Hej {{bruger.fornavn}}\n\nVi har meldt {{henvendelse.nummer}} videre til leverandøren og holder øje med svaret. "
    "Du behøver ikke gøre noget.\n\nVenlig hilsen\n{{mig.fornavn}}"
)
_MORE = (
    "Hej {{bruger.fornavn}}\n\nFor at komme videre med “{{henvendelse.emne}}” skal vi vide lidt mere:\n\n"
    "- Hvornår skete det sidst?\n- Sker det også for dine kolleger?\n- Hvad står der på skærmen? Send gerne et billede."
    "\n\nVenlig hilsen\n{{mig.fornavn}}"
)
_UNDER_WAY = (
    "Hej {{bruger.fornavn}}. Jeg er gået i gang med {{henvendelse.nummer}} og skriver, når jeg ved mere. "
    "Hilsen {{mig.fornavn}}"
)
