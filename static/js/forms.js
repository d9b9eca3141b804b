// Small courtesies of forms.

// A second click on a slow page must not file a second ticket. The form wakes again when the page is shown from history,
// and after a while, since an answer may be a file that leaves the page where it is.
export function sendOnce() {
  const wake = () => document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    setTimeout(wake, 10_000);
  });
  window.addEventListener("pageshow", wake);
}

// form[data-unsaved]: the browser asks before written text is left behind. Text that the browser itself put back, when one
// came by the Back button, does not count: it has been sent, or was left on purpose. Nor does what is saved as a draft.
export function warnUnsaved() {
  const written = new Set();
  document.addEventListener("input", (event) => written.add(event.target));
  const isLeft = (field) => field.isConnected && field.value !== field.defaultValue
    && field.matches("textarea, input[type=text]") && field.closest("form[data-unsaved]:not([data-sent], [data-draft-saved])");
  window.addEventListener("beforeunload", (event) => {
    if ([...written].some(isLeft)) event.preventDefault();
  });
}

// textarea[data-autosize] is as tall as its text.
export function growText() {
  const grow = (area) => {
    const borders = area.offsetHeight - area.clientHeight;
    if (area.scrollHeight > area.clientHeight) area.style.height = `${area.scrollHeight + borders}px`;
  };
  document.querySelectorAll("textarea[data-autosize]").forEach(grow);
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("textarea[data-autosize]")) grow(event.target);
  });
}

// What must be mended is read out first.
export function focusSummary() {
  document.querySelector("[data-focus]")?.focus();
}
