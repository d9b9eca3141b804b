// form[data-composer]: keys that choose and send, and texts and colleagues while one writes.
// [data-on-its-way]: counts down to when something leaves, and lets it go.
import { suggest } from "./suggest.js";

export function compose() {
  document.querySelectorAll("form[data-composer]").forEach(setUp);
  document.querySelectorAll("[data-on-its-way]").forEach(countDown);
}

function setUp(form) {
  const area = form.elements.body;
  form.querySelectorAll("[data-compose]").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    choose(form, link.dataset.compose);
    area.focus();
    area.scrollIntoView({ block: "center" });
  }));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    event.preventDefault();
    const wait = event.shiftKey && form.elements.visibility.value === "public" && form.querySelector("[data-send-wait]");
    form.requestSubmit(wait || form.querySelector("[data-send]"));
  });
  // Inserting by button is for those without scripts; with them the text comes where the cursor is.
  form.querySelector("[data-insert-phrase]")?.addEventListener("click", (event) => {
    const chosen = form.elements.phrase.selectedOptions[0];
    event.preventDefault();
    if (!form.elements.phrase.value) return;
    ask(`${form.dataset.phrases}?q=${encodeURIComponent(chosen.textContent)}`).then(({ items }) => {
      const found = items.find((item) => item.label === chosen.textContent);
      if (found) insert(area, area.selectionStart, area.selectionStart, found.text);
      form.elements.phrase.value = "";
    });
  });
  const words = { none: form.dataset.wordsNone, label: form.dataset.wordsSuggestions };
  suggest(area, [
    { sign: "::", pattern: /(?:^|\s)::([^\s:]{0,30})$/u, ask: (q) => ask(`${form.dataset.phrases}?q=${encodeURIComponent(q)}`) },
    {
      sign: "@",
      pattern: /(?:^|[\s(])@([\p{L}\d-]{1,30}(?: [\p{L}-]{0,30})?)$/u,
      ask: (q) => form.elements.visibility.value === "internal" ? ask(`${form.dataset.colleagues}?q=${encodeURIComponent(q)}`) : null,
      chosen: (item) => mention(form, item),
    },
  ], insert, words);
  showMentions(form);
  form.querySelector("[data-recipients]")?.addEventListener("change", () => sayWhoIsTold(form));
  sayWhoIsTold(form);
}

// The button says whom it sends to, those left out not among them.
function sayWhoIsTold(form) {
  const button = form.querySelector("[data-send-words]");
  if (!button) return;
  const told = [...form.querySelectorAll("[data-recipient]")].filter((chip) => !chip.querySelector("input:checked"));
  const words = button.dataset;
  const text = [words.wordsNobody, words.wordsOne, words.wordsTwo][told.length] ?? words.wordsMany.replace("99", told.length - 1);
  button.textContent = text.replace("{name}", told[0]?.dataset.recipient ?? "");
}

function choose(form, value) {
  const radio = form.querySelector(`input[name=visibility][value=${value}]`);
  if (!radio || radio.checked) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function insert(area, from, to, text) {
  area.focus();
  area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

async function ask(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : { items: [] };
}

// ── Colleagues ──────────────────────────────────────────────────────────

function mention(form, item) {
  const list = form.querySelector("[data-mentions] ul");
  if (!list.querySelector(`[data-mention="${item.id}"]`)) {
    const chip = Object.assign(document.createElement("li"), { className: "chip" });
    chip.dataset.mention = item.id;
    chip.append(Object.assign(document.createElement("span"), { textContent: item.label }));
    list.append(chip);
  }
  showMentions(form);
}

function showMentions(form) {
  const box = form.querySelector("[data-mentions]");
  const list = box.querySelector("ul");
  list.querySelectorAll("li").forEach((chip) => {
    if (chip.querySelector("button")) return;
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "chip-remove", textContent: "×" });
    remove.setAttribute("aria-label", `${form.dataset.wordsRemove} ${chip.textContent}`);
    remove.addEventListener("click", () => {
      chip.remove();
      showMentions(form);
      form.elements.body.focus();
    });
    chip.append(remove);
  });
  const chips = [...list.children];
  list.hidden = !chips.length;
  const ids = chips.map((chip) => chip.dataset.mention).join(",");
  if (form.elements.mentions.value === ids) return;
  form.elements.mentions.value = ids;
  form.elements.mentions.dispatchEvent(new Event("input", { bubbles: true }));
}

// ── On its way ──────────────────────────────────────────────────────────

function countDown(section) {
  const count = section.querySelector("[data-countdown]");
  const bar = section.querySelector("progress");
  const until = performance.now() + Number(section.dataset.seconds) * 1000;
  count.hidden = false;
  bar.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const tick = () => {
    const left = (until - performance.now()) / 1000;
    bar.value = Math.max(0, left);
    count.textContent = left > 0 ? count.dataset.words.replace("{0}", Math.ceil(left)) : count.dataset.wordsNow;
    if (left > 0) return;
    clearInterval(timer);
    letGo(section);
  };
  const timer = setInterval(tick, 250);
  section.addEventListener("submit", () => clearInterval(timer));
  tick();
}

async function letGo(section) {
  const form = section.querySelector("form[action$='/now']");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
    await answer.json();
    await renew(section);
  } catch {
    // No connection: the worker sends it, and the page says so when it is loaded again.
    section.querySelector("[data-countdown]").textContent = "";
  }
}

// The page as it is now, around what the person may be typing.
async function renew(section) {
  const answer = await fetch(location.pathname + location.search, { headers: { "X-Poll": "1" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of [".timeline", ".ticket-labels"]) {
    const [old, fresh] = [document.querySelector(`main ${part}`), page.querySelector(`main ${part}`)];
    if (old && fresh) old.replaceWith(document.adoptNode(fresh));
  }
  const seen = page.querySelector("main input[name=seen]")?.value;
  if (seen) document.querySelectorAll("main input[name=seen]").forEach((field) => { field.value = seen; });
  const returned = page.querySelector("form[data-composer] textarea[name=body]")?.value.trim();
  const isEmpty = !document.querySelector("form[data-composer] textarea[name=body]")?.value.trim();
  if (returned && isEmpty) return location.reload();
  section.remove();
  return undefined;
}
