// An open queue asks every ten seconds whether it still shows what is so. Nothing moves under somebody's hands: while rows
// are chosen, or the pointer or the focus is among them, what is new is told, and shown when it is asked for.
const EVERY = 10_000;
const MOST = 120_000;

export function followChanges(queue, { onSwap, isBusy }) {
  const news = document.getElementById("queue-news");
  const words = queue.dataset;
  const list = () => document.getElementById("queue-list");
  let mark = list().dataset.mark;
  let held; // a newer list that waits to be shown
  let wait = EVERY;
  let timer;
  let touched = 0;

  const ids = (within) => [...within.querySelectorAll("tr[data-id]")].map((row) => row.dataset.id);
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  };

  async function ask() {
    clearTimeout(timer);
    if (document.visibilityState === "hidden") return; // goes on when the page is looked at again
    try {
      const headers = { "HX-Request": "true", "X-Poll": "1", "HX-PTag": mark };
      const answer = await fetch(list().dataset.live, { headers, cache: "no-store" });
      if (answer.status === 401 || answer.status === 404) return say(words.wordsOut); // and asks no more
      // What happened elsewhere than on this page gives a new mark and nothing else.
      if (answer.status === 304) mark = answer.headers.get("HX-PTag") ?? mark;
      if (answer.headers.has("X-Total")) count(decodeURIComponent(answer.headers.get("X-Total")));
      if (answer.status === 200) take(await answer.text(), answer.headers.get("HX-PTag"));
      wait = answer.ok || answer.status === 304 ? EVERY : Math.min(MOST, wait * 2);
      if (news.dataset.offline) say("");
    } catch {
      wait = Math.min(MOST, wait * 2);
      say(words.wordsOffline);
      news.dataset.offline = "yes";
    }
    later();
  }

  function take(html, newMark) {
    const arrived = new DOMParser().parseFromString(html, "text/html").getElementById("queue-list");
    if (!arrived) return;
    mark = newMark ?? mark;
    const before = ids(list());
    const fresh = ids(arrived).filter((id) => !before.includes(id)).length;
    const isMoved = before.join() !== ids(arrived).join();
    if (isMoved && isAtWork()) {
      held = arrived;
      refresh(arrived);
      return tell(fresh);
    }
    swap(arrived);
    say(fresh ? newOnes(fresh) : "");
  }

  const isAtWork = () => isBusy() || Date.now() - touched < 4_000 || list().contains(document.activeElement);
  const newOnes = (number) => (number === 1 ? words.wordsNewOne : words.wordsNewMany.replace("NUM", number));

  function tell(fresh) {
    say(fresh ? newOnes(fresh) : words.wordsChanged);
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "button button-secondary button-small", textContent: words.wordsShow,
    });
    button.addEventListener("click", () => {
      if (held) swap(held);
      say("");
    });
    news.append(button);
  }

  function say(text) {
    delete news.dataset.offline;
    if (news.textContent !== text) news.textContent = text;
  }

  // Rows that are still there say what is so, each in its place.
  function refresh(arrived) {
    arrived.querySelectorAll("tr[data-id]").forEach((row) => {
      const old = list().querySelector(`tr[data-id="${row.dataset.id}"]`);
      if (!old || old.cells.length !== row.cells.length) return;
      [...row.cells].forEach((cell, at) => {
        const isLeft = cell.matches(".pick") || old.cells[at].contains(document.activeElement);
        if (!isLeft && old.cells[at].innerHTML !== cell.innerHTML) old.cells[at].innerHTML = cell.innerHTML;
      });
    });
  }

  function swap(arrived) {
    const focused = document.activeElement?.closest?.("tr[data-id]");
    const what = document.activeElement?.matches?.("input") ? "input[name=ticket]" : ".row-link";
    list().querySelectorAll("tr[data-id]").forEach((row) => {
      const now = arrived.querySelector(`tr[data-id="${row.dataset.id}"]`);
      if (now) keep(row, now);
    });
    held = undefined;
    const [left, top] = [window.scrollX, window.scrollY];
    list().replaceWith(arrived);
    window.scrollTo(left, top);
    if (focused) arrived.querySelector(`tr[data-id="${focused.dataset.id}"] ${what}`)?.focus({ preventScroll: true });
    count(arrived.dataset.total);
    onSwap();
  }

  function count(total) {
    document.querySelector(".page-header-over")?.replaceChildren(total);
    document.querySelector(".queue-tabs")?.dispatchEvent(new Event("counts"));
  }

  function keep(old, now) {
    now.querySelector("input[name=ticket]").checked = old.querySelector("input[name=ticket]").checked;
    if (old.hasAttribute("aria-current")) now.setAttribute("aria-current", "true");
  }

  queue.addEventListener("pointermove", (event) => {
    if (event.target.closest("tr[data-id]")) touched = Date.now();
  });
  queue.addEventListener("htmx:after:request", ask);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") ask();
  });
  later();
}
