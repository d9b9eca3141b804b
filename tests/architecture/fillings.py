"""What a person would send in each form who may do it, so that nothing but the person's rights is in the way."""

from datetime import timedelta
from typing import Any

from servicedesk.core import clock
from servicedesk.organisation.models import Person, Unit
from servicedesk.training.models import Course
from tests.abuse.town import Town
from tests.desk import local_today


def filled(town: Town, role: str) -> dict[str, dict[str, Any]]:
    """What a person would send who may do it, so that nothing but the person's rights is in the way."""
    is_foreign = role == "foreign administrator"
    unit, customer = (town.there, town.other) if is_foreign else (town.u11, town.home)
    person: Person = town.foreign_person if is_foreign else town.r1
    ticket = {"body": "Hej", "solution": "Sådan", "cause": "fault", "supplier": "Firma", "reason": "Derfor"}
    about = {"subject": "Emne", "kind": "incident", "impact": "low", "urgency": "low"}
    told = {"name": "Navn", "initials": "nyini", "unit_id": unit.id, "parent_id": unit.id, "customer_id": customer.id}
    known = {"system_id": town.system.id, "title": "Kendt", "audience": "everybody"}
    levels = ("low", "medium", "high")
    cells = {f"{impact}_{urgency}": "2" for impact in levels for urgency in levels}
    return {
        "organisation.add_person": told,
        "organisation.change_person": told,
        "organisation.give_role": {"role": "manager", "scope": f"unit:{unit.id}", "starts_on": "2026-01-01"},
        "organisation.add_unit": told,
        "organisation.rename_unit": told,
        "organisation.move_unit": {"parent_id": customer.id},
        "organisation.add_team": told,
        "organisation.change_team": told,
        "organisation.add_member": {"person_id": person.id},
        "systems.add_system": told,
        "systems.change_system": told,
        "known_errors.add": known,
        "known_errors.change": known,
        "cockpit.make_known": {**known, "is_read": "1"},
        "status.declare": {"kind": "disturbance", "system": town.system.id, "message": "Nede", "expected": ""},
        "status.update": {"body": "Nyt", "expected": ""},
        "status.choose": {"systems": [(town.foreign_system if is_foreign else town.system).id]},
        "cockpit.solve_all": {**ticket, "form_id": "a" * 32},
        "matrix.set_priorities": cells,
        "reports.subscribe": {"files": ["xlsx"]},
        **_about_competence(unit),
        **_about_superbrugere(person, unit),
        **_about_agreements(town.agreed(customer)["hours_id"]),
        **_about_hours(told),
        **_about_training(person, next((one.id for one in town.desk.all(Course, customer_id=customer.id)), 0)),
        "tickets.file_it": {**about, "description": "Tekst"},
        "tickets.say": ticket,
        "tickets.resolve": ticket,
        "tickets.reveal": ticket,
        "tickets.reopen": ticket,
        "tickets.cancel": ticket,
        "tickets.wait_for_supplier": ticket,
        "tickets.merge": {"number": f"SD-{town.t2}"},
        "tickets.choose_merge": {"number": f"SD-{town.t2}"},
        "tickets.split": {**about, "description": "Tekst", "entry": "1"},
        "tickets.quote_for_split": {**about, "entry": "1"},
        "organisation.plan_own_absence": _days_away(),
        "organisation.plan_absence_of_other": {**_days_away(), "person_id": person.id},
        "organisation.change_settings": {"counts_minutes": "1"},
        "tickets.link": {"number": f"SD-{town.t2}", "link": "related"},
        "tickets.unlink": {"number": f"SD-{town.t2}", "link": "related"},
        "tickets.follow": {},
        "tickets.move": {"team": town.network.id},
        "tickets.assign": {"assignee": town.s1.id},
        "tickets.change": about,
        "tickets.classify": {"secrecy": "confidential"},
        "drafts.save": {"description": "Tekst"},
        "phrases.add": {"name": "Navn", "keyword": "navn", "body": "Tekst"},
        "phrases.change": {"name": "Navn", "keyword": "navn", "body": "Tekst"},
        "tickets.choose_seconds": {"seconds": "30"},
        "notifications.choose": {"digest_time": "08:00", "digest_days": ["0"]},
        "notifications.read": {"thread": f"ticket-{town.t1}"},
        "surveys.give_own_rating": {"step": "4"},
        "surveys.add_own_words": {"words": "Tak"},
        "surveys.answer_task": {"answer": "Det beklager vi"},
        "surveys.finish_task": {"note": "Talt i telefon"},
        "surveys.change": {"share": "50", "least": "6", "follow_up_days": "3"},
        "surveys.add_question": {"kind": "steps", "words": "Hvordan?"},
        "signin.save_profile": {"locale": "en"},
        "signin.language": {"locale": "en"},
        "signin.enter": {"name": "x", "password": "y"},
        "signin.ask_reset": {"name": "x"},
        "signin.reset": {"password": "fire glade køer", "again": "fire glade køer"},
    }


