"""Files that come with a form: kept in the store first, given their place in a journal by the command."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, request
from limits import RateLimitItemPerMinute
from werkzeug.datastructures import FileStorage

from servicedesk.config import Settings
from servicedesk.core import clock, locations
from servicedesk.core.access import actor
from servicedesk.core.errors import N_, RefusedError
from servicedesk.core.keys import read_key
from servicedesk.signin import throttle
from servicedesk.tickets import jobs, waiting_files
from servicedesk.tickets.commands import NewFile
from servicedesk.tickets.waiting_files import WaitingFile

MAX_FILES = 10
#: Forms with files that one person can send in ten minutes.
FORMS_WITH_FILES = RateLimitItemPerMinute(60, 10, "uploads")


@contextmanager
def kept_files() -> Iterator[list[NewFile]]:
    """The request's files, in the store; taken out again when what they came with is refused.

    Raises RefusedError for a file that is empty, too large or a program, TooManyRequests for too many of them.
    """
    kept: list[NewFile] = []
    try:
        for upload in _uploads():
            _check_number(len(kept))
            kept.append(_keep(upload))
        yield kept
    except BaseException:
        for file in kept:
            jobs.store().remove(file.stored_name)
        raise


def left_waiting(form_id: str) -> tuple[list[WaitingFile], RefusedError | None]:
    """The files of a form that may have to be sent again: those of earlier tries that are still wanted, and new ones.

    They stay until the form is accepted. One that is refused keeps nobody from choosing the others.
    """
    uploads, wanted = _uploads(), [key for one in request.form.getlist("kept") if (key := read_key(one)) is not None]
    if not uploads and "kept" not in request.form:
        return [], None
    who, new, refusal = actor(), list[NewFile](), None
    waiting_files.drop(form_id, wanted, by=who)
    before = len(waiting_files.waiting(form_id, who))
    for upload in uploads:
        try:
            _check_number(before + len(new))
            new.append(_keep(upload))
        except RefusedError as error:
            refusal = refusal or error
    waiting_files.let_wait(form_id, new, by=who, now=clock.now())
    return waiting_files.waiting(form_id, who), refusal


def _uploads() -> list[FileStorage]:
    found = [upload for upload in request.files.getlist("files") if upload.filename]
    if found:
        throttle.charge((FORMS_WITH_FILES, str(actor().id)))
    return found


def _check_number(kept: int) -> None:
    if kept >= MAX_FILES:
        raise RefusedError(N_("Der kan højst være %(most)s filer ad gangen."), most=MAX_FILES)


def _keep(upload: FileStorage) -> NewFile:
    settings: Settings = current_app.extensions["settings"]
    stream = locations.Blanked(upload.stream)
    file = jobs.store().keep(stream, upload.filename, settings.max_attachment_mb * 1_000_000)
    return NewFile(file.shown_name, file.stored_name, file.media_type, file.size, file.sha256)
