"""What people are asked, for the looks: ratings and their follow-up, surveys in each state, and figures of both."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from servicedesk.core import clock
from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import table_of
from servicedesk.surveys.commands import answering, building, following_up, running
from servicedesk.surveys.commands.building import Terms
from servicedesk.surveys.links import Purpose, digest
from servicedesk.surveys.models import Figure, Publication, SurveyLink
from servicedesk.surveys.queries import surveys
from servicedesk.surveys.rules import About, Kind, previous_quarter, quarter_of
from tests.desk import local_today
from tests.surveys.made import invited, rated

if TYPE_CHECKING:
    from tests.pages.town import Town

QUESTIONS = [
    (Kind.STEPS, "Hvor tilfreds er du med servicedesken alt i alt?", ()),
    (Kind.NPS, "Hvor sandsynligt er det, at du vil anbefale servicedesken til en kollega?", ()),
    (Kind.YES_NO, "Har du manglet hjælp til noget?", ()),
    (Kind.ONE, "Hvordan får du helst hjælp?", ("Telefon", "Selvbetjening", "En superbruger på stedet")),
    (Kind.SEVERAL, "Hvad skal vi blive bedre til?", ("Svare hurtigere", "Forklare, hvad der skete", "Følge op")),
    (Kind.TEXT, "Har du et godt råd til os?", ()),
]


def tell(town: Town) -> None:
    _rate(town)
    _survey(town)
    _publish(town)


def _rate(town: Town) -> None:
    desk, people, now = town.desk, town.people, clock.now()
    employee = people["employee"]
    open_one, low_one, bare = (
        desk.ticket("closed", by=employee, assignee=people["supporter"], subject=subject)
        for subject in ("Kan ikke printe vagtplanen", "Skærmen flimrer", "Musen hakker igen")
    )
    rated(desk, employee, None, ticket_id=open_one, digest=digest("a-rating", Purpose.RATING))
    words = "Det tog to uger, og jeg måtte ringe tre gange.\nTil sidst løste min kollega det."
    low = {"words": words, "wants_contact": True, "added_at": now, "digest": digest("rated", Purpose.RATING)}
    rated(desk, employee, 2, ticket_id=low_one, **low)
    rated(desk, employee, None, ticket_id=town.tickets["closed"], expires_at=now - timedelta(days=1))
    rated(desk, employee, 4, ticket_id=bare, digest=digest("bare", Purpose.RATING))
    town.keys |= {"rating": "a-rating", "rated": "rated", "rated_bare": "bare", "to_rate": open_one, "low": low_one}
    town.keys |= {"task": _follow_up(town, low_one), "task_done": _follow_up(town, town.tickets["closed"], done=True)}


def _follow_up(town: Town, ticket_id: int, *, done: bool = False) -> int:
    from servicedesk.surveys.models import FollowUp, Rating
    from servicedesk.surveys.rules import Reason

    now = clock.now()
    with town.desk.writing() as session:
        following_up.begin(session.get_one(Rating, ticket_id), Reason.LOW, by=SYSTEM, now=now)
        task = session.query(FollowUp).filter_by(ticket_id=ticket_id).one()
        task.due_at = now - timedelta(hours=3)
        key: int = task.id
    if done:
        by = town.desk.actor(town.people["chief"])
        with town.desk.app.app_context():
            following_up.answer(key, "Det beklager vi. Vi har talt om det på teammødet.", by=by, now=now)
            following_up.finish(key, "Mette er glad nu.", by=by, now=now)
    return key


def _survey(town: Town) -> None:
    desk, today = town.desk, local_today()
    for number in range(14):
        desk.person(unit=town.units["home" if number % 2 else "nurses"], name=f"Medarbejder {number + 1}")
    town.keys["survey_draft"] = _built(town, "Hjælp i hjemmeplejen", today)
    first = _closed(town, _opened(town, "Brugerundersøgelse i foråret", today), lambda number: number % 3 + 2)
    with desk.app.app_context():
        by, now = SYSTEM, clock.now()
        again = building.repeat(first, opens_on=today, closes_on=today + timedelta(days=20), by=by, now=now).id
        running.plan(again, by=by, now=now)
    town.keys["survey_closed"] = _closed(town, again, lambda number: number % 3 + 3)
    open_one = _opened(town, "Brugerundersøgelse i efteråret", today)
    [mine] = [one for one in invited(desk, open_one) if one.person_id == town.people["employee"].id]
    desk.add(SurveyLink(digest=digest("a-survey", Purpose.SURVEY), invitation_id=mine.id))
    town.keys |= {"survey": "a-survey", "survey_open": open_one}
    with desk.app.app_context():
        town.keys["question"] = surveys.questions_of(int(town.keys["survey_draft"]))[0].id


def _built(town: Town, title: str, today: date) -> int:
    terms = Terms(
        title=title,
        unit_id=town.desk.home.id,
        opens_on=today,
        closes_on=today + timedelta(days=20),
        intro="Vi vil gerne vide, hvordan hjælpen er, og hvad vi kan gøre bedre.",
    )
    with town.desk.app.app_context():
        made = building.make(terms, by=SYSTEM, now=clock.now()).id
        for kind, words, options in QUESTIONS:
            building.add_question(made, kind, words, options, by=SYSTEM, now=clock.now())
    return made


def _opened(town: Town, title: str, today: date) -> int:
    made = _built(town, title, today)
    with town.desk.app.app_context():
        running.plan(made, by=SYSTEM, now=clock.now())
    return made


def _closed(town: Town, survey_id: int, step) -> int:
    for number, one in enumerate(invited(town.desk, survey_id)):
        by = town.desk.actor(one.person_id)
        with town.desk.app.app_context():
            asked = surveys.questions_of(survey_id)
            told = ([str(step(number))], [str(number % 5 + 6)], ["no"], [str(number % 3)])
            said = (*told, [str(number % 3)], [f"Ring tilbage, {number}"])
            typed = {one.id: list(value) for one, value in zip(asked, said, strict=True)}
            answering.answer_signed_in(survey_id, typed, by=by)
    with town.desk.app.app_context():
        running.close(survey_id, by=SYSTEM, now=clock.now())
    return survey_id


def _publish(town: Town) -> None:
    """Figures of two quarters, as they lie in the table."""
    home, now = town.desk.home.id, clock.now()
    last = previous_quarter(quarter_of(now.date()))
    quarters = (last, previous_quarter(last))
    told: list[tuple[About, str, Any]] = [
        *((About.UNIT, "unit_id", unit) for unit in (town.desk.home, town.units["care"], town.units["home"])),
        *((About.TEAM, "team_id", town.teams[name]) for name in ("desk",)),
        (About.SYSTEM, "system_id", town.systems["sensum"]),
    ]
    with town.desk.writing() as session:
        for on in quarters:
            session.add(Publication(customer_id=home, starts_on=on, published_at=now, least=5))
        session.flush()
        empty = {"unit_id": None, "team_id": None, "system_id": None}
        rows = [
            {**empty, "customer_id": home, "starts_on": on, "about": about, column: thing.id, "asked": 60 - place * 9}
            | {"counts": {"5": 14 - place, "4": 9, "3": 2, "2": 1, "1": place % 2}}
            for on in quarters
            for place, (about, column, thing) in enumerate(told)
            if on == last or about is not About.SYSTEM
        ]
        session.execute(insert(table_of(Figure)), rows)
    town.desk.person(name="Bo Bak", team=town.teams["desk"])  # a team of two has no figures
