"""A person is found in a few keystrokes, by those who may choose him or her, and by nobody else."""

import pytest
from sqlalchemy import text

from servicedesk.core.actor import Role
from servicedesk.core.db import db
from servicedesk.organisation import choosing
from servicedesk.organisation.models import Person
from servicedesk.organisation.policy import PersonPermission


@pytest.fixture
def supporter(desk):
    return desk.person(Role.SUPPORTER, name="Lene Krogh", initials="lekr")


@pytest.fixture
def choose(desk, supporter):
    def choose(q, who=None, permission=PersonPermission.TAKE_CALL, **more):
        with desk.app.app_context():
            return [one.initials for one in choosing.choose(q, desk.actor(who or supporter), permission, **more)]

    return choose


@pytest.fixture
def people(desk):
    return [
        desk.person(name="Mette Holm", initials="meho", phone="87 80 33 33"),
        desk.person(name="Åse Ærø", initials="aase", phone="+45 87803344", email=None),
        desk.person(name="Anne-Mette Bo", initials="me", phone="8780-4455"),
        desk.person(name="Søren_Holm 100%", initials="x_y", phone=None),
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("meho", ["meho"], id="initials"),
        pytest.param("me", ["me", "meho"], id="just those initials first"),
        pytest.param("ME", ["me", "meho"], id="in capitals"),
        pytest.param("mette", ["me", "meho"], id="a first name, and a later part of one"),
        pytest.param("holm mette", ["meho"], id="names in any order"),
        pytest.param("åse", ["aase"], id="a letter that is not English"),
        pytest.param("ÆRØ", ["aase"], id="and another in capitals"),
        pytest.param("87803333", ["meho"], id="a telephone number"),
        pytest.param("87 80 33 33", ["meho"], id="with blanks"),
        pytest.param("+45 87 80 33 33", ["meho"], id="with the country"),
        pytest.param("004587803333", ["meho"], id="with the country in digits"),
        pytest.param("3344", ["aase"], id="the last four digits"),
        pytest.param("8780", ["me", "meho", "aase"], id="the first four digits"),
        pytest.param("%", [], id="a wildcard is a sign"),
        pytest.param("_", [], id="another wildcard is a sign"),
        pytest.param("x_", ["x_y"], id="a wildcard in initials"),
        pytest.param("*", [], id="a star is a sign"),
        pytest.param("100%", ["x_y"], id="a sign in a name"),
        pytest.param("", [], id="nothing"),
        pytest.param("\x00", [], id="what no database takes"),
        pytest.param("'; DROP TABLE person; --", [], id="quotes"),
    ],
)
def test_what_is_typed_finds(people, choose, typed, found):
    assert sorted(choose(typed)) == sorted(found)
    if typed.lower() == "me":
        assert choose(typed) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("aase", ["åse", "aage"]),
        ("åse", ["åse", "aage"]),
        ("AASE", ["åse", "aage"]),
        ("soeren", ["sø"]),
        ("sören", ["sø"]),
        ("andre", ["an"]),
        ("André", ["an"]),
        ("aeroe", ["sø"]),
        ("mueller", []),
        ("muller", ["an"]),
        ("o'con", ["aage"]),
    ],
)
def test_names_are_found_however_they_are_spelled(desk, choose, typed, found):
    desk.person(name="Åse Holm", initials="åse")
    desk.person(name="Søren Ærø", initials="sø")
    desk.person(name="André Müller", initials="an")
    desk.person(name="Aage-Aase O'Connor", initials="aage")

    assert sorted(choose(typed)) == sorted(found)


def test_who_is_written_so_to_the_letter_comes_first(desk, choose):
    desk.person(name="Åse Abel", initials="q1")
    desk.person(name="Aase Zahle", initials="q2")
    desk.person(name="Bo Aas", initials="q3")

    assert choose("aase") == ["q2", "q1"]
    assert choose("åse") == ["q1", "q2"]
    assert choose("aas") == ["q3", "q2", "q1"]


def test_a_changed_person_is_found_by_what_he_is_called_now(desk, choose):
    person = desk.person(name="Åse Holm", initials="q1", phone="87 80 33 33")
    with desk.writing() as session:
        changed = session.get_one(Person, person.id)
        changed.name, changed.phone = "Åse Bech", "tlf. 87 80 44 44 / 20 30 40 50"

    assert choose("holm") == choose("87803333") == []
    assert choose("aase") == choose("bech") == choose("4444") == choose("20304050") == ["q1"]


def test_it_is_read_off_an_index(desk):
    """Among a few rows PostgreSQL rightly reads them all; the same range is an index condition there."""
    asked = choosing._with_one_of(("aase",)).compile(compile_kwargs={"literal_binds": True})
    with desk.app.app_context():
        if db.engine.dialect.name == "sqlite":
            plan = db.session.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all()
            assert "SEARCH person_key USING" in str(plan)


def test_never_more_than_twenty(desk, choose):
    for number in range(25):
        desk.person(name=f"Anna Nr {number}")

    assert len(choose("a")) == choosing.MOST
    assert len(choose("a", limit=1000)) == choosing.MOST


def test_each_purpose_has_its_own_circle(desk, choose, supporter):
    school, town_hall = desk.unit(), desk.unit()
    teacher = desk.person(unit=school)
    desk.person(unit=school, name="Kim Kollega", initials="kiko")
    desk.person(unit=town_hall, name="Kim Fremmed", initials="kifr")
    desk.person(unit=desk.customer(), name="Kim Udefra", initials="kiud")
    desk.person(unit=school, name="Kim Væk", initials="kiva", is_active=False)

    assert choose("kim") == ["kifr", "kiko"]
    assert choose("kim", teacher, PersonPermission.BRING) == ["kiko"]
    assert choose("kim", teacher) == choose("kim", teacher, PersonPermission.FILE_FOR_OTHERS) == []
    assert choose("kim", desk.person(Role.SUPERBRUGER, over=school), PersonPermission.FILE_FOR_OTHERS) == ["kiko"]
    assert choose("kim", desk.person(Role.SUPERBRUGER, over=school)) == []


@pytest.mark.parametrize(("typed", "one"), [("me", "me"), ("meho", "meho"), ("holm", "meho"), ("m", None), ("q", None)])
def test_whom_somebody_means(desk, people, supporter, typed, one):
    with desk.app.app_context():
        found = choosing.choose(typed, desk.actor(supporter), PersonPermission.TAKE_CALL)
        meant = choosing.the_one(typed, [person for person in found if person.initials != "x_y"])

    assert (meant.initials if meant else None) == one


def test_suggestions_say_nothing_of_whom_one_may_not_choose(desk, browse, people):
    employee = desk.person(unit=desk.unit())

    known, unknown = (browse(employee).get(f"/tickets/people?to=bring&q={q}") for q in ("meho", "zzzz"))

    assert known.status_code == unknown.status_code == 200
    assert known.text.strip() == unknown.text.strip() == ""
    assert browse(employee).get("/tickets/people?to=nonsense&q=meho").status_code == 404


def test_what_stands_in_names_is_inert(desk, browse, supporter):
    desk.person(name='<img src=x onerror="alert(1)">', initials="xss", phone='"><script>')

    page = browse(supporter).get("/tickets/people?to=call&q=xss").text

    assert "xss" in page and "<img" not in page and "<script" not in page
