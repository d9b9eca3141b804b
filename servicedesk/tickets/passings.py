"""What went on between superbrugere and the servicedesk, in words."""

from collections.abc import Sequence

from servicedesk.core.labels import in_words
from servicedesk.core.language import gettext as _
from servicedesk.core.language import ngettext
from servicedesk.superbrugere.rules import Fact
from servicedesk.tickets.models import Entry, EntryKind


def told(entry: Entry) -> str:
    """What was done, as the rest of a sentence that begins with a name."""
    data = entry.data
    if entry.kind is EntryKind.HANDED_BACK:
        return _("bad superbrugeren om at se på det")
    if entry.kind is EntryKind.APPRAISED:
        if not data["lacking"]:
            return _("fik alt at vide, som servicedesken skulle bruge")
        lacking = [in_words(Fact(one)).lower() for one in data["lacking"]]
        return _("manglede at få at vide: %(what)s", what=listed(lacking))
    match data["why"]:
        case "time":
            return _("sendte henvendelsen videre til servicedesken, fordi superbrugerens tid var gået")
        case "user":
            return _("bad om at få henvendelsen hos servicedesken")
        case "desk":
            return _("tog henvendelsen over fra superbrugeren")
        case _ if "affected" in data:
            return ngettext(
                "sendte henvendelsen videre til servicedesken. Den rammer %(num)s person",
                "sendte henvendelsen videre til servicedesken. Den rammer %(num)s personer",
                data["affected"],
            )
        case _:
            return _("sendte henvendelsen videre til servicedesken")


def listed(names: Sequence[str]) -> str:
    """Names as people say them: "Lene Krogh, Jonas Lind og Mette Holm"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s og %(last)s", some=", ".join(names[:-1]), last=names[-1])
