// A survey with names on it: what is answered is kept while one answers, so that it can be finished another time.

const PAUSE = 800;

export function keepAnswers(form) {
  const status = form.querySelector("[data-keep-status]");
  let timer, isSent = false;
  const keep = async () => {
    if (isSent) return;
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: new FormData(form), headers: { "X-Keep": "1" } });
      if (answer.ok) status.textContent = form.dataset.kept;
    } catch {
      status.textContent = ""; // no connection: the button keeps it, or it is tried again at the next answer
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", () => {
    isSent = true;
    clearTimeout(timer);
  });
}
