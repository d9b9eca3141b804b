"""Texts that the people of Odby answer with, and one that is not finished."""

from datetime import datetime

from servicedesk.core.clock import own_zone
from servicedesk.demo.town import Town
from servicedesk.drafts import commands as drafts
from servicedesk.organisation.actors import load_actor
from servicedesk.phrases import commands as phrases

#: Name, keyword, text; for everybody.
SHARED = (
    (
        "Prøv at genstarte først",
        "genstart",
        "Hej {{bruger.fornavn}}\n\nPrøv at slukke computeren helt, vent ti sekunder, og tænd den igen. Skriv her, om "
        "det hjalp.\n\nVenlig hilsen\n{{mig.navn}}, {{mig.team}}",
    ),
    (
        "Hvad står der på skærmen?",
        "skærm",
        "Hej {{bruger.fornavn}}\n\nKan du sende et skærmbillede af fejlen? Du kan sætte det direkte ind i svaret med "
        "Ctrl + V. Skriv også, hvad klokken var, da det skete.",
    ),
    (
        "Adgang er givet",
        "adgang",
        "Hej {{bruger.fornavn}}\n\nDu har nu adgang til {{system.navn}}. Log ud og ind igen, før du prøver.",
    ),
    (
        "Din leder skal godkende",
        "leder",
        "Hej {{bruger.fornavn}}\n\nAdgang til {{system.navn}} skal godkendes af din leder. Bed hende eller ham om at "
        "svare i henvendelse {{henvendelse.nummer}}, så går vi i gang.",
    ),
    (
        "Vi venter på leverandøren",
        "leverandør",
        "Hej {{bruger.fornavn}}\n\nVi har meldt fejlen til leverandøren af {{system.navn}} og skriver, så snart vi ved "
        "mere.",
    ),
    (
        "Ny adgangskode",
        "kode",
        "Hej {{bruger.fornavn}}\n\nDu kan selv vælge en ny adgangskode med MitID på selvbetjeningen. Vi beder dig "
        "aldrig om at skrive den til os.",
    ),
    (
        "Kendt driftsforstyrrelse",
        "drift",
        "Hej {{bruger.fornavn}}\n\nDu er ikke den eneste: vi arbejder på en forstyrrelse i {{system.navn}}. Du hører "
        "fra os her, når den er løst.",
    ),
)
#: One supporter's own.
OWN = ("Ringet op uden svar", "ringet", "Jeg har ringet til {{bruger.navn}} den {{dato}} uden at få svar. Prøver igen.")


def write(town: Town, now: datetime) -> None:
    today = now.astimezone(own_zone()).date()
    chief, supporter = (
        load_actor(town.faces.servicedesk_manager.id, today=today),
        load_actor(town.faces.supporter.id, today=today),
    )
    employee = load_actor(town.faces.employee.id, today=today)
    assert chief is not None
    assert supporter is not None
    assert employee is not None
    for name, keyword, body in SHARED:
        phrases.add(name=name, keyword=keyword, body=body, customer_id=town.root.id, by=chief, now=now)
    name, keyword, body = OWN
    phrases.add(name=name, keyword=keyword, body=body, by=supporter, now=now)
    begun = {"kind": "request", "subject": "Ekstra skærm til hjemmearbejde", "description": "Jeg arbejder hjemme om "}
    drafts.save("file", begun, by=employee, now=now)
