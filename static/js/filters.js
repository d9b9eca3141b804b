// form[data-auto-submit]: a choice is a new view at once. Its button stays for those who come by keyboard or without scripts.

export function sendFilters() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-auto-submit]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) soon(form);
  });
  document.addEventListener("click", (event) => closeOthers(event.target.closest?.("details.filter")));
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && event.target.closest?.("details.filter[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}

// A short wait, so that several boxes can be ticked in one go.
let waiting;
function soon(form) {
  clearTimeout(waiting);
  waiting = setTimeout(() => form.requestSubmit(), 900);
}

function closeOthers(kept) {
  document.querySelectorAll("details.filter[open]").forEach((filter) => {
    if (filter !== kept) filter.open = false;
  });
}
