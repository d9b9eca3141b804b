import threading

import pytest
from limits import RateLimitItemPerMinute

from servicedesk.core.db import db
from servicedesk.signin.rates import DatabaseStorage
from servicedesk.signin.throttle import address, limiter

RULE = RateLimitItemPerMinute(10)


@pytest.mark.parametrize(
    ("asker", "counts_as"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("", "unknown")],
)
def test_who_counts_as_one_address(app, asker, counts_as):
    with app.test_request_context(base_url="https://servicedesk.test", environ_base={"REMOTE_ADDR": asker}):
        assert address() == counts_as


def test_a_window_that_is_over_begins_anew(app, at):
    with app.app_context():
        at("2026-03-02 09:00:00")
        assert [limiter.limiter.hit(RULE, "x") for _ in range(11)] == [True] * 10 + [False]
        assert not limiter.limiter.test(RULE, "x")
        at("2026-03-02 09:00:59")
        assert not limiter.limiter.hit(RULE, "x")
        at("2026-03-02 09:01:00")
        assert limiter.limiter.test(RULE, "x")
        assert limiter.limiter.hit(RULE, "x")


def test_what_is_given_back_is_not_counted(app):
    storage = DatabaseStorage()
    with app.app_context():
        storage.incr("x", 60)
        storage.incr("x", 60)
        storage.give_back("x")
        assert storage.get("x") == 1
        storage.clear("x")
        storage.give_back("x")
        assert (storage.get("x"), storage.check()) == (0, True)
        storage.incr("y", 60)
        assert storage.reset() == 1


@pytest.mark.committing
def test_those_who_try_at_once_share_one_count(fresh_app):
    allowed = []

    def attempt() -> None:
        with fresh_app.app_context():
            for _ in range(10):
                allowed.append(limiter.limiter.hit(RULE, "shared"))
            db.session.remove()

    attempts = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in attempts:
        thread.start()
    for thread in attempts:
        thread.join()
    assert (sum(allowed), len(allowed)) == (10, 40)
