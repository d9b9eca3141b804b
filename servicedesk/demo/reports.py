"""Who in Odby gets an overview by mail each month, and the last one in the post; each by its command."""

from datetime import datetime, timedelta

from servicedesk.agreements.opening import is_open_at
from servicedesk.core import clock
from servicedesk.demo.town import Someone, Town
from servicedesk.figures.rules import first_day, month_of
from servicedesk.figures.slices import Slice
from servicedesk.insight.reports import commands
from servicedesk.organisation.actors import load_actor

#: Since then, so that they have had one.
AGO = timedelta(days=75)


def send(town: Town, now: datetime) -> None:
    """The servicedesk manager gets everything, the head of the school what is about it."""
    month = month_of(now, clock.own_zone())
    of_all = Slice(customer_id=town.root.id, first=month, last=month)
    school = town.faces.manager.place.id
    of_school = Slice(customer_id=town.root.id, first=month, last=month, units=(school,))
    _subscribe(town.faces.servicedesk_manager, of_all, now - AGO, has_xlsx=True)
    _subscribe(town.faces.manager, of_school, now - AGO, has_xlsx=False)
    at = _first_opening(town.root.id, month)
    while at <= now and commands.send_next(now=at):
        pass


def _subscribe(who: Someone, slice_: Slice, at: datetime, *, has_xlsx: bool) -> None:
    by = load_actor(who.id, today=at.date()) or load_actor(who.id, today=clock.today())
    assert by is not None
    commands.subscribe(slice_, has_pdf=True, has_xlsx=has_xlsx, by=by, now=at)


def _first_opening(customer_id: int, month: int) -> datetime:
    """When the servicedesk opened this month, to the quarter of an hour."""
    at = clock.day_begins(first_day(month))
    while not is_open_at(customer_id, at):
        at += timedelta(minutes=15)
    return at
