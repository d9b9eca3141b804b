// [data-people="address"]: the text field in it finds people while one writes. The one chosen is kept in the hidden field
// beside it, or with data-people-go is gone on to. Without this module the field takes initials or a name.
const WAIT = 120;
const lists = new WeakMap();

export function findPeople() {
  document.querySelectorAll("[data-people]").forEach(prepare);
}

function prepare(box) {
  const field = box.querySelector("input[type=text]");
  const list = Object.assign(document.createElement("ul"), { id: `${field.id}-options`, className: "combobox-list", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.querySelector("label").textContent);
  field.after(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  lists.set(field, { box, list, asked: "", waiting: 0, asking: null });
  field.addEventListener("input", () => ask(field));
  field.addEventListener("keydown", (event) => press(event, field));
  field.addEventListener("blur", () => setTimeout(() => close(field), 150));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => choose(field, event.target.closest("[role=option]")));
}

function ask(field) {
  const own = lists.get(field);
  const key = keyOf(field);
  if (key) key.value = "";
  if (!field.value.trim()) return close(field);
  clearTimeout(own.waiting);
  own.asking?.abort();
  own.waiting = setTimeout(() => fetchFor(field), WAIT);
}

async function fetchFor(field) {
  const own = lists.get(field);
  own.asking = new AbortController();
  const address = new URL(own.box.dataset.people, location.href);
  address.searchParams.set("q", field.value);
  try {
    const answer = await fetch(address, { signal: own.asking.signal, headers: { "HX-Request": "true" } });
    if (answer.ok) show(field, await answer.text());
  } catch (error) {
    if (error.name !== "AbortError") close(field);
  }
}

function show(field, html) {
  const { box, list } = lists.get(field);
  list.innerHTML = html;
  const options = [...list.children];
  options.forEach((option, at) => { option.id = `${list.id}-${at}`; });
  list.hidden = !options.length;
  field.setAttribute("aria-expanded", String(Boolean(options.length)));
  box.querySelector(".combobox-status").textContent = options.length ? "" : document.body.dataset.wordsNobody;
  mark(field, box.dataset.peopleGo ? options[0] : null);
}

function mark(field, option) {
  const { list } = lists.get(field);
  for (const one of list.children) one.setAttribute("aria-selected", String(one === option));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function press(event, field) {
  const { list } = lists.get(field);
  if (list.hidden) return;
  const options = [...list.children];
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const step = event.key === "ArrowDown" ? 1 : -1;
    mark(field, options[(Math.max(at, step > 0 ? -1 : 0) + step + options.length) % options.length]);
  } else if (event.key === "Enter" && at >= 0) choose(field, options[at]);
  else if (event.key === "Escape") close(field);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function choose(field, option) {
  if (!option) return;
  const { box } = lists.get(field);
  field.value = option.dataset.text;
  close(field);
  if (box.dataset.peopleGo) return location.assign(box.dataset.peopleGo + option.dataset.id);
  const key = keyOf(field);
  if (key) key.value = option.dataset.id;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function close(field) {
  const { list, waiting, asking } = lists.get(field);
  clearTimeout(waiting);
  asking?.abort();  // what is still on its way would open the list again
  list.hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

const keyOf = (field) => lists.get(field).box.querySelector("input[type=hidden]");
