"""The person's tickets: what was said openly in them, the files, the mails and the ratings.

A ticket is the person's who filed it and the person's whom it is about. Of one that was filed for somebody else, only
what the person wrote is told: the rest is that other one's. Names of others are left out, and so is what is internal.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, or_, select

from servicedesk.accountability.package.part import Kept, Rows, Whose, told
from servicedesk.core.db import db
from servicedesk.core.files import clean_name
from servicedesk.core.language import gettext as _
from servicedesk.notifications.models import Notice, OutboxMail
from servicedesk.organisation.models import Unit
from servicedesk.surveys.models import Invitation, Question, Rating, Survey, SurveyAnswer
from servicedesk.systems.models import System
from servicedesk.tickets.models import Attachment, Entry, Follower, Ticket, Visibility, number_of
from servicedesk.tickets.telling import text_of


def _is_own(whose: Whose) -> ColumnElement[bool]:
    return or_(Ticket.filer_id == whose.person_id, Ticket.affected_id == whose.person_id)


def tickets(whose: Whose) -> Rows:
    columns = (Ticket.id, Ticket.subject, Ticket.kind, Ticket.state, Ticket.priority, Ticket.filed_at)
    more = (Ticket.first_answered_at, Ticket.resolved_at, Ticket.closed_at, Ticket.promised_at, Ticket.secrecy)
    query = (
        select(*columns, *more, Ticket.filer_id, Ticket.affected_id)
        .add_columns(Unit.name.label("unit"), System.name.label("system"))
        .join(Unit, Unit.id == Ticket.unit_id)
        .outerjoin(System, System.id == Ticket.system_id)
        .where(_is_own(whose))
        .order_by(Ticket.id)
    )
    return [_ticket(row, whose) for row in told(query)]


def _ticket(row: dict[str, Any], whose: Whose) -> dict[str, Any]:
    number, filer, affected = row.pop("id"), row.pop("filer_id"), row.pop("affected_id")
    is_for_other = affected != whose.person_id
    if is_for_other:
        row["unit"] = None
    part = _("oprettede den for en anden") if is_for_other else _("den handler om dig")
    if filer == affected:
        part = _("oprettede den, og den handler om dig")
    return {"ticket": number_of(number), "your_part": part, **row}


def following(whose: Whose) -> Rows:
    query = select(Follower.ticket_id).where(Follower.person_id == whose.person_id).order_by(Follower.ticket_id)
    return [{"followed_ticket": number_of(id_)} for id_ in db.session.scalars(query)]


class _Said(NamedTuple):
    entry: Entry
    filer_id: int
    affected_id: int


def _said(whose: Whose) -> Iterator[_Said]:
    """Public entries with words in them that are the person's to read here."""
    is_about = or_(Entry.by_id == whose.person_id, Ticket.affected_id == whose.person_id)
    query = (
        select(Entry, Ticket.filer_id, Ticket.affected_id)
        .join(Ticket, Ticket.id == Entry.ticket_id)
        .where(_is_own(whose), Entry.visibility == Visibility.PUBLIC, is_about)
        .order_by(Entry.ticket_id, Entry.seq)
    )
    for row in db.session.execute(query):
        yield _Said(*row)


def messages(whose: Whose) -> Rows:
    return [
        {
            "ticket": number_of(said.entry.ticket_id),
            "at": said.entry.at,
            "by": _author(said, whose),
            "text": text,
        }
        for said in _said(whose)
        if (text := text_of(said.entry))
    ]


def _author(said: _Said, whose: Whose) -> str:
    """By what they are to the ticket: a name is somebody else's."""
    by = said.entry.by_id
    if by == whose.person_id:
        return _("dig")
    if by is None:
        return _("systemet")
    return _("en anden bruger") if by in (said.filer_id, said.affected_id) else _("servicedesk")


def _attachments(whose: Whose) -> Select[Any]:
    is_about = or_(Entry.by_id == whose.person_id, Ticket.affected_id == whose.person_id)
    return (
        select(Attachment)
        .join(Ticket, Ticket.id == Attachment.ticket_id)
        .join(Entry, (Entry.ticket_id == Attachment.ticket_id) & (Entry.seq == Attachment.seq))
        .where(_is_own(whose), Attachment.visibility == Visibility.PUBLIC, is_about)
        .order_by(Attachment.ticket_id, Attachment.id)
    )


def attachments(whose: Whose) -> Rows:
    return [
        {"ticket": number_of(one.ticket_id), "name": one.name, "size": one.size, "file": _path(one)}
        for one in db.session.scalars(_attachments(whose))
    ]


def attached_files(whose: Whose) -> Iterator[Kept]:
    for one in db.session.scalars(_attachments(whose)):
        yield Kept(_path(one), one.stored_name)


def _path(file: Attachment) -> str:
    return f"bilag/{number_of(file.ticket_id)}/{file.id}-{clean_name(file.name)}"


def mails(whose: Whose) -> Rows:
    """What was sent to the person, and when: the words themselves are not kept once a mail has left."""
    mail = OutboxMail
    query = select(mail.made_at, mail.sent_at, mail.address, mail.template.label("what"))
    return told(query.where(mail.person_id == whose.person_id).order_by(mail.id))


def notices(whose: Whose) -> Rows:
    query = select(Notice.event, Notice.made_at, Notice.read_at)
    return told(query.where(Notice.person_id == whose.person_id).order_by(Notice.id))


def ratings(whose: Whose) -> Rows:
    query = select(Rating.ticket_id, Rating.asked_at, Rating.answered_at, Rating.step, Rating.words.label("text"))
    query = query.where(Rating.person_id == whose.person_id, Rating.is_asked()).order_by(Rating.asked_at)
    return [{"ticket": number_of(row.pop("ticket_id")), **row} for row in told(query)]


def surveys(whose: Whose) -> Rows:
    """That the person was asked; what was answered only where answers have names on them."""
    asked = (
        select(Survey.title.label("survey"), Survey.is_anonymous, Invitation.invited_at)
        .add_columns(Invitation.is_answered, Invitation.kept.label("content"))
        .join(Survey, Survey.id == Invitation.survey_id)
        .where(Invitation.person_id == whose.person_id)
        .order_by(Invitation.id)
    )
    answers = (
        select(Survey.title.label("survey"), Question.words.label("question"), SurveyAnswer.said.label("content"))
        .join(Invitation, Invitation.id == SurveyAnswer.invitation_id)
        .join(Survey, Survey.id == Invitation.survey_id)
        .join(Question, Question.id == SurveyAnswer.question_id)
        .where(Invitation.person_id == whose.person_id, Survey.is_anonymous.is_(False))
        .order_by(Survey.id, Question.position)
    )
    return [*told(asked), *told(answers)]
