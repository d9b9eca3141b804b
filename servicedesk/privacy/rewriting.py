"""How the journal of a ticket is rewritten: because somebody on it is erased, or because it is old."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, select, update

from servicedesk.core.alphabet import sort_key
from servicedesk.core.db import db
from servicedesk.notifications.models import Delivery, OutboxMail
from servicedesk.organisation.models import Person
from servicedesk.privacy import rules
from servicedesk.privacy.models import DoomedFile, RoleStandIn
from servicedesk.privacy.rules import EMPLOYEE, SUPPORTER, Known
from servicedesk.tickets.hiding import WORDS
from servicedesk.tickets.models import Attachment, Entry, EntryKind, Follower, Ticket, Visibility
from servicedesk.tickets.redacting import (
    LISTS_OF_PERSON_IDS,
    PERSON_IDS,
    RedactionCause,
    Rewriting,
    Rewritten,
    redact,
)

#: Words of one's own that are looked for in what others wrote: shorter ones say nothing of anybody.
_TELLING = 20


def known_of(person: Person, word: str = EMPLOYEE, *, by_parts: bool = True) -> Known:
    return Known(person.name, person.initials, person.email or "", person.phone or "", word, by_parts)


def hold(ticket_id: int) -> Ticket:
    """Nobody else writes on it until the transaction ends."""
    return db.session.scalars(select(Ticket).where(Ticket.id == ticket_id).with_for_update()).one()


# ------------------------------------------------------------------------------------------------ somebody is erased


def without_person(ticket: Ticket, person: Person, as_known: Known, *, now: datetime) -> Rewritten:
    """Whoever it was about is gone from it with all that he or she wrote; what others wrote loses the name."""
    about = person.id in (ticket.filer_id, ticket.affected_id)
    known = [as_known]
    instead = dict.fromkeys(_own_lines(ticket, person), rules.QUOTE) | _file_names(ticket) if about else {}

    def text(entry: Entry, key: str, value: str) -> str:
        if about and key in WORDS and _is_persons_own(entry, key, value, ticket, person):
            return rules.ERASED_SUBJECT if key == "subject" else rules.ERASED_TEXT
        return _scrubbed(value, known, instead, with_shapes=about)

    def drops(_file: Attachment, entry: Entry) -> bool:
        return about or entry.by_id == person.id

    how = Rewriting(text, lambda id_: id_, drops, lambda name: rules.scrub(name, known))
    return _kept_account(redact(ticket, how, RedactionCause.ERASURE, now=now))


def _is_persons_own(entry: Entry, key: str, value: str, ticket: Ticket, person: Person) -> bool:
    """What the person wrote or, in the telephone, said; a ticket's subject is the filer's until somebody changes it."""
    is_filed_for = entry.kind is EntryKind.FILED and person.id in (ticket.filer_id, entry.by_id)
    was_subject = key == "subject" and entry.kind is EntryKind.CHANGED and value == entry.data["subject"][0]
    return entry.by_id == person.id or is_filed_for or (was_subject and ticket.filer_id == person.id)


def _own_lines(ticket: Ticket, person: Person) -> list[str]:
    """Lines of what the person wrote on this ticket, the longest first: others may have quoted them."""
    lines: set[str] = set()
    for entry in db.session.scalars(select(Entry).where(Entry.ticket_id == ticket.id)):
        for key in WORDS & entry.data.keys():
            value = entry.data[key]
            if isinstance(value, str) and _is_persons_own(entry, key, value, ticket, person):
                lines |= {line.strip() for line in value.split("\n")}
    return sorted((line for line in lines if len(line) >= _TELLING), key=len, reverse=True)


def _file_names(ticket: Ticket) -> dict[str, str]:
    """People name the files that they mean, and such names have blanks in them."""
    names = db.session.scalars(select(Attachment.name).where(Attachment.ticket_id == ticket.id))
    return dict.fromkeys(sorted(names, key=len, reverse=True), rules.FILE)


def _scrubbed(text: str, known: Sequence[Known], instead: Mapping[str, str], *, with_shapes: bool) -> str:
    for words, sign in instead.items():
        text = text.replace(words, sign)
    if with_shapes:
        text = rules.scrub_shapes(rules.scrub_mail(text))
    return rules.scrub(text, known)


# ------------------------------------------------------------------------------------------------ it is old


def anonymise(ticket: Ticket, *, now: datetime) -> Rewritten:
    """Nobody is known on it any more: people give place to their part in it, and files go."""
    people = _people_on(ticket)
    employees = _employees(ticket)
    known = [known_of(one, EMPLOYEE if one.id in employees else SUPPORTER) for one in people.values()]
    # Whom a name is common to is told by the longer one first.
    known.sort(key=lambda one: -len(one.name))
    stand_in = {kind: _stand_in(ticket.customer_id, kind, now) for kind in ("employee", "supporter")}

    instead = _file_names(ticket)

    def text(_entry: Entry, _key: str, value: str) -> str:
        return _scrubbed(value, known, instead, with_shapes=True)

    def person(id_: int) -> int:
        return stand_in["employee" if id_ in employees else "supporter"]

    how = Rewriting(text, person, lambda _file, _entry: True, lambda name: name)
    return _kept_account(redact(ticket, how, RedactionCause.RETENTION, now=now))


def _employees(ticket: Ticket) -> set[int]:
    """Those for whom it was: filer, affected person, and who followed it without doing anything."""
    followed = select(Follower.person_id).where(Follower.ticket_id == ticket.id)
    worked = select(Entry.by_id).where(
        Entry.ticket_id == ticket.id,
        (Entry.visibility == Visibility.INTERNAL) | Entry.kind.in_((EntryKind.TAKEN, EntryKind.RESOLVED)),
    )
    employee = _stand_ins(ticket.customer_id).get("employee", 0)
    followers = set(db.session.scalars(followed)) - {id_ for id_ in db.session.scalars(worked) if id_}
    return {ticket.filer_id, ticket.affected_id, employee} | followers


def _people_on(ticket: Ticket) -> dict[int, Person]:
    """Everybody whom the journal names by number, but those who stand in for others already."""
    ids = {ticket.filer_id, ticket.affected_id, ticket.assignee_id}
    for entry in db.session.scalars(select(Entry).where(Entry.ticket_id == ticket.id)):
        ids |= {entry.by_id, *(id_ for key in PERSON_IDS if isinstance(id_ := entry.data.get(key), int))}
        ids |= {id_ for key in LISTS_OF_PERSON_IDS for id_ in entry.data.get(key) or ()}
    ids -= set(_stand_ins(ticket.customer_id).values())
    found = db.session.scalars(select(Person).where(Person.id.in_(ids - {None})))
    return {one.id: one for one in found}


def _stand_ins(customer_id: int) -> dict[str, int]:
    rows = db.session.scalars(select(RoleStandIn).where(RoleStandIn.customer_id == customer_id))
    return {row.kind: row.person_id for row in rows}


_NAMES = {"employee": "Medarbejder", "supporter": "Supporter"}


def _stand_in(customer_id: int, kind: str, now: datetime) -> int:
    """Made when it is first needed: nobody signs in as it, finds it or is told anything."""
    found = _stand_ins(customer_id).get(kind)
    if found is not None:
        return found
    about = {"customer_id": customer_id, "unit_id": customer_id, "name": _NAMES[kind]}
    person = Person(**about, initials=f"anonym-{kind}", email=None, phone=None, is_active=False, erased_at=now)
    db.session.add(person)
    db.session.flush()
    db.session.add(RoleStandIn(customer_id=customer_id, kind=kind, person_id=person.id))
    db.session.flush()
    return person.id


#: Who is named beside a ticket, by table and column.
_BESIDE = (
    ("rating", "person_id", "employee"),
    ("rating", "supporter_id", "supporter"),
    ("course_offer", "person_id", "employee"),
    ("course_offer", "by_id", "supporter"),
    ("ticket_topic", "by_id", "supporter"),
    ("disturbance_ticket", "by_id", "supporter"),
)


def forget_beside(ids: Sequence[int], customer_id: int, *, now: datetime) -> None:
    """What other tables say of who was on those tickets; figures that they are told from stay."""
    tables = db.metadata.tables
    for name, column, kind in _BESIDE:
        table, value = tables[name], _stand_in(customer_id, kind, now)
        is_of_them = table.c.ticket_id.in_(ids) & table.c[column].is_not(None)
        db.session.execute(update(table).where(is_of_them).values({column: value}))
    for name, columns in (("rating", ("words",)), ("follow_up", ("answer", "note"))):
        wipe(tables[name], tables[name].c.ticket_id.in_(ids), columns)
    for name in ("recent_ticket", "presence"):
        db.session.execute(delete(tables[name]).where(tables[name].c.ticket_id.in_(ids)))
    threads = [f"ticket-{id_}" for id_ in ids]
    db.session.execute(delete(tables["notice"]).where(tables["notice"].c.thread.in_(threads)))
    db.session.execute(delete(tables["draft"]).where(tables["draft"].c.place.in_(threads)))
    forget_unsent(ids)


def forget_unsent(ids: Iterable[int]) -> None:
    """Mails about those tickets that wait or were given up still say what they would have said."""
    wanted = set(ids)
    mail = OutboxMail
    unsent = select(mail.id, mail.thread_id, mail.message_id).where(mail.delivery != Delivery.SENT)
    found = [row.id for row in db.session.execute(unsent) if _ticket_of(row.thread_id or row.message_id) in wanted]
    db.session.execute(delete(mail).where(mail.id.in_(found)))


def _ticket_of(thread: str) -> int | None:
    """The ticket of a conversation such as "ticket-12-7"."""
    kind, _, rest = thread.partition("-")
    number = rest.partition("-")[0]
    return int(number) if kind == "ticket" and number.isdecimal() else None


def wipe(table: Table, condition: ColumnElement[bool], columns: Iterable[str]) -> None:
    """Texts that somebody wrote; that there was one is still to be seen."""
    for column in columns:
        has_words = condition & (table.c[column] != "")
        db.session.execute(update(table).where(has_words).values({column: rules.ERASED_TEXT}))


def _kept_account(done: Rewritten) -> Rewritten:
    """The files are removed once their rows are gone for sure."""
    doom(done.files)
    return done


def doom(stored_names: Iterable[str]) -> None:
    for name in sorted(set(stored_names)):
        if db.session.get(DoomedFile, name) is None:
            db.session.add(DoomedFile(stored_name=name))


def pseudonym(person: Person) -> dict[str, object]:
    """What is left of somebody."""
    name = f"Slettet person {person.id}"
    nothing = dict.fromkeys(("email", "phone", "title", "external_id", "employed_since", "known_since"))
    kept = {"name": name, "sort_name": sort_key(name), "initials": f"slettet-{person.id}", "locale": "da"}
    return {**kept, **nothing, "is_active": False, "is_imported": False}
