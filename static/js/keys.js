// Single keys. A link, button, summary or field with data-key="r" is clicked, or focused, by that key while nobody types;
// data-key="g q" is two keys after each other. data-key-label says what it does where its own text does not.
// Hidden and disabled elements do not count, but what is folded away in the menu does; of several with one key the first that counts is meant.
// `onKey` is for what no element stands for. body[data-keys="off"] switches all of them off (WCAG 2.1.4).

const handlers = [];
const SEQUENCE_MS = 1500;
const SHOWN = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };
let begun = null; // the first key of a sequence, while the second is waited for

// `handler(event)` may answer false: not now, let it be somebody else's key. Answers a function that takes it away again.
export function onKey(key, label, handler) {
  const one = { key: normal(key), label, handler };
  handlers.push(one);
  return () => handlers.splice(handlers.indexOf(one), 1);
}

export const keysAreOn = () => document.body.dataset.keys === "on";

export function listenForKeys() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-keys-open]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openSheet();
  });
  tellAssistants();
  document.addEventListener("htmx:after:swap", tellAssistants);
}

// Everything on the page that has a key, or is marked data-action: [{key, label, element | handler}], for the sheet and the palette.
export function actions(selector = "[data-key]") {
  const elements = [...document.querySelectorAll(selector)].filter(counts).map((element) => (
    { key: normal(element.dataset.key ?? ""), label: labelOf(element), element }
  ));
  return [...handlers.map(({ key, label, handler }) => ({ key, label, handler })), ...elements];
}

export function act(element) {
  if (!element.matches("input, select, textarea, [contenteditable]")) {
    if (element.matches("summary")) element.focus();
    return element.click();
  }
  element.focus();
  element.select?.();
}

function pressed(event) {
  if (!keysAreOn() || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || isCovered() || event.key === "Shift") return;
  const key = keyOf(event);
  const whole = begun ? `${begun} ${key}` : key;
  begun = null;
  if (isNative(key, event.target)) return;
  if (run(whole, event)) return event.preventDefault();
  if (whole === key && startsSequence(key)) {
    begun = key;
    setTimeout(() => { begun = null; }, SEQUENCE_MS);
  }
}

function run(key, event) {
  if (key === "?") return openSheet();
  if (handlers.some((one) => one.key === key && one.handler(event) !== false)) return true;
  const element = !event.repeat && [...document.querySelectorAll("[data-key]")].find(
    (one) => normal(one.dataset.key) === key && counts(one),
  );
  if (element) act(element);
  return Boolean(element);
}

const startsSequence = (key) => [...document.querySelectorAll("[data-key]")].some(
  (one) => normal(one.dataset.key).startsWith(`${key} `),
);

// Caps Lock changes nothing; Shift with a letter is another key, while signs are what the layout makes of them.
const keyOf = ({ key, shiftKey }) => (key.length === 1 && !shiftKey ? key.toLowerCase() : key);
const normal = (key) => key.trim().split(/\s+/).join(" ");

function isTyping(target) {
  if (target.isContentEditable) return true;
  if (target.matches?.("input")) return !target.matches("[type=checkbox], [type=radio], [type=button], [type=submit]");
  return Boolean(target.closest?.("textarea, select, [role=textbox], [role=combobox], [role=listbox], [role=menu]"));
}

// Something lies over the page and takes the keys.
const isCovered = () => [...document.querySelectorAll("dialog[open], [role=listbox], [role=menu], [popover]")].some(isShown);

// What a link, button or box does with a key by itself stays as it is.
const isNative = (key, target) => (key === "Enter" || key === " ") && target.matches?.("a, button, summary, input, [tabindex]:not(main, body)");

const isShown = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;

// The links of the sheet itself count while it is closed.
function counts(element) {
  if (element.matches(":disabled, [aria-disabled=true]")) return false;
  return Boolean(element.closest("[data-keys-sheet], .nav-more")) || isShown(element);
}

function labelOf(element) {
  const named = element.dataset.keyLabel || element.getAttribute("aria-label") || element.labels?.[0]?.textContent;
  return (named || element.textContent || element.placeholder || "").replace(/\s+/g, " ").trim();
}

function tellAssistants() {
  document.querySelectorAll("[data-key]:not([data-key*=' '])").forEach((element) => {
    if (keysAreOn()) element.setAttribute("aria-keyshortcuts", element.dataset.key);
  });
}

function openSheet() {
  const sheet = document.querySelector("dialog[data-keys-sheet]");
  if (!sheet || sheet.open) return false;
  const here = sheet.querySelector("[data-keys-here]");
  const found = actions().filter(({ key, element }) => key && !element?.closest("[data-keys-sheet], [data-keys-global], .site-nav"));
  const rows = [...new Map(found.map((one) => [one.key, one])).values()].map(row);
  here.replaceChildren(...rows);
  here.closest("[data-keys-group]").hidden = !rows.length;
  sheet.showModal(); // the browser gives the focus back to where it was when the dialog closes
  return true;
}

function row({ key, label }) {
  const line = document.createElement("div");
  line.append(made("dt", ""), made("dd", label));
  key.split(" ").forEach((one) => line.firstChild.append(made("kbd", SHOWN[one] ?? one), " "));
  return line;
}

const made = (tag, textContent) => Object.assign(document.createElement(tag), { textContent });
