// [data-presence]: tells the others that one is at this ticket, and whether one writes; shows who else is.
const EVERY = 15_000;
const PAUSE = 20_000; // nothing typed for so long: no longer writing

export function tellPresence(box) {
  let writing = false;
  let typed = 0;
  let timer;
  let seen; // when the server last saw this page

  const body = (more) => {
    const form = new FormData();
    form.set("csrf_token", box.dataset.csrf);
    form.set("writing", writing ? "1" : "");
    Object.entries(more ?? {}).forEach(([name, value]) => form.set(name, value));
    return form;
  };

  const beat = async () => {
    clearTimeout(timer);
    if (document.visibilityState === "hidden") return;
    if (writing && Date.now() - typed > PAUSE) writing = false;
    timer = setTimeout(beat, EVERY);
    try {
      const headers = { "HX-Request": "true", "X-Poll": "1" };
      const answer = await fetch(box.dataset.presence, { method: "POST", body: body(), headers });
      if (answer.ok) {
        seen = answer.headers.get("X-Seen");
        show(await answer.text());
      }
      else clearTimeout(timer); // signed out, or no longer one's ticket: the page says so when it is next used
    } catch {
      // No connection: what is shown grows old, and so it goes.
      show("");
    }
  };

  const show = (html) => {
    if (box.innerHTML.trim() !== html.trim()) box.innerHTML = html;
  };

  // The server may hear of it after the same page, fetched anew, has come: what was seen since stays.
  const leave = () => seen && navigator.sendBeacon?.(box.dataset.presence, body({ leaving: seen }));

  document.addEventListener("input", (event) => {
    if (!event.target.matches?.("textarea")) return;
    typed = Date.now();
    const now = event.target.value.trim() !== "";
    if (now === writing) return;
    writing = now;
    beat();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") beat();
  });
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => event.persisted && beat());
  beat();
}
