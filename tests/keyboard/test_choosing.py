"""Single keys: on for those who work in the queue, off for others, and as each person wants."""

import pytest
from sqlalchemy import text

from servicedesk.core.actor import Role
from servicedesk.organisation.models import PersonPreferences

ON, OFF = 'data-keys="on"', 'data-keys="off"'


@pytest.mark.parametrize(
    ("role", "stands"),
    [
        (Role.SUPPORTER, ON),
        (Role.SERVICEDESK_MANAGER, ON),
        (Role.SUPERBRUGER, ON),
        (Role.ADMINISTRATOR, OFF),
        (None, OFF),
    ],
)
def test_keys_are_on_for_those_who_work_in_the_queue(desk, browse, role, stands):
    person = desk.person(role) if role else desk.person()
    assert stands in browse(person).get("/").text


def test_a_supporter_switches_them_off_and_on_again(desk, browse):
    browser = browse(desk.person(Role.SUPPORTER))
    answer = browser.post("/me/keys", data={"keys": "off"})
    assert (answer.status_code, answer.location) == (303, "/me#keys")
    assert OFF in browser.get("/").text
    browser.post("/me/keys", data={"keys": "on"})
    assert ON in browser.get("/").text


def test_an_employee_may_have_them_too(desk, browse):
    browser = browse(desk.person())
    browser.post("/me/keys", data={"keys": "on"})
    assert ON in browser.get("/me").text


@pytest.mark.parametrize("sent", ["", "ja", "on" * 10_000, "<script>"], ids=["nothing", "another", "long", "markup"])
def test_nonsense_is_off(desk, browse, sent):
    browser = browse(desk.person(Role.SUPPORTER))
    browser.post("/me/keys", data={"keys": sent})
    assert OFF in browser.get("/").text


@pytest.mark.parametrize(
    "stored",
    ['{"keys": 7}', '{"keys": "sideways"}', '{"keys": null}', "[]", "7", "{", "", '{"keys": {"on": []}}', "[" * 9_000],
)
def test_what_is_stored_wrongly_falls_back_for_that_person_and_touches_no_other(desk, browse, stored):
    person, other = desk.person(Role.SUPPORTER), desk.person(Role.SUPPORTER)
    browse(person).post("/me/keys", data={"keys": "off"})
    with desk.writing() as session:
        session.get_one(PersonPreferences, person.id).chosen = stored
    for each in (person, other):
        answer = browse(each).get("/")
        assert answer.status_code == 200
        assert ON in answer.text
    browse(person).post("/me/keys", data={"keys": "off"})
    assert OFF in browse(person).get("/").text


def test_a_choice_keeps_the_others(desk, browse):
    person = desk.person(Role.SUPPORTER)
    with desk.writing() as session:
        session.add(PersonPreferences(person_id=person.id, chosen='{"other":"kept"}'))
    browser = browse(person)
    browser.post("/me/keys", data={"keys": "off"})
    with desk.writing() as session:
        stored = session.execute(text("SELECT chosen FROM person_preferences")).scalar_one()
    assert stored == '{"keys":"off","other":"kept"}'


def test_the_list_of_keys_is_a_page(desk, browse):
    page = browse(desk.person(Role.SUPPORTER)).get("/keys").text
    assert "<kbd>g</kbd> <kbd>q</kbd>" in page
    assert page.count('data-key="g q"') == 1  # on the sheet; in the list itself a key would be met twice


def test_an_employee_is_offered_no_way_to_the_queue(desk, browse):
    assert 'data-key="g q"' not in browse(desk.person()).get("/keys").text
