"""Yes, please, or no, thanks: what the one who was offered something can do."""

import pytest

from servicedesk.competence.models import Offer
from servicedesk.competence.rules import Answer
from servicedesk.systems.models import KnownError
from servicedesk.training.models import SignUp
from servicedesk.training.rules import CourseKind, SignUpState
from tests.competence_made import course, session
from tests.systems_made import make_known_error


@pytest.fixture
def offered(desk, town):
    """The teacher was offered a course that is held twice."""
    kom = course(desk, town.aula, "Aula for lærere")
    town.session = session(desk, kom, seats=1)
    town.ticket = town.solved(topic="Genåbne en sag", suggestion="fitting")
    [town.offer] = desk.all(Offer)
    return town


def test_yes_takes_a_seat_by_the_trainings_own_command(desk, browse, offered):
    page = browse(offered.teacher).get(f"/competence/offers/{offered.offer.id}").text
    assert "Aula for lærere" in page and "1 ledig plads" in page
    browse(offered.teacher).post(f"/competence/offers/{offered.offer.id}/yes", data={"session": offered.session.id})
    [place] = desk.all(SignUp)
    assert (place.person_id, place.session_id, place.state) == (
        offered.teacher.id,
        offered.session.id,
        SignUpState.SIGNED_UP,
    )
    assert desk.get(Offer, offered.offer.id).answer is Answer.ACCEPTED
    assert "Du er meldt til Aula for lærere" in browse(offered.teacher).get(f"/tickets/{offered.ticket}").text


def test_yes_sent_twice_takes_one_seat(desk, browse, offered):
    for _ in range(2):
        browse(offered.teacher).post(f"/competence/offers/{offered.offer.id}/yes", data={"session": offered.session.id})
    assert desk.count(SignUp) == 1


def test_a_session_of_another_course_is_refused(desk, browse, offered):
    other = session(desk, course(desk, desk.system(), "Noget andet"))
    answer = browse(offered.teacher).post(f"/competence/offers/{offered.offer.id}/yes", data={"session": other.id})
    assert answer.status_code == 422 and "Aula for lærere" in answer.text
    assert desk.count(SignUp) == 0 and desk.get(Offer, offered.offer.id).answer is None


def test_no_is_taken_for_an_answer_and_tells_nobody(desk, browse, offered):
    browse(offered.teacher).post(f"/competence/offers/{offered.offer.id}/no")
    assert desk.get(Offer, offered.offer.id).answer is Answer.DECLINED
    assert "Aula for lærere" not in browse(offered.teacher).get(f"/tickets/{offered.ticket}").text
    again = browse(offered.teacher).get(f"/competence/offers/{offered.offer.id}").text
    assert "Du kan altid ombestemme dig" in again


def test_looking_at_it_answers_nothing(desk, browse, offered):
    browse(offered.teacher).get(f"/competence/offers/{offered.offer.id}/yes")
    browse(offered.teacher).get(f"/competence/offers/{offered.offer.id}")
    assert desk.get(Offer, offered.offer.id).answer is None


def test_a_course_on_the_net_opens_at_once(desk, browse, town):
    on_net = course(desk, town.aula, "På nettet", kind=CourseKind.ELEARNING, link="https://laering.testby.example/aula")
    town.solved(topic="Genåbne en sag", suggestion="fitting")
    [offer] = desk.all(Offer)
    answer = browse(town.teacher).post(f"/competence/offers/{offer.id}/yes")
    assert (offer.course_id, answer.location) == (on_net.id, "https://laering.testby.example/aula")


def test_an_article_can_be_offered_instead(desk, browse, town):
    known = make_known_error(desk, town.aula, title="Knappen er flyttet", workaround="Se under **Mere**.")
    ticket = town.solved(topic="Genåbne en sag", suggestion=f"known-{known}")
    assert "Knappen er flyttet" in browse(town.teacher).get(f"/tickets/{ticket}").text
    [offer] = desk.all(Offer)
    assert "<strong>Mere</strong>" in browse(town.teacher).get(f"/competence/offers/{offer.id}").text
    assert desk.get(KnownError, known).solved_by_it == 0


def test_the_coordinator_counts_answers_without_names(desk, browse, offered):
    browse(offered.teacher).post(f"/competence/offers/{offered.offer.id}/no")
    page = browse(offered.coordinator).get("/competence/counts").text
    assert "<span>Nej tak</span> <strong>1</strong>" in page and "Anna Lærer" not in page
    assert "Nej tak" not in browse(offered.manager).get("/competence/counts").text
