// form[data-preview="address"]: what is typed is shown as it will be read, half a second after the last key.

export function showPreviews() {
  document.querySelectorAll("form[data-preview]").forEach((form) => {
    const shown = form.querySelector("[data-preview-shown]");
    let waiting;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const answer = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)) });
        if (!answer.ok) return;
        shown.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
      }, 500);
    });
  });
}
