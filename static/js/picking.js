// What is chosen in the queue: row by row, a range with Shift, the whole page, or all of the view; and the bar that tells.
// Without it the boxes and the bar are there all the same.

export function startPicking(queue) {
  const bar = queue.querySelector("[data-many]");
  const every = bar?.querySelector("input[name=all_matching]");
  const page = bar?.querySelector("[data-many-page]");
  const boxes = () => [...queue.querySelectorAll("input[name=ticket]")];
  const isPicking = () => boxes().some((box) => box.checked) || Boolean(every?.checked);

  function tick(some, checked) {
    some.forEach((box) => { box.checked = checked; });
    if (every && !checked) every.checked = false;
  }

  function show() {
    if (every?.checked) tick(boxes(), true); // rows that came meanwhile belong to the view as well
    const number = boxes().filter((box) => box.checked).length;
    const all = queue.querySelector("[data-pick-all]");
    if (all) {
      all.closest("label").hidden = false;
      queue.querySelector("[data-pick-words]").hidden = true;
      all.checked = number > 0 && number === boxes().length;
      all.indeterminate = number > 0 && number < boxes().length;
    }
    if (!bar) return;
    bar.hidden = boxes().length === 0; // an empty queue fills by itself, and a full one is emptied
    bar.querySelector("[data-many-count]").textContent = told(bar.dataset, number, every.checked);
    bar.classList.toggle("many-idle", !isPicking());
  }

  function clear() {
    tick(boxes(), false);
    show();
  }

  let last;
  queue.addEventListener("click", (event) => {
    const box = event.target;
    if (!box.matches?.("input[name=ticket]")) return;
    if (event.shiftKey && last?.isConnected) {
      const all = boxes();
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
      tick(all.slice(from, to + 1), box.checked);
    }
    last = box;
  });
  queue.addEventListener("change", ({ target }) => {
    if (target === every) tick(boxes(), every.checked);
    else if (target.matches("[data-pick-all]")) tick(boxes(), target.checked);
    else if (target.matches("input[name=ticket]")) tick([target], target.checked);
    else return;
    show();
  });
  if (page) page.hidden = false;
  page?.addEventListener("click", () => {
    tick(boxes(), boxes().some((box) => !box.checked));
    show();
  });
  // What the browser put back when one came by the Back button counts as well.
  window.addEventListener("pageshow", show);
  show();
  return { clear, isPicking, show };
}

const told = (words, number, isAll) => (isAll ? words.wordsAll
  : number === 0 ? words.wordsNone
    : number === 1 ? words.wordsOne : words.wordsSome.replace("{number}", number));