def _days_away() -> dict[str, str]:
    ahead = local_today() + timedelta(days=300)
    return {"starts_on": ahead.isoformat(), "ends_on": ahead.isoformat()}


def _about_competence(unit: Unit) -> dict[str, dict[str, Any]]:
    visit = {"unit": unit.id, "visit_on": local_today().isoformat(), "goals": "Se efter"}
    return {
        "competence.change_topic": {"name": "Genåbne en sag"},
        "competence.name_topic": {"topic": "Genåbne en sag"},
        "competence.plan_visit": visit,
        "competence.change_visit": visit,
        "competence.add_finding": {"body": "Skærmen er for lille", "kind": "note"},
        "competence.set_kinds": {f"kind-{unit.id}": "Skole"},
    }


def _about_superbrugere(person: Person, unit: Unit) -> dict[str, dict[str, Any]]:
    meeting = {"title": "Møde", "starts": "2099-03-02T09:00", "ends": "2099-03-02T10:00"}
    terms = {"kind": "it", "units": unit.id, "starts_on": "2026-01-01", "hours": "2"}
    return {
        "superbrugere.add_network": {"name": "Netværk"},
        "superbrugere.change_network": {"name": "Netværk"},
        "superbrugere.add_member": {"person_id": person.id},
        "superbrugere.write_to_network": {"subject": "Nyt", "body": "Kære alle"},
        "superbrugere.add_meeting": meeting,
        "superbrugere.change_meeting": meeting,
        "superbrugere.answer_meeting": {"coming": "yes"},
        "superbrugere.add": {**terms, "person": person.name, "person_id": person.id},
        "superbrugere.change": terms,
        "superbrugere.publish": {"body": "Sådan", "incident": "solve", "request": "answer", "seen": "1"},
        "superbrugere.give_help": {"system": "none", "cause": "fault", "unit": unit.id},
        "superbrugere.change_help": {"system": "none", "cause": "fault", "unit": unit.id},
    }


def _about_training(person: Person, course_id: int) -> dict[str, dict[str, Any]]:
    when = {"starts": "2099-03-02T09:00", "ends": "2099-03-02T10:00", "seats": "9"}
    days = {"deadline_days": "30", "starts_on": "2026-01-01", "obtained_on": "2026-01-01", "on": "2026-01-01"}
    asked = {"course_id": course_id, "strength": "mandatory", "reason": "Derfor", "evidence": "Bevis", **days}
    return {
        "training.add_course": {"name": "Et nyt kursus", "kind": "classroom"},
        "training.change_course": {"name": "Et andet navn"},
        "training.publish_text": {"body": "En ny tekst"},
        "training.sign_guideline": {"version": "1", "has_read": "1"},
        "training.plan_session": when,
        "training.change_session": when,
        "training.add_participant": {"person_id": person.id},
        "training.add_requirement": {**asked, "save": "1"},
        "training.change_requirement": {**asked, "save": "1"},
        "training.withdraw_requirement": asked,
        "training.add_record": asked,
        "training.add_exemption": asked,
        "training.withdraw_record": asked,
        "training.instruct": {**days, "people": person.id},
    }


def _about_hours(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    ahead = local_today() + timedelta(days=30)
    week = {f"day_{day}": "8-16" for day in range(5)}
    return {
        "hours.add_hours": {**told, **week, "zone": "Europe/Copenhagen"},
        "hours.rename": told,
        "hours.change_week": {**week, "starts_on": ahead.isoformat()},
        "hours.set_day": {"on": ahead.isoformat(), "name": "Ferie", "times": ""},
        "hours.remove_day": {"on": f"{ahead.year + 1}-01-01"},
        "hours.propose_days": {"year": ahead.year + 2},
        "hours.decide_days": {"days": [f"{ahead.year}-12-24"], "do": "approve"},
    }


def _about_agreements(hours_id: int) -> dict[str, dict[str, Any]]:
    ahead = (clock.now() + timedelta(days=30)).date().isoformat()
    length = {"all_1_resolution": "4", "all_1_resolution_unit": "hours", "auto_close": "10"}
    terms = {"name": "En aftale", "starts_on": ahead, "calendar": hours_id, **length}
    return {
        "agreements.add": terms,
        "agreements.change": terms,
        "suppliers.add": {"name": "Firma"},
        "suppliers.change": {"name": "Firma", "is_active": "1"},
    }
