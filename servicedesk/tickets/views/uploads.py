"""Files that come with a form: kept in the store first, given their place in a journal by the command."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from flask import request

from servicedesk.core import clock
from servicedesk.core.access import actor
from servicedesk.core.errors import RefusedError
from servicedesk.core.files import StoredFile
from servicedesk.core.keys import read_key
from servicedesk.drafts import commands as drafting
from servicedesk.drafts import queries as drafts
from servicedesk.drafts import uploads
from servicedesk.drafts.models import KeptFile
from servicedesk.tickets import jobs
from servicedesk.tickets.commands import NewFile
from servicedesk.tickets.models import Attachment


@contextmanager
def kept_files(place: str = "") -> Iterator[list[NewFile]]:
    """The request's files, in the store; taken out again when what they came with is refused.

    With the `place` of the form's draft, those that lie there and are ticked come first. Raises RefusedError for a file
    that is empty, too large or a program, TooManyRequests for too many of them.
    """
    chosen = kept_ids()
    before = [drafts.stored(file) for file in drafts.files(place, actor()) if file.id in chosen] if chosen else []
    with uploads.received() as files:
        yield [new_file(file) for file in (*before, *files)]


def kept_ids() -> set[int]:
    """Which of the draft's files are ticked."""
    return {key for value in request.form.getlist("kept") if (key := read_key(value)) is not None}


def new_file(file: StoredFile) -> NewFile:
    return NewFile(file.shown_name, file.stored_name, file.media_type, file.size, file.sha256)


@contextmanager
def copied_files(files: Iterable[Attachment]) -> Iterator[list[NewFile]]:
    """Copies of files that have a place in one journal and are to have one in another; taken away when refused."""
    store = jobs.store()
    kept: list[NewFile] = []
    try:
        for file in files:
            kept.append(NewFile(file.name, store.copy(file.stored_name), file.media_type, file.size, file.sha256))
        yield kept
    except BaseException:
        for one in kept:
            store.remove(one.stored_name)
        raise


def left_in_draft(place: str) -> tuple[list[KeptFile], RefusedError | None]:
    """The files of a form that may have to be sent again: those with its draft that are ticked, and new ones.

    They lie with the draft until the form is accepted. One that is refused keeps nobody from choosing the others.
    """
    who, refusal, new = actor(), None, list[StoredFile]()
    sent, wanted = uploads.sent(), kept_ids()
    before = len(drafts.files(place, who)) if sent else 0
    for upload in sent:
        try:
            uploads.check_number(before + len(new))
            new.append(uploads.keep(upload))
        except RefusedError as error:
            refusal = refusal or error
    if new:
        drafting.add_files(place, new, by=who, now=clock.now())
    names = {file.stored_name for file in new}
    there = drafts.files(place, who) if new or wanted else []
    return [file for file in there if file.id in wanted or file.stored_name in names], refusal
