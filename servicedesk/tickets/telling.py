"""A journal told in the words of its reader: staff hear what was done, users what it means for them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as lazy
from markupsafe import Markup

from servicedesk.core.files import previewable
from servicedesk.core.formats import size, when
from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext as _
from servicedesk.core.language import ngettext
from servicedesk.core.markup import render
from servicedesk.tickets import events, passings
from servicedesk.tickets.models import Attachment, Entry, EntryKind, Visibility, number_of
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held, Told
from servicedesk.tickets.workflow import Kind, Level, LinkKind, Priority, Secrecy, State


class File(NamedTuple):
    """A file as components/attachments.html shows it."""

    name: str
    size: str
    href: str
    preview: str | None


class Line(NamedTuple):
    """One line of a timeline; with a body it is something said, without one something that happened."""

    seq: int
    entry: Entry
    who: str
    initials: str
    did: str
    body: Markup | None
    #: "public", "internal" or "solution"; see components/timeline.html.
    mark: str
    icon: str
    is_mine: bool
    files: list[File]
    #: How long it took, for those who work on it.
    minutes: int | None
    #: Who was not told of an answer, for those who work on it.
    left_out: str
    #: A new ticket can be made of it.
    can_split: bool


_ICONS: Mapping[EntryKind, str] = {
    EntryKind.TAKEN: "assign",
    EntryKind.ASSIGNED: "assign",
    EntryKind.MOVED: "move",
    EntryKind.CHANGED: "edit",
    EntryKind.CLASSIFIED: "lock",
    EntryKind.WAITING: "pause",
    EntryKind.RESUMED: "play",
    EntryKind.CONFIRMED: "success",
    EntryKind.REOPENED: "undo",
    EntryKind.CLOSED: "success",
    EntryKind.CANCELLED: "close",
    EntryKind.MERGED: "merge",
    EntryKind.ABSORBED: "merge",
    EntryKind.UNMERGED: "undo",
    EntryKind.RELEASED: "undo",
    EntryKind.LINKED: "link",
    EntryKind.UNLINKED: "link",
    EntryKind.FOLLOWED: "follow",
    EntryKind.UNFOLLOWED: "follow",
    EntryKind.AGREED: "time",
    EntryKind.WARNED: "time",
    EntryKind.BREACHED: "warning",
    EntryKind.PROMISED: "calendar",
    EntryKind.SPLIT_OFF: "move",
    EntryKind.ESCALATED: "move",
    EntryKind.HANDED_BACK: "undo",
    EntryKind.APPRAISED: "check",
}
#: Changes that mean something to the user; the rest is the servicedesk's own housekeeping.
_TOLD_TO_USERS = frozenset({"subject", "kind"})


def tell(told: list[Told], held: Held, files: Mapping[int, list[Attachment]], reader_id: int | None) -> list[Line]:
    """The lines of a timeline, oldest first; what means nothing to a user is left out for users."""
    is_staff = held.does(TicketPermission.READ_INTERNAL)
    lines = [_line(one, is_staff, files.get(one.entry.seq, []), reader_id) for one in told]
    return [line for line in lines if line.did]


def _line(told: Told, is_staff: bool, files: list[Attachment], reader_id: int | None) -> Line:
    entry = told.entry
    text = text_of(entry)
    mark = "solution" if entry.kind is EntryKind.RESOLVED else entry.visibility.value
    return Line(
        seq=entry.seq,
        entry=entry,
        who=told.by or _("Servicedesken"),
        initials=told.initials or "",
        did=did(entry, is_staff),
        body=render(text) if text else None,
        mark=mark,
        icon=_ICONS.get(entry.kind, "arrow-right"),
        is_mine=entry.by_id is not None and entry.by_id == reader_id,
        files=[_file(file) for file in files],
        minutes=entry.data.get("minutes") if is_staff else None,
        left_out=passings.listed(entry.data.get("left_out_names", ())) if is_staff else "",
        can_split=bool(text) and entry.visibility is Visibility.PUBLIC,
    )


#: A journal longer than this shows so many of its first and of its last lines.
_LONG, _FIRST, _LAST = 30, 10, 10


class Stretches(NamedTuple):
    """A timeline in three parts; the middle one is folded away while there are many lines."""

    first: list[Line]
    folded: list[Line]
    last: list[Line]


def stretches(lines: list[Line], *, news: int = 0) -> Stretches:
    """`news` is the last line that the reader has seen: what came after it is never folded away."""
    if len(lines) <= _LONG:
        return Stretches(lines, [], [])
    unseen = sum(1 for line in lines if news and line.seq > news)
    last = max(_LAST, unseen)
    return Stretches(lines[:_FIRST], lines[_FIRST:-last], lines[-last:])


def _file(file: Attachment) -> File:
    href = url_for("tickets.attachment", ticket_id=file.ticket_id, attachment_id=file.id)
    preview = f"{href}?preview=1" if previewable(file.media_type) else None
    return File(file.name, size(file.size), href, preview)


def text_of(entry: Entry) -> str | None:
    """What somebody wrote in it."""
    names = {
        EntryKind.FILED: "description",
        EntryKind.RESOLVED: "solution",
        EntryKind.ESCALATED: "tried",
        EntryKind.HANDED_BACK: "instruction",
        EntryKind.APPRAISED: "note",
    }
    text = entry.data.get(names.get(entry.kind, "body")) or entry.data.get("reason")
    return str(text) if text else None


#: What is always said the same way.
_SAID: Mapping[EntryKind, LazyString] = {
    EntryKind.RESUMED: lazy("gik videre med henvendelsen"),
    EntryKind.RESOLVED: lazy("løste henvendelsen"),
    EntryKind.CONFIRMED: lazy("bekræftede, at det virker"),
    EntryKind.REOPENED: lazy("genåbnede henvendelsen"),
    EntryKind.CLOSED: lazy("lukkede henvendelsen"),
    EntryKind.CANCELLED: lazy("annullerede henvendelsen"),
    EntryKind.UNFOLLOWED: lazy("følger ikke længere med"),
}


def did(entry: Entry, is_staff: bool) -> str:
    """What was done, as the rest of a sentence that begins with a name; "" when this reader need not know."""
    if entry.kind in _SAID:
        return str(_SAID[entry.kind])
    if entry.kind in _OF_THEIR_OWN:
        return _OF_THEIR_OWN[entry.kind](entry)
    data = entry.data
    match entry.kind:
        case EntryKind.FILED:
            return _filed(data, is_staff)
        case EntryKind.NOTED:
            return _noted(data)
        case EntryKind.REPLIED:
            return _("svarede") if data["is_answer"] else _("skrev")
        case EntryKind.TAKEN:
            return _("tog henvendelsen") if is_staff else _("ser på henvendelsen")
        case EntryKind.ASSIGNED:
            return _assigned(data)
        case EntryKind.MOVED:
            return _moved(data, is_staff)
        case EntryKind.CHANGED:
            return _changed(data, is_staff)
        case EntryKind.CLASSIFIED:
            return _("ændrede fortroligheden til %(level)s", level=in_words(Secrecy(data["secrecy"])))
        case EntryKind.WAITING:
            return _waiting(entry, is_staff)
        case _:
            return _joined(entry)


def _filed(data: Mapping[str, Any], is_staff: bool) -> str:
    if "split_from" in data:
        return _split(data, is_staff)
    return _("meldte en fejl") if data["kind"] == Kind.INCIDENT else _("bestilte noget")


def _noted(data: Mapping[str, Any]) -> str:
    if data.get("mentioned"):
        return _("skrev en intern note til %(names)s", names=passings.listed(data["mentioned"]))
    return _("skrev en intern note")


def _split(data: Mapping[str, Any], is_staff: bool) -> str:
    """The other ticket's number is not every reader's to know."""
    if is_staff:
        return _("lavede henvendelsen ud fra %(number)s", number=data["split_from"]["number"])
    return _("oprettede henvendelsen ud fra noget, der stod i en anden")


def _moved(data: Mapping[str, Any], is_staff: bool) -> str:
    """The names of teams are the servicedesk's own."""
    if is_staff:
        return _("sendte henvendelsen videre til %(team)s", team=data["team"])
    return _("sendte henvendelsen videre i servicedesken")


