"""Files that come with a form: kept in the store first, given their place in a journal by the command."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from flask import current_app, request
from limits import RateLimitItemPerMinute

from servicedesk.config import Settings
from servicedesk.core.access import actor
from servicedesk.core.errors import N_, RefusedError
from servicedesk.signin import throttle
from servicedesk.tickets import jobs
from servicedesk.tickets.commands import NewFile
from servicedesk.tickets.models import Attachment

MAX_FILES = 10
#: Forms with files that one person can send in ten minutes.
FORMS_WITH_FILES = RateLimitItemPerMinute(60, 10, "uploads")


@contextmanager
def kept_files() -> Iterator[list[NewFile]]:
    """The request's files, in the store; taken out again when what they came with is refused.

    Raises RefusedError for a file that is empty, too large or a program, TooManyRequests for too many of them.
    """
    store = jobs.store()
    settings: Settings = current_app.extensions["settings"]
    kept: list[NewFile] = []
    uploads = [upload for upload in request.files.getlist("files") if upload.filename]
    if uploads:
        throttle.charge((FORMS_WITH_FILES, str(actor().id)))
    try:
        for upload in uploads:
            if len(kept) == MAX_FILES:
                raise RefusedError(N_("Der kan højst være %(most)s filer ad gangen."), most=MAX_FILES)
            file = store.keep(upload.stream, upload.filename, settings.max_attachment_mb * 1_000_000)
            kept.append(NewFile(file.shown_name, file.stored_name, file.media_type, file.size, file.sha256))
        yield kept
    except BaseException:
        for file_ in kept:
            store.remove(file_.stored_name)
        raise


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
