"""A person's own choices; like the language, they concern nobody else and leave no line in the audit log."""

from typing import TypeVar

from sqlalchemy import select

from servicedesk.core.actor import Actor
from servicedesk.core.db import canonical_json, transaction
from servicedesk.core.preferences import Preference, unpacked
from servicedesk.organisation.models import Person, PersonPreferences

T = TypeVar("T")


def prefer(preference: Preference[T], value: T | None, *, by: Actor) -> None:
    """Remembers what the person has chosen; None is no choice, and the default goes again."""
    with transaction() as session:
        # The person's row is locked: two tabs may each be the first to choose something.
        session.execute(select(Person.id).where(Person.id == by.id).with_for_update())
        row = session.get(PersonPreferences, by.id, populate_existing=True)
        chosen = {**unpacked(row.chosen if row else None), preference.name: value}
        text = canonical_json({name: stored for name, stored in chosen.items() if stored is not None})
        if row is None:
            session.add(PersonPreferences(person_id=by.id, chosen=text))
        else:
            row.chosen = text
