"""Steps, runs and macros in the reader's words."""

from collections.abc import Mapping
from enum import Enum

from flask_babel import LazyString
from flask_babel import lazy_gettext as lazy

from servicedesk.cockpit.bulk.models import Outcome
from servicedesk.cockpit.macros.models import Audience
from servicedesk.cockpit.naming import Names
from servicedesk.cockpit.steps import Deed, Step
from servicedesk.core import labels
from servicedesk.core.errors import RefusedError
from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext as _

labels.declare(
    {
        Deed.REOPEN: lazy("Genåbn"),
        Deed.RESUME: lazy("Genoptag arbejdet"),
        Deed.MOVE: lazy("Flyt til team"),
        Deed.TAKE: lazy("Tag selv"),
        Deed.ASSIGN: lazy("Tildel"),
        Deed.CHANGE: lazy("Ret oplysninger"),
        Deed.FOLLOW: lazy("Følg med"),
        Deed.UNFOLLOW: lazy("Følg ikke længere med"),
        Deed.NOTE: lazy("Skriv intern note"),
        Deed.REPLY: lazy("Svar brugeren"),
        Deed.ASK: lazy("Afvent svar fra brugeren"),
        Deed.AWAIT_SUPPLIER: lazy("Afvent leverandør"),
        Deed.RESOLVE: lazy("Løs"),
        Deed.CLOSE: lazy("Luk"),
        Deed.CANCEL: lazy("Annuller"),
    }
)
labels.declare(
    {
        Outcome.WAITING: lazy("Venter"),
        Outcome.DONE: lazy("Gjort"),
        Outcome.REFUSED: lazy("Afvist"),
        Outcome.FAILED: lazy("Fejl hos os"),
    }
)
labels.declare({Audience.OWN: lazy("Kun mig"), Audience.TEAM: lazy("Et team"), Audience.ALL: lazy("Alle")})

ICONS: Mapping[Deed, str] = {
    Deed.REOPEN: "undo",
    Deed.RESUME: "play",
    Deed.MOVE: "move",
    Deed.TAKE: "assign",
    Deed.ASSIGN: "assign",
    Deed.CHANGE: "edit",
    Deed.FOLLOW: "alert",
    Deed.UNFOLLOW: "alert",
    Deed.NOTE: "lock",
    Deed.REPLY: "send",
    Deed.ASK: "pause",
    Deed.AWAIT_SUPPLIER: "supplier",
    Deed.RESOLVE: "check",
    Deed.CLOSE: "check",
    Deed.CANCEL: "close",
}
_CHANGED: Mapping[str, LazyString] = {
    "kind": lazy("Slags"),
    "impact": lazy("Påvirkning"),
    "urgency": lazy("Hastegrad"),
}
#: What stays when the rest is taken back.
STAYS: Mapping[Deed, LazyString] = {
    Deed.NOTE: lazy("Noten bliver stående."),
    Deed.REPLY: lazy("Svaret er sendt og kan ikke kaldes tilbage."),
    Deed.ASK: lazy("Spørgsmålet er sendt og kan ikke kaldes tilbage."),
    Deed.CLOSE: lazy("En lukket henvendelse kan ikke åbnes igen."),
    Deed.CANCEL: lazy("En annulleret henvendelse kan ikke åbnes igen."),
}


def described(step: Step, names: Names) -> str:
    """What a step does, without its text."""
    match step.deed:
        case Deed.ASSIGN if step.person_id is None:
            return _("Fjern den ansvarlige")
        case Deed.ASSIGN:
            return _("Tildel %(name)s", name=_name(names.persons, step.person_id))
        case Deed.MOVE:
            return _("Flyt til teamet %(name)s", name=_name(names.teams, step.team_id))
        case Deed.AWAIT_SUPPLIER:
            return _("Afvent leverandøren %(name)s", name=step.supplier)
        case Deed.RESOLVE:
            return _("Løs med årsagen “%(cause)s”", cause=in_words(step.cause))
        case Deed.CHANGE:
            return "; ".join(_changes(step, names))
        case _:
            return in_words(step.deed)


def _changes(step: Step, names: Names) -> list[str]:
    told = [
        _("Sæt %(what)s til %(value)s", what=str(what).lower(), value=in_words(getattr(step, name)))
        for name, what in _CHANGED.items()
        if getattr(step, name) is not None
    ]
    if step.system_id is not None:
        told.append(_("Sæt system til %(value)s", value=_name(names.systems, step.system_id)))
    return [*told, _("Fjern systemet")] if step.without_system else told


def _name(known: Mapping[int, object], id_: int | None) -> str:
    named = known.get(id_ or 0)
    return str(getattr(named, "name", "?"))


def why(message: str | None, values: Mapping[str, object] | None) -> str:
    """A refusal that was kept."""
    if not message:
        return ""
    return _(message, **values) if values else _(message)


def refusal(error: RefusedError) -> str:
    """Why not, with what it names in words."""
    values = {name: in_words(value) if isinstance(value, Enum) else value for name, value in error.values.items()}
    return _(error.message, **values) if values else _(error.message)
