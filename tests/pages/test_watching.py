"""The eye on the pages sees what it is there for."""

import pytest

from tests.pages.visiting import Visits

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("mishap", "seen"),
    [
        ("document.body.style.cssText; document.body.setAttribute('style', 'color: red')", "Content Security Policy"),
        ("document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.2:9/x.png' }))", "127.0.0.2"),
        ("fetch('/static/no-such-file.js')", "404"),
        ("setTimeout(() => { throw new Error('a bug') })", "a bug"),
        ("console.error('something is wrong')", "something is wrong"),
    ],
)
def test_sees_what_goes_wrong(visit: Visits, mishap: str, seen: str) -> None:
    page = visit(None, "/sign-in")
    page.evaluate(f"() => {{ {mishap} }}")
    page.wait_for_timeout(500)
    troubles, visit.troubles = visit.troubles, []
    assert any(seen in trouble for trouble in troubles), troubles
