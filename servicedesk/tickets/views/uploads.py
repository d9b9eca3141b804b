"""Files that come with a form: kept in the store first, given their place in a journal by the command."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from flask import request

from servicedesk.core import clock
from servicedesk.core.access import actor
from servicedesk.core.errors import RefusedError
from servicedesk.core.files import StoredFile
from servicedesk.core.keys import read_key
from servicedesk.drafts import queries as drafts
from servicedesk.drafts import uploads
from servicedesk.tickets import jobs, waiting_files
from servicedesk.tickets.commands import NewFile
from servicedesk.tickets.models import Attachment
from servicedesk.tickets.waiting_files import WaitingFile


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


def left_waiting(form_id: str) -> tuple[list[WaitingFile], RefusedError | None]:
    """The files of a form that may have to be sent again: those of earlier tries that are still wanted, and new ones.

    They stay until the form is accepted. One that is refused keeps nobody from choosing the others.
    """
    sent, wanted = uploads.sent(), kept_ids()
    if not sent and "kept" not in request.form:
        return [], None
    who, new, refusal = actor(), list[NewFile](), None
    waiting_files.drop(form_id, wanted, by=who)
    before = len(waiting_files.waiting(form_id, who))
    for upload in sent:
        try:
            uploads.check_number(before + len(new))
            new.append(new_file(uploads.keep(upload)))
        except RefusedError as error:
            refusal = refusal or error
    waiting_files.let_wait(form_id, new, by=who, now=clock.now())
    return waiting_files.waiting(form_id, who), refusal
