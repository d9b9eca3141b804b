"""Every route says who may use it, and keeps to it."""

import pytest
from flask import Flask
from werkzeug.routing.converters import NumberConverter

from servicedesk.core import access
from servicedesk.core.access import PUBLIC
from servicedesk.core.downloads import SheetConverter


def test_a_silent_route_keeps_the_application_from_starting():
    app = Flask("silent", static_folder=None)
    app.add_url_rule("/silent", "silent", lambda: "said by nobody")
    with pytest.raises(RuntimeError, match="silent"):
        access.refuse_silent_routes(app)


def test_a_stranger_is_sent_to_sign_in_wherever_the_public_is_not_meant(app, browse):
    let_in = []
    for method, address in _closed_addresses(app):
        answer = browse().open(address, method=method) if method == "GET" else browse().post(address)
        if answer.status_code not in (302, 303, 401) or "/sign-in" not in (answer.location or "/sign-in"):
            let_in.append((method, address, answer.status_code))
    assert not let_in


#: Pressed by programs that read mail (RFC 8058), which see no page: the address holds a secret for this one purpose.
BY_MAIL_PROGRAMS = {"/overview/reports/stop/<token>"}


def test_nothing_is_changed_without_the_pages_token(app, browse):
    changed = []
    for method, address, _who in access.declared(app):
        if method == "GET" or address in BY_MAIL_PROGRAMS:
            continue
        answer = browse().raw.post(_filled(app, address))
        if answer.status_code != 400:
            changed.append((method, address, answer.status_code))
    assert not changed


def _closed_addresses(app):
    return [(method, _filled(app, rule)) for method, rule, who in access.declared(app) if who != PUBLIC]


def _filled(app, address):
    """The address with a 1 for each number and an x for each word in it."""
    rule = next(rule for rule in app.url_map.iter_rules() if rule.rule == address)
    values = {name: _value(how) for name, how in rule._converters.items()}
    with app.test_request_context(base_url=app.extensions["settings"].base_url):
        return rule.build(values)[1]


def _value(converter):
    if isinstance(converter, SheetConverter):
        return "csv"
    return 1 if isinstance(converter, NumberConverter) else "x"
