// A list of suggestions below a text area, opened by a sign such as "::" and narrowed by what is typed after it. The focus
// stays in the text; arrows choose, Enter or Tab inserts, Escape closes (the combobox pattern).

const MOST = 20;
let number = 0;

// kinds: [{ sign, pattern, ask(query) → Promise<{ items: [{ label, hint, text }] }> or null, chosen(item) }, …]
export function suggest(area, kinds, insert, words) {
  const list = document.createElement("ul");
  const state = { list, open: null, asked: 0 };
  number += 1;
  list.id = `completions-${number}`;
  list.className = "completions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.label);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  const status = Object.assign(document.createElement("p"), { className: "sr-only" });
  status.setAttribute("role", "status");
  area.after(list, status);

  const close = () => {
    state.open = null;
    list.hidden = true;
    list.replaceChildren();
    area.removeAttribute("aria-activedescendant");
    status.textContent = "";
  };

  const look = () => {
    const before = area.value.slice(0, area.selectionStart);
    const kind = kinds.find((one) => one.pattern.test(before));
    const query = kind?.pattern.exec(before)[1];
    const answer = kind && area.selectionStart === area.selectionEnd ? kind.ask(query) : null;
    state.asked += 1;
    const asked = state.asked;
    if (!answer) return close();
    return answer.then(({ items }) => {
      if (asked === state.asked && document.activeElement === area) show(kind, query, items.slice(0, MOST));
    }).catch(close);
  };

  const show = (kind, query, items) => {
    if (!items.length) {
      close();
      status.textContent = words.none;
      return;
    }
    state.open = { kind, query, items, at: 0 };
    list.replaceChildren(...items.map(option));
    list.hidden = false;
    status.textContent = `${words.label}: ${items.length}`;
    mark(0);
  };

  const option = (item, index) => {
    const line = document.createElement("li");
    line.id = `${list.id}-${index}`;
    line.className = "completion";
    line.setAttribute("role", "option");
    line.append(
      Object.assign(document.createElement("span"), { textContent: item.label }),
      Object.assign(document.createElement("span"), { textContent: item.hint, className: "completion-hint" }),
    );
    line.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(index);
    });
    return line;
  };

  const mark = (index) => {
    state.open.at = (index + state.open.items.length) % state.open.items.length;
    [...list.children].forEach((line, at) => line.setAttribute("aria-selected", String(at === state.open.at)));
    const line = list.children[state.open.at];
    line.scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", line.id);
  };

  const take = (index) => {
    const { kind, query, items } = state.open;
    const end = area.selectionStart;
    const item = items[index];
    state.asked += 1;
    close();
    insert(area, end - query.length - kind.sign.length, end, kind.chosen ? `${item.text} ` : item.text);
    kind.chosen?.(item);
    state.asked += 1;
    close();
  };

  const keys = {
    ArrowDown: () => mark(state.open.at + 1),
    ArrowUp: () => mark(state.open.at - 1),
    Enter: () => take(state.open.at),
    Tab: () => take(state.open.at),
    Escape: close,
  };
  area.addEventListener("keydown", (event) => {
    if (!state.open || !keys[event.key] || event.ctrlKey || event.metaKey || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  area.addEventListener("input", (event) => { if (!event.isComposing) look(); });
  area.addEventListener("blur", close);
  area.addEventListener("click", close);
  // Whoever was quicker than this module has typed the sign already.
  if (document.activeElement === area) look();
}
