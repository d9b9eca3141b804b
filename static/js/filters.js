// form[data-auto-submit]: a choice is a new view at once. Its button stays for those who come by keyboard or without scripts.

export function sendFilters() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-auto-submit]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) soon(form);
  });
}

// A short wait, so that several boxes can be ticked in one go.
let waiting;
function soon(form) {
  clearTimeout(waiting);
  waiting = setTimeout(() => form.requestSubmit(), 900);
}
