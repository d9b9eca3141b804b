"""What tests of reports ask for and read."""

from sqlalchemy import delete

from servicedesk.insight.models import ReportSubscription
from servicedesk.organisation.models import RoleGrant


def ask(browse, person, address="", files=("pdf", "xlsx")):
    return browse(person).post(f"/overview/reports?{address}", data={"files": list(files)})


def only(desk):
    (row,) = desk.all(ReportSubscription)
    return row


def text_of(message):
    return message.get_body(["plain"]).get_content()


def names_of(message):
    return [file.get_filename() for file in message.iter_attachments()]


def take_role(desk, person) -> None:
    with desk.writing() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.person_id == person.id))
