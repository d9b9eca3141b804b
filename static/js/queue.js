// [data-queue]: walking through the queue by keyboard, choosing rows, and the reading pane beside it.
// Everything here has a way without it: links, checkboxes, and the page with &preview= in its address.
import { startPicking } from "./picking.js";
import { followChanges } from "./queue-live.js";

const WIDE = window.matchMedia("(min-width: 1200px)");

export function startQueue(queue) {
  const preview = document.getElementById("preview");
  const words = queue.dataset;
  const picking = startPicking(queue);
  queue.dataset.split = "";

  const rows = () => [...queue.querySelectorAll("tr[data-id]")];
  const current = () => queue.querySelector("tr[aria-current]");
  const link = (row) => row?.querySelector(".row-link");

  function mark(row) {
    current()?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
  }

  function select(row, { focus = true } = {}) {
    if (!row) return;
    mark(row);
    if (focus) link(row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    if (!preview.hidden && WIDE.matches) soon(row);
  }

  function step(by) {
    const all = rows();
    const at = all.indexOf(current());
    select(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
  }

  // ---------------------------------------------------------------------------------------------------- preview

  let waiting;
  const soon = (row) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => look(row, { focus: false }), 150);
  };

  let asked = 0;
  async function look(row, { focus = true } = {}) {
    const id = row?.dataset.id;
    if (!id) return;
    if (!WIDE.matches) return void link(row).click();
    const mine = ++asked;
    preview.hidden = false;
    preview.setAttribute("aria-busy", "true");
    try {
      const address = words.previewUrl.replace(/0$/, id) + new URL(link(row).href).search; // the view goes along
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      if (mine !== asked) return;
      if (!answer.ok) return void window.location.assign(link(row).href);
      preview.innerHTML = await answer.text();
      window.htmx?.process(preview);
      remember(preview.querySelector("[data-number]").dataset.number);
      if (focus) preview.querySelector("h2").focus({ preventScroll: true });
    } catch {
      if (mine === asked) preview.hidden = true;
    } finally {
      if (mine === asked) preview.removeAttribute("aria-busy");
    }
  }

  // What was pressed in the pane is gone once it was done: the next press of a key begins at the ticket it was done to.
  queue.addEventListener("htmx:after:swap", () => {
    if (!preview.hidden && [null, document.body].includes(document.activeElement)) preview.querySelector("h2")?.focus({ preventScroll: true });
  });

  function close() {
    asked += 1;
    preview.removeAttribute("aria-busy");
    const hadFocus = preview.contains(document.activeElement);
    preview.hidden = true;
    preview.replaceChildren();
    remember(null);
    if (hadFocus) link(current())?.focus();
  }

  // The address is the view, and what is read beside it; opening one after another is no journey to go back through.
  function remember(number) {
    const url = new URL(window.location.href);
    if (number) url.searchParams.set("preview", number);
    else url.searchParams.delete("preview");
    window.history.replaceState(window.history.state, "", url);
  }

  // A click beside the link looks; the link itself leads to the ticket, as links do.
  queue.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-preview]")) {
      event.preventDefault();
      return close();
    }
    const row = event.target.closest("tr[data-id]");
    if (!row || event.target.closest("a, button, input, label, summary") || !WIDE.matches) return;
    if (window.getSelection()?.toString()) return;
    select(row, { focus: false });
    look(row, { focus: false });
  });
  queue.addEventListener("focusin", (event) => {
    const row = event.target.closest("tr[data-id]");
    if (row && row !== current()) mark(row);
  });

  // --------------------------------------------------------------------------------------------------- keyboard

  const inQueue = (event) => !event.target.closest?.("details[open], .tabs, .filters, .site-header, .preview");

  function escape(event) {
    if (event.target.closest?.("details[open]")) return false;
    if (!preview.hidden) return close();
    if (picking.isPicking()) return picking.clear();
    return false;
  }

  function open() {
    const at = document.activeElement;
    if (at && at !== document.body && at.matches("a, button, input, select, summary, textarea")) return false;
    return current() ? link(current()).click() : false;
  }

  import("./keys.js").then(({ onKey }) => {
    onKey("j", words.wordsNext, () => step(1));
    onKey("k", words.wordsPrevious, () => step(-1));
    onKey("ArrowDown", words.wordsNext, (event) => (inQueue(event) && current() ? step(1) : false));
    onKey("ArrowUp", words.wordsPrevious, (event) => (inQueue(event) && current() ? step(-1) : false));
    onKey("o", words.wordsLook, () => look(current() ?? rows()[0]));
    onKey("x", words.wordsPick, () => {
      const box = current()?.querySelector("input[name=ticket]");
      if (!box?.checkVisibility()) return;
      box.checked = !box.checked;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    });
    onKey("Enter", words.wordsOpen, open);
    onKey("Escape", words.wordsClose, escape);
  }).catch(() => {}); // without the keys, Tab and Enter do it

  if (!preview.hidden) {
    const shown = preview.querySelector("[data-ticket]")?.dataset.ticket;
    const row = queue.querySelector(`tr[data-id="${shown}"]`);
    if (row) {
      mark(row); // the page came with its ticket in the pane: nothing is fetched a second time
      row.scrollIntoView({ block: "nearest" });
    }
  }
  followChanges(queue, { onSwap: picking.show, isBusy: picking.isPicking });
}
