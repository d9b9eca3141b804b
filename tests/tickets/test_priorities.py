"""A customer's own matrix of priorities."""

import pytest

from servicedesk.core.actor import Role
from servicedesk.core.audit import AuditLine
from servicedesk.tickets import matrix
from servicedesk.tickets.models import PriorityRule
from servicedesk.tickets.workflow import DEFAULT_MATRIX, Level, Priority


def cells(**others):
    told = {matrix.cell_name(*cell): int(priority) for cell, priority in DEFAULT_MATRIX.items()}
    return {**told, **others}


def matrix_of(desk, customer):
    with desk.app.app_context():
        return matrix.get(customer.id)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SERVICEDESK_MANAGER])
def test_a_customer_sets_its_own_priorities_and_takes_them_back(desk, browse, role):
    browser = browse(desk.person(role))
    other = desk.customer()

    answer = browser.post(f"/admin/priorities/{desk.home.id}", data=cells(low_low=1))

    assert answer.status_code == 303
    assert matrix_of(desk, desk.home)[Level.LOW, Level.LOW] is Priority.CRITICAL
    assert matrix_of(desk, other) == DEFAULT_MATRIX
    assert desk.all(AuditLine)[0].facts["changes"] == {"low_low": ["low", "critical"]}

    if role is Role.ADMINISTRATOR:
        assert "Påvirkning Lav, hastegrad Lav: Lav → Kritisk" in browser.get("/admin/audit").text

    assert browser.post(f"/admin/priorities/{desk.home.id}/default").status_code == 303
    assert matrix_of(desk, desk.home) == DEFAULT_MATRIX
    assert desk.count(PriorityRule) == 0


@pytest.mark.parametrize("value", ["", "0", "5", "x", "1 OR 1", "9" * 40])
def test_what_is_no_priority_changes_nothing(desk, browse, value):
    answer = browse(desk.person(Role.ADMINISTRATOR)).post(
        f"/admin/priorities/{desk.home.id}", data=cells(low_low=value, high_high=4)
    )

    assert answer.status_code == 422
    assert matrix_of(desk, desk.home) == DEFAULT_MATRIX


def test_others_do_not_set_priorities(desk, browse):
    part = desk.unit()
    strangers = [
        desk.person(Role.SUPPORTER),
        desk.person(Role.ADMINISTRATOR, over=part),
        desk.person(Role.ADMINISTRATOR, unit=desk.customer()),
    ]

    for stranger in strangers:
        assert browse(stranger).post(f"/admin/priorities/{desk.home.id}", data=cells()).status_code == 404
        assert browse(stranger).post(f"/admin/priorities/{desk.home.id}/default").status_code == 404
    assert desk.count(PriorityRule) == 0
