"""The JSON in which OS2kitos gives an organisation's use of IT systems; see docs/systems-import.md.

Read leniently: what is not known here is passed over, and a field that is missing, or is not what it ought to be, says
nothing.
"""

import json
from collections.abc import Iterable
from typing import Any

from servicedesk.core.errors import N_
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.systems.imports.wishes import Wish, Wishes

#: The names of roles in which people answer for a system, as municipalities call them; the longest part decides.
_ROLES = (
    ("deputy", ("stedfortræder",)),
    ("owner", ("systemejer", "system owner")),
    ("manager", ("systemforvalter", "systemansvarlig", "system manager")),
)
#: Where a list of items may lie when the file is not the list itself.
_LISTS = ("itSystemUsages", "usages", "items", "value")


def looks_like_it(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")


def read(content: bytes) -> Wishes:
    """Raises FieldRefusedError when this is no JSON, or none with systems in it."""
    try:
        told = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FieldRefusedError("file", N_("Filen er ikke gyldig JSON. Hent den igen, og prøv en gang til.")) from error
    items = told if isinstance(told, list) else _listed(told)
    if not items or not all(isinstance(item, dict) for item in items):
        raise FieldRefusedError("file", N_("Der er ingen systemer i filen. Den skal være en liste fra OS2kitos."))
    return Wishes([_wish(number, item) for number, item in enumerate(items, 1)], [], is_strict=False)


def _listed(told: Any) -> list[Any]:
    found = (told.get(name) for name in _LISTS) if isinstance(told, dict) else ()
    return next((one for one in found if isinstance(one, list)), [told] if isinstance(told, dict) else [])


def _wish(number: int, item: dict[str, Any]) -> Wish:
    general, usage = _part(item, "general"), _part(item, "organizationUsage")
    known_as = _text(_part(item, "systemContext").get("name")) or _text(item.get("name"))
    name = _text(general.get("localCallName")) or known_as
    single = {
        "name": name,
        "description": _text(general.get("notes")) or _text(item.get("description")),
        "aliases": known_as if known_as != name else "",
        "supplier": _text(_part(item, "supplier").get("name")),
        "criticality": _criticality((_part(item, "gdpr") or _part(item, "GDPR")).get("businessCritical")),
        **_people(item.get("roles")),
    }
    several = {
        "units": _keys(usage.get("usingOrganizationUnits")),
        "needs": _keys(one.get("toSystemUsage") for one in _items(item.get("outgoingSystemRelations"))),
    }
    return Wish(
        number,
        _text(item.get("uuid")),
        {field: value for field, value in single.items() if value},
        {field: values for field, values in several.items() if values},
    )


def _people(told: Any) -> dict[str, str]:
    """The first person in each role that means something here, by mail where there is one."""
    found: dict[str, str] = {}
    for assigned in _items(told):
        role = _text(_part(assigned, "role").get("name")).casefold()
        user = _part(assigned, "user")
        field = next((field for field, names in _ROLES if any(name in role for name in names)), None)
        if field is not None and (who := _text(user.get("email")) or _text(user.get("name"))):
            found.setdefault(field, who)
    return found


def _criticality(told: Any) -> str:
    return "critical" if told is True or _text(told).casefold() == "yes" else ""


def _keys(told: Any) -> list[str]:
    """By uuid, and by name where there is none."""
    return [key for one in _items(told) if (key := _text(one.get("uuid")) or _text(one.get("name")))]


def _items(told: Any) -> list[dict[str, Any]]:
    return [one for one in told if isinstance(one, dict)] if isinstance(told, Iterable) else []


def _part(item: dict[str, Any], name: str) -> dict[str, Any]:
    part = item.get(name)
    return part if isinstance(part, dict) else {}


def _text(told: Any) -> str:
    return told.replace("\x00", "").strip() if isinstance(told, str) else ""
