// The bar under the queue: says how many are ticked, and ticks a whole page. Without it the bar is there all the same.

const boxes = (form) => [...form.querySelectorAll("input[name=ticket]")];

export function countChosen() {
  document.querySelectorAll("[data-many]").forEach(start);
}

function start(bar) {
  const form = bar.closest("form");
  const all = bar.querySelector("input[name=all_matching]");
  const page = bar.querySelector("[data-many-page]");
  page.hidden = false;
  page.addEventListener("click", () => tickPage(form, bar));
  form.addEventListener("change", () => show(form, bar, all));
  // What the browser put back when one came by the Back button counts as well.
  window.addEventListener("pageshow", () => show(form, bar, all));
  // The live queue swaps its rows: what is gone is not chosen any more.
  form.addEventListener("htmx:after:swap", () => show(form, bar, all));
  show(form, bar, all);
}

function tickPage(form, bar) {
  const rows = boxes(form);
  const wanted = !rows.every((box) => box.checked);
  rows.forEach((box) => { box.checked = wanted; });
  rows[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  show(form, bar, bar.querySelector("input[name=all_matching]"));
}

function show(form, bar, all) {
  const chosen = boxes(form).filter((box) => box.checked).length;
  const words = bar.dataset;
  bar.querySelector("[data-many-count]").textContent = chosen === 0 ? words.wordsNone
    : chosen === 1 ? words.wordsOne : words.wordsSome.replace("{number}", chosen);
  bar.classList.toggle("many-idle", chosen === 0 && !all?.checked);
}