def _assigned(data: Mapping[str, Any]) -> str:
    if data["assignee_id"] is None:
        return _("gav henvendelsen fri")
    return _("gav henvendelsen til %(name)s", name=data["assignee"])


def _agreed(entry: Entry) -> str:
    match entry.kind:
        case EntryKind.PROMISED:
            return _promised(entry.data)
        case EntryKind.AGREED if entry.data["agreement_id"] is None:
            return _("trak serviceaftalen tilbage")
        case EntryKind.AGREED:
            return _("satte henvendelsen under en ny udgave af serviceaftalen")
        case _:
            return _clock(entry)


def _clock(entry: Entry) -> str:
    """When it was so: that can be earlier than when it was written down."""
    tell_of = events.breached if entry.kind is EntryKind.BREACHED else events.warned
    at = datetime.fromisoformat(entry.data["at"])
    return _("%(told)s (%(at)s)", told=tell_of(entry.data), at=when(at))


def _promised(data: Mapping[str, Any]) -> str:
    if data["promised_at"] is None:
        return _("tog den aftalte dato tilbage")
    return _("aftalte, at det er klar %(at)s", at=when(datetime.fromisoformat(data["promised_at"])))


def _waiting(entry: Entry, is_staff: bool) -> str:
    if entry.state is State.WAITING_USER:
        return _("stillede et spørgsmål og afventer svar")
    if is_staff and entry.data.get("supplier"):
        return _("afventer leverandøren %(supplier)s", supplier=entry.data["supplier"])
    return _("afventer en leverandør")


