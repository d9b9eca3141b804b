"""Whether courses and visits helped."""

from flask import render_template

from servicedesk.competence import effects, visits
from servicedesk.competence.policy import UnitCompetencePermission
from servicedesk.competence.rules import BEFORE, FEW, LEAST_TICKETS, VisitState
from servicedesk.competence.views import bp, place
from servicedesk.competence.words import in_sentence, rate
from servicedesk.core import clock
from servicedesk.core.access import actor, requires
from servicedesk.training.policy import SessionPermission

LOOK = UnitCompetencePermission.LOOK


@bp.get("/competence/effects")
@requires(LOOK)
def effect_list() -> str:
    who = actor()
    customer, today = place.chosen(who), clock.today()
    held = [one for one in visits.listed(customer.id, who).past if one.state is VisitState.HELD]
    return render_template(
        "competence/effects.html",
        **place.standing(who, customer),
        sessions=effects.held_sessions(customer.id, who, clock.now()),
        visits=[(one, effects.of_visit(one, one.unit.path, today)) for one in held[: effects.MOST_SESSIONS]],
        address=place.address(),
        **words_of_effects(),
    )


@bp.get("/competence/sessions/<int:session_id>")
@requires(SessionPermission.HOLD)
def session_effect(session_id: int) -> str:
    """Of one time that a course was held."""
    session = effects.get_session(session_id, actor())
    came = effects.attended([session.id])[session.id]
    return render_template(
        "competence/session.html",
        session=session,
        systems=[one.name for one in session.course.systems],
        effect=effects.of_session(session, came, clock.today()),
        **words_of_effects(),
    )


def words_of_effects() -> dict[str, object]:
    return {
        "in_sentence": in_sentence,
        "rate": rate,
        "weeks_before": BEFORE.days // 7,
        "least": LEAST_TICKETS,
        "few": FEW,
    }
