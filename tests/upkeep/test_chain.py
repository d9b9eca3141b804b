"""The audit log's chain: whatever is done to the table by hand, the first line that does not fit is named (A224)."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update

from servicedesk.core import audit, clock
from servicedesk.core.actor import SYSTEM
from servicedesk.core.audit import AuditLine
from servicedesk.core.db import db, transaction
from servicedesk.upkeep import chain

A_WHILE = timedelta(hours=1)


@pytest.fixture
def write(app, desk):
    """Adds so many lines."""

    def add(number):
        with desk.writing():
            for one in range(number):
                audit.record("unit_added", by=SYSTEM, now=clock.now(), customer_id=desk.home.id, name=f"Enhed {one}")

    return add


@pytest.fixture
def seal(app, tmp_path):
    def run(after=timedelta(0)):
        with app.app_context():
            return chain.seal(clock.now() + after, tmp_path)

    return run


@pytest.fixture
def faults(app, tmp_path):
    """(place, reason) of what does not fit."""

    def find(file=None):
        with app.app_context():
            return list(chain.faults(chain.anchors(file or tmp_path / chain.ANCHORS)))

    return find


@pytest.fixture
def by_hand(app):
    """Somebody with the password of the database."""

    def do(*statements):
        with app.app_context(), transaction() as session:
            for statement in statements:
                session.execute(statement)

    return do


@pytest.fixture
def ten(write, seal):
    write(10)
    assert seal() == 10


def first(found):
    return found[0].place if found else None


def test_untouched_it_holds_and_goes_on(write, seal, faults, ten):
    assert faults() == []
    write(3)
    assert (seal(), seal()) == (3, 0)
    assert faults() == []


def at(place):
    return AuditLine.place == place


@pytest.mark.parametrize(
    ("statements", "place"),
    [
        pytest.param([update(AuditLine).where(at(4)).values(action="unit_moved")], 4, id="edited"),
        pytest.param([update(AuditLine).where(at(4)).values(facts={"name": "Andet"})], 4, id="facts edited"),
        pytest.param([text("UPDATE audit_line SET facts = 'no json' WHERE place = 4")], 4, id="facts spoilt"),
        pytest.param([update(AuditLine).where(at(4)).values(by_id=None, customer_id=None)], 4, id="whose edited"),
        pytest.param([update(AuditLine).where(at(4)).values(digest="0" * 64)], 4, id="digest edited"),
        pytest.param([update(AuditLine).where(at(4)).values(facts_digest="0" * 64)], 4, id="facts' digest edited"),
        pytest.param([update(AuditLine).where(at(4)).values(facts=audit.ERASED, salt=None)], 4, id="facts taken out"),
        pytest.param([delete(AuditLine).where(at(4))], 4, id="deleted"),
        pytest.param([delete(AuditLine).where(at(1))], 1, id="the first deleted"),
        pytest.param([delete(AuditLine).where(AuditLine.place >= 8)], 8, id="the tail cut off"),
        pytest.param([delete(AuditLine)], 1, id="all deleted"),
        pytest.param(
            [
                update(AuditLine).where(at(4)).values(place=99),
                update(AuditLine).where(at(6)).values(place=4),
                update(AuditLine).where(at(99)).values(place=6),
            ],
            4,
            id="two swapped",
        ),
    ],
)
def test_the_first_line_that_does_not_fit_is_named(ten, by_hand, faults, statements, place):
    by_hand(*statements)
    assert first(faults()) == place


def test_a_line_put_in_between_is_named(desk, ten, by_hand, faults):
    by_hand(*(update(AuditLine).where(at(place)).values(place=place + 1) for place in range(10, 4, -1)))
    forged = {"place": 5, "digest": "0" * 64, "salt": "", "facts_digest": chain.digest_of_facts("{}", "")}
    desk.add(AuditLine(at=clock.now(), action="unit_added", facts={}, **forged))
    assert first(faults()) == 5


def test_whoever_writes_the_chain_anew_meets_an_anchor(app, write, seal, faults, by_hand, ten, tmp_path):
    write(5)
    seal(A_WHILE)
    nothing = {"place": None, "digest": None, "salt": None, "facts_digest": None}
    by_hand(update(AuditLine).where(at(4)).values(action="unit_moved"), update(AuditLine).values(nothing))
    with app.app_context():
        assert chain.seal(clock.now(), tmp_path / "elsewhere") == 15

    [fault, *_others] = faults()

    assert (fault.place, "anchor" in fault.reason) == (10, True)


def test_an_older_table_that_was_put_back_and_went_on_meets_an_anchor(write, seal, faults, by_hand, ten, app):
    write(5)
    seal(A_WHILE)
    by_hand(delete(AuditLine).where(AuditLine.place > 10))
    assert first(faults()) == 11
    write(8)
    seal(A_WHILE)
    assert (first(faults()), "anchor" in faults()[0].reason) == (15, True)


def test_an_anchor_kept_elsewhere_does_when_ours_is_gone(app, ten, faults, by_hand, tmp_path):
    with app.app_context():
        place, digest = chain.find_end()
    kept = tmp_path / "kept.txt"
    kept.write_text(f"2026-03-02T09:00:00+00:00 {place} {digest}\nhalf a li\n")
    by_hand(delete(AuditLine).where(at(10)))
    (tmp_path / chain.ANCHORS).unlink()
    assert faults() == []
    assert first(faults(kept)) == 10


def test_facts_that_were_taken_out_openly_leave_the_chain_whole(app, desk, ten, seal, faults):
    with app.app_context():
        ids = db.session.scalars(select(AuditLine.id).where(AuditLine.place.in_([3, 4]))).all()
        audit.erase_facts(ids, by=SYSTEM, now=clock.now())
    seal()
    assert faults() == []
    assert [line.facts for line in desk.all(AuditLine, action="unit_added")][2:4] == [audit.ERASED] * 2


def test_anchors_are_left_now_and_then(write, seal, tmp_path):
    for after in (timedelta(0), timedelta(minutes=5), A_WHILE):
        write(1)
        seal(after)
    assert [anchor.place for anchor in chain.anchors(tmp_path / chain.ANCHORS)] == [1, 3]


def test_check_names_it_and_prints_an_anchor(app, ten, by_hand, tmp_path):
    run = app.test_cli_runner().invoke
    told = run(args=["check", "--anchor"])
    assert told.exit_code == 0 and told.stdout.split()[1] == "10"
    kept = tmp_path / "kept.txt"
    kept.write_text(told.stdout)
    by_hand(delete(AuditLine).where(at(10)))
    told = run(args=["check", "--anchors", str(kept)])
    assert told.exit_code == 1 and "audit log place 10: is missing" in told.stdout


def test_what_waits_for_its_place_is_told_and_is_no_fault(app, write, faults):
    write(2)
    assert faults() == []
    told = app.test_cli_runner().invoke(args=["check"])
    assert told.exit_code == 0 and "2 lines of the audit log have no place" in told.stderr


def test_sealing_costs_as_many_statements_for_many_as_for_one(write, seal, queries):
    write(1)
    with queries() as few:
        seal()
    write(300)
    with queries() as many:
        seal()
    assert len(few) == len(many)
