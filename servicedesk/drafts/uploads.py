"""Files that come with a form: put in the store before anything else, and given their place by a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, request
from limits import RateLimitItemPerMinute
from werkzeug.datastructures import FileStorage

from servicedesk.config import Settings
from servicedesk.core import locations
from servicedesk.core.access import actor
from servicedesk.core.errors import N_, RefusedError
from servicedesk.core.files import Store, StoredFile
from servicedesk.drafts.rules import MOST_FILES
from servicedesk.signin import throttle

#: Forms with files that one person can send in ten minutes.
FORMS_WITH_FILES = RateLimitItemPerMinute(60, 10, "uploads")


def store() -> Store:
    """Where attachments lie."""
    settings: Settings = current_app.extensions["settings"]
    return Store(settings.attachments_dir)


@contextmanager
def received() -> Iterator[list[StoredFile]]:
    """The request's files, in the store; taken out again when what they came with is refused.

    Raises RefusedError for a file that is empty, too large or a program, TooManyRequests for too many of them.
    """
    kept: list[StoredFile] = []
    try:
        for upload in sent():
            check_number(len(kept))
            kept.append(keep(upload))
        yield kept
    except BaseException:
        for file in kept:
            store().remove(file.stored_name)
        raise


def sent() -> list[FileStorage]:
    """The files of the request, before anything is done with them."""
    found = [upload for upload in request.files.getlist("files") if upload.filename]
    if found:
        throttle.charge((FORMS_WITH_FILES, str(actor().id)))
    return found


def check_number(kept: int) -> None:
    if kept >= MOST_FILES:
        raise RefusedError(N_("Der kan højst være %(most)s filer ad gangen."), most=MOST_FILES)


def keep(upload: FileStorage) -> StoredFile:
    """One of them in the store; where a photo was taken is left out of it."""
    settings: Settings = current_app.extensions["settings"]
    stream = locations.Blanked(upload.stream)
    return store().keep(stream, upload.filename, settings.max_attachment_mb * 1_000_000)
