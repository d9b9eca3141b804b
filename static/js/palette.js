// Ctrl+K (Cmd+K): one box to go anywhere and do anything from. The server answers what the person may see; what can be done
// on the page is read off the page (data-key, data-action). It is a combobox: the focus stays in the field.
import { act, actions } from "./keys.js";

const WAIT_MS = 120;
const MOST_ACTIONS = 8;

export function openPalettes() {
  const dialog = document.querySelector("dialog[data-palette]");
  if (!dialog) return;
  const palette = new Palette(dialog);
  document.addEventListener("keydown", (event) => {
    const isOurs = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isOurs || event.isComposing || (document.querySelector("dialog[open]") && !dialog.open)) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else palette.open();
  });
  document.querySelectorAll("[data-palette-open]").forEach((button) => button.addEventListener("click", () => palette.open()));
  if (/Mac|iPhone|iPad/.test(navigator.platform)) {
    document.querySelectorAll("[data-palette-key]").forEach((key) => { key.textContent = "⌘ K"; });
  }
  tellOpened();
}

// The last opened tickets stand first in the empty box. The answer does not matter, and nobody waits for it.
function tellOpened() {
  const ticket = location.pathname.match(/^\/tickets\/(\d+)$/);
  if (ticket) fetch(`/recent/${ticket[1]}`, { method: "POST", headers: headers(), keepalive: true }).catch(() => {});
}

const headers = () => JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}");

class Palette {
  constructor(dialog) {
    this.dialog = dialog;
    this.field = dialog.querySelector("input");
    this.list = dialog.querySelector("[role=listbox]");
    this.status = dialog.querySelector("[role=status]");
    this.words = dialog.dataset;
    this.options = [];
    this.field.addEventListener("input", () => this.ask());
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.list.addEventListener("click", (event) => this.clicked(event));
    this.list.addEventListener("pointermove", (event) => {
      const option = event.target.closest("[role=option]");
      if (option && option !== this.chosen) this.choose(option);
    });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => this.asking?.abort());
  }

  open() {
    this.actions = this.onPage(); // read before the dialog covers the page
    this.field.value = "";
    this.show([]);
    this.dialog.showModal();
    this.field.focus();
    this.ask(0);
  }

  onPage() {
    const found = actions("[data-key], [data-action]").filter(({ label, element }) => label && element !== this.field);
    return [...new Map(found.map((one) => [one.label, one])).values()];
  }

  ask(wait = WAIT_MS) {
    clearTimeout(this.waiting);
    this.asking?.abort();
    this.goesWhenReady = false;
    this.isReady = false;
    this.list.setAttribute("aria-busy", "true");
    this.waiting = setTimeout(() => this.fetch(this.field.value.trim()), wait);
  }

  async fetch(typed) {
    this.asking = new AbortController();
    let groups = [];
    let failed = false;
    try {
      const answer = await fetch(`/palette?q=${encodeURIComponent(typed)}`, { signal: this.asking.signal });
      if (!answer.ok) throw new Error(answer.status);
      ({ groups } = await answer.json());
    } catch (error) {
      if (error.name === "AbortError") return;
      failed = true;
    }
    this.isReady = true;
    this.show(this.withActions(groups, typed), failed);
    if (this.goesWhenReady) this.go(this.chosen);
  }

  withActions(groups, typed) {
    const wanted = plain(typed);
    const lines = this.actions.filter((one) => (wanted ? ` ${plain(one.label)}`.includes(` ${wanted}`) : isOfPage(one)))
      .slice(0, MOST_ACTIONS)
      .map((one) => ({ text: one.label, hint: one.key ?? "", action: one }));
    const own = lines.length ? [{ key: "actions", name: this.words.wordsActions, lines }] : [];
    const first = groups.filter(({ key }) => ["number", "recent"].includes(key));
    return [...first, ...own, ...groups.filter((group) => !first.includes(group))];
  }

  show(groups, failed = false) {
    this.options = [];
    this.list.replaceChildren(...groups.map((group, index) => this.group(group, index)));
    this.list.hidden = !this.options.length;
    this.field.setAttribute("aria-expanded", String(this.options.length > 0));
    this.list.removeAttribute("aria-busy");
    this.choose(this.options[0]);
    const counted = this.words.wordsCount.replace("%", this.options.length);
    this.status.textContent = failed ? this.words.wordsFailed : this.options.length ? counted : this.isReady ? this.words.wordsNone : "";
    this.status.classList.toggle("sr-only", this.options.length > 0 && !failed);
  }

  group({ name, lines }, index) {
    const group = made("div", "palette-group", { role: "group" });
    const heading = made("div", "palette-heading", { role: "presentation", id: `palette-group-${index}` }, name);
    group.setAttribute("aria-labelledby", heading.id);
    group.append(heading, ...lines.map((line) => this.option(line)));
    return group;
  }

  option({ text, hint, href, action }) {
    const option = made(href ? "a" : "div", "palette-option", { role: "option", tabindex: "-1", id: `palette-option-${this.options.length}` });
    if (href) option.href = href;
    option.append(made("span", "palette-text", {}, text));
    if (hint) option.append(" ", made(action ? "kbd" : "span", action ? "" : "palette-hint", {}, hint));
    option.action = action;
    this.options.push(option);
    return option;
  }

  choose(option) {
    this.chosen?.setAttribute("aria-selected", "false");
    this.chosen = option;
    if (!option) return this.field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
  }

  pressed(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 };
    if (event.key in steps && this.options.length) {
      event.preventDefault();
      const at = this.options.indexOf(this.chosen) + steps[event.key];
      const last = this.options.length - 1;
      const wraps = Math.abs(steps[event.key]) === 1;
      this.choose(this.options[wraps ? (at + last + 1) % (last + 1) : Math.min(Math.max(at, 0), last)]);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      if (this.isReady) this.go(this.chosen, event);
      else this.goesWhenReady = true;
    }
  }

  clicked(event) {
    const option = event.target.closest("[role=option]");
    if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.go(option);
  }

  go(option, event) {
    if (!option) return;
    if (option.href && (event?.ctrlKey || event?.metaKey)) return window.open(option.href, "_blank", "noopener");
    this.dialog.close();
    if (option.href) location.assign(option.href);
    else if (option.action.element) act(option.action.element);
    else option.action.handler(event);
  }
}

// Before anything is typed only the page's own: Enter too soon must not sign anybody out.
const isOfPage = ({ element }) => !element?.closest("[data-keys-sheet], [data-keys-global], .site-header");

const plain = (text) => text.toLowerCase().normalize("NFC").replace(/\s+/g, " ").trim();

function made(tag, className, attributes, text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
}
