"""Brings a page into a state that is worth a look: something open, something refused, something on its way."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page


def send(form: str) -> Callable[[Page], None]:
    """Sends the form that goes to `form` as it stands, past the browser's own checks."""

    def act(page: Page) -> None:
        page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
        page.locator(f'main form[action$="{form}"]').last.evaluate(
            "form => form.requestSubmit(form.querySelector('button'))"
        )
        page.wait_for_selector("main .error-summary, main .error-page")

    return act


def send_nothing(page: Page) -> None:
    page.locator("#body").fill("")  # a draft of another look may lie there
    send("/entries")(page)


def send_no_appointment(page: Page) -> None:
    _send_anew(page, "/superbrugere/appointments/new")


def send_no_guideline(page: Page) -> None:
    page.locator("#local").fill("fire")
    _send_anew(page, "/superbrugere/guidelines/publish")


def _send_anew(page: Page, form: str) -> None:
    """Sends a form whose address has a query as well."""
    page.locator(f'main form[action*="{form}"]').evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    page.wait_for_selector("main .error-summary")


def write_subject(page: Page) -> None:
    page.locator("#subject").press_sequentially("Kan ikke komme på nettet", delay=5)
    page.wait_for_selector("#suggestions .suggestion")


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details:not(.filter)').forEach(part => part.open = true)")


def lose_connection(page: Page) -> None:
    """Something lies on the telephone, and something was refused."""
    address = page.locator("[data-floor]").get_attribute("data-floor")
    kept = {"id": "d" * 32, "fields": {"cause": "fault", "note": "Ny fane vist på teammødet"}, "label": "Sensum"}
    refused = {**kept, "id": "e" * 32, "refused": "Retningslinjen lader dig ikke løse noget med den årsag."}
    page.context.set_offline(True)
    for item in (kept, refused):
        told = [f"floor-help:{address}:{item['id']}", json.dumps({**item, "at": 1})]
        page.evaluate("told => localStorage.setItem(...told)", told)
    page.evaluate("window.dispatchEvent(new Event('storage'))")
    page.locator("[data-floor-refused] li").wait_for()
    page.evaluate("localStorage.clear()")
    page.context.set_offline(False)


def open_filter(page: Page) -> None:
    page.locator("details.filter").nth(1).locator("summary").click()


def wrong_number(page: Page) -> None:
    page.locator("#number").evaluate(
        "field => { field.value = 'SD-999999'; field.form.requestSubmit(field.form.querySelector('button')); }"
    )
    page.wait_for_selector("main .error-summary")


def choose_nonsense(page: Page) -> None:
    page.locator("#digest_time").evaluate("field => field.value = 'ved middag'")
    send("/me/notices")(page)


def choose_no_day(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main [name=days]').forEach(box => box.checked = false)")
    send("/decide")(page)


def preview_week(page: Page) -> None:
    for day in range(5):
        page.locator(f"#day_{day}").fill("10-12, 13-14")
    page.locator("button[value=preview]").click()
    page.wait_for_selector("#effects")


def send_without_name(page: Page) -> None:
    page.locator("#name").evaluate("field => field.value = ''")
    send("/edit")(page)


def look_beforehand(page: Page) -> None:
    page.locator("#all_3_resolution").fill("1")
    page.locator("button[value=preview]").click()
    page.wait_for_selector("#example")


def open_keys(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Tastaturgenveje|Keyboard shortcuts")).last.click()
    page.wait_for_selector("dialog[data-keys-sheet][open]")


def open_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.wait_for_selector("dialog[data-palette] [role=option]")


def type_in_palette(page: Page) -> None:
    open_palette(page)
    page.keyboard.type("sensum")
    page.wait_for_selector("dialog[data-palette] [role=option] >> text=Sensum")
    page.wait_for_selector("dialog[data-palette] [role=listbox]:not([aria-busy])")


def find_nothing_in_palette(page: Page) -> None:
    open_palette(page)
    page.keyboard.type("999999")
    page.wait_for_selector("dialog[data-palette] .palette-status:not(.sr-only):not(:empty)")


def split_nothing(page: Page) -> None:
    page.locator("#subject").evaluate("field => field.value = ''")
    send("/split")(page)


def give_to_absent(page: Page) -> None:
    page.locator("#assignee option", has_text="Jonas Lind").evaluate("option => option.selected = true")
    page.locator('form[action*="/assignee"] button').first.click()
    page.wait_for_selector("main .notice-warning")


def choose_note(page: Page) -> None:
    page.locator("input[value=internal]").check()


def send_reply(page: Page) -> None:
    page.locator("textarea[name=body]").fill("Jeg kigger på den **i dag** og skriver, når der er nyt.")
    page.locator("[data-send]").click()
    page.wait_for_selector("[data-on-its-way]")
    # It would be sent while it is looked at.
    page.evaluate("for (let timer = setInterval(() => {}); timer; timer--) clearInterval(timer)")


def send_from_old_page(page: Page) -> None:
    page.locator("textarea[name=body]").fill("Det passer vist ikke længere.")
    page.locator("main input[name=seen]").evaluate_all("fields => fields.forEach(field => { field.value = 1 })")
    page.locator("[data-send]").click()
    page.wait_for_selector("#meanwhile")


def ask_for_texts(page: Page) -> None:
    page.wait_for_selector(".completions", state="attached")
    page.locator("textarea[name=body]").type("::")
    page.wait_for_selector(".completion")


def save_old_draft(page: Page) -> None:
    page.evaluate(
        """() => {
          const form = document.createElement('form');
          const given = { csrf_token: document.querySelector('[name=csrf_token]').value, body: 'En ældre udgave' };
          Object.entries(given).forEach(([name, value]) => {
            form.append(Object.assign(document.createElement('input'), { name, value }));
          });
          const action = document.querySelector('main form').action.replace(/\\/[a-z]+$/, '');
          Object.assign(form, { method: 'post', action });
          document.body.append(form);
          form.submit();
        }"""
    )
    page.wait_for_selector("main .kept")


def open_many(page: Page) -> None:
    page.locator("main [name=ticket]").first.check()
    page.locator("details[name=many]").nth(2).locator("summary").click()


def choose_many(action: str) -> Callable[[Page], None]:
    """Ticks the whole page and asks for an action as it stands."""

    def act(page: Page) -> None:
        page.evaluate("document.querySelectorAll('main [name=ticket]').forEach(box => box.checked = true)")
        page.locator(f"button[name=do][value={action}]").evaluate("button => button.form.requestSubmit(button)")
        page.wait_for_selector("main form [name=tickets]", state="attached")

    return act
