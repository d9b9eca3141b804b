"""Light or dark, chosen in a browser."""

import pytest


@pytest.mark.parametrize("theme", ["light", "dark", "system"])
def test_the_choice_is_kept_in_the_browser_and_shown(desk, browse, theme):
    browser = browse(desk.person())

    answer = browser.post("/me/theme", data={"theme": theme})

    assert (answer.status_code, answer.location) == (303, "/me")
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in (f"theme={theme}", "HttpOnly", "Secure", "SameSite=Lax", "Max-Age=31536000"))
    page = browser.get("/me").text
    assert f'data-theme="{theme}"' in page
    assert f'value="{theme}" checked' in page


def test_the_choice_outlives_signing_out(desk, browse):
    browser = browse(desk.person())
    browser.post("/me/theme", data={"theme": "dark"})
    browser.post("/sign-out")
    assert 'data-theme="dark"' in browser.get("/sign-in").text


def test_another_theme_is_refused_and_nothing_kept(desk, browse):
    answer = browse(desk.person()).post("/me/theme", data={"theme": "neon"})
    assert answer.status_code == 422
    assert "theme=neon" not in str(answer.headers)
