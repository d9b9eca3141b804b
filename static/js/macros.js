// The list of macros on a ticket: opened, one types and presses Enter; what does not match steps aside.

export function findMacros() {
  document.querySelectorAll("[data-macros]").forEach((details) => {
    const search = details.querySelector("[data-macro-search]");
    if (!search) return;
    search.closest("[hidden]").hidden = false;
    details.addEventListener("toggle", () => details.open && search.focus());
    search.addEventListener("input", () => narrow(details, search.value));
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") shown(details)[0]?.querySelector("a").click();
      if (event.key === "Enter") event.preventDefault();
    });
  });
}

const lines = (details) => [...details.querySelectorAll(".macro-line")];
const shown = (details) => lines(details).filter((line) => !line.hidden);

function narrow(details, typed) {
  const words = typed.toLocaleLowerCase("da").split(/\s+/).filter(Boolean);
  lines(details).forEach((line) => {
    const text = line.textContent.toLocaleLowerCase("da");
    line.hidden = !words.every((word) => text.includes(word));
  });
}
