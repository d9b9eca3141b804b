"""What a mail says that is only found out when it leaves, and the files with it (docs/adr, reports by mail).

Whoever owns a template may declare a maker for it: its rows in the outbox then hold no more than what the mail is
about, and what it says follows from what its receiver may see at the moment of sending. Nothing of it is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from servicedesk.notifications.models import OutboxMail

#: All files of a mail together; servers begin to refuse at 10 MB, and in a mail four bytes are made of three.
MOST_OCTETS = 6_000_000


@dataclass(frozen=True)
class File:
    """A file that goes with a mail."""

    name: str
    media_type: str
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Content:
    """Further facts for the template, and files."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    files: Sequence[File] = ()


#: Raises BusyError when it is better tried later.
Make = Callable[[OutboxMail], Content]

_makers: dict[str, Make] = {}


def declare(template: str, make: Make) -> None:
    _makers[template] = make


def of(mail: OutboxMail) -> Content:
    """What is to be added to the mail's own facts; raises ValueError for files that are too large together."""
    make = _makers.get(mail.template)
    content = make(mail) if make else Content()
    if sum(len(file.body) for file in content.files) > MOST_OCTETS:
        raise ValueError(f"the files of a {mail.template} are too large for a mail")
    return content