def _joined(entry: Entry) -> str:
    data = entry.data
    match entry.kind:
        case EntryKind.MERGED:
            return _("lagde henvendelsen sammen med %(number)s", number=data["number"])
        case EntryKind.UNMERGED:
            return _("fortrød sammenlægningen med %(number)s", number=data["number"])
        case EntryKind.ABSORBED:
            return _("lagde %(number)s ind i denne", number=number_of(data["other_id"]))
        case EntryKind.RELEASED:
            return _("tog %(number)s ud af denne igen", number=number_of(data["other_id"]))
        case EntryKind.SPLIT_OFF:
            return _("lavede %(number)s ud fra en besked i denne", number=data["number"])
        case EntryKind.LINKED:
            return _link(data, _("knyttede: %(link)s %(number)s"))
        case EntryKind.UNLINKED:
            return _link(data, _("fjernede: %(link)s %(number)s"))
        case _:
            return _("følger med") if data["person_id"] == entry.by_id else _("lod en kollega følge med")


def _link(data: Mapping[str, Any], sentence: str) -> str:
    return sentence % {"link": in_words(LinkKind(data["link"])), "number": data["number"]}


def _changed(data: Mapping[str, Any], is_staff: bool) -> str:
    parts = [_change(name, pair) for name, pair in data.items() if is_staff or name in _TOLD_TO_USERS]
    return ", ".join(part for part in parts if part)


def _change(name: str, pair: list[Any]) -> str:
    before, after = pair
    match name:
        case "agreement_id":
            return ""
        case "subject":
            return _("ændrede emnet fra “%(before)s”", before=before)
        case "kind":
            return _("gjorde den til %(kind)s", kind=in_words(Kind(after)).lower())
        case "priority":
            return _(
                "ændrede prioriteten fra %(before)s til %(after)s",
                before=in_words(Priority(before)),
                after=in_words(Priority(after)),
            )
        case "impact":
            return _("satte påvirkningen til %(level)s", level=in_words(Level(after)))
        case "urgency":
            return _("satte hastegraden til %(level)s", level=in_words(Level(after)))
        case _:
            return _("rettede, hvilket system den handler om")


_OF_THEIR_OWN: Mapping[EntryKind, Callable[[Entry], str]] = {
    **dict.fromkeys((EntryKind.AGREED, EntryKind.WARNED, EntryKind.BREACHED, EntryKind.PROMISED), _agreed),
    **dict.fromkeys((EntryKind.ESCALATED, EntryKind.HANDED_BACK, EntryKind.APPRAISED), passings.told),
}


def marked(visibility: Visibility, mark: str) -> str:
    """The words beside a mark, so that colour never stands alone."""
    if mark == "solution":
        return _("Løsning")
    return _("Intern note") if visibility is Visibility.INTERNAL else _("Synlig for brugeren")


def counted(number: int, cap: int) -> str:
    """How many there are, as people see it: "1 henvendelse", "500+ henvendelser"."""
    if number > cap:
        return _("%(cap)s+ henvendelser", cap=cap)
    return ngettext("%(num)s henvendelse", "%(num)s henvendelser", number)
