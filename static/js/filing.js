// form[data-filing]: says how many suggestions came, and puts in the system that was guessed until the person has chosen one.
export function guessSystem() {
  const form = document.querySelector("form[data-filing]");
  const system = form.querySelector("#system");
  const guessed = form.querySelector("#guessed");
  const words = form.querySelector("#system-guess");
  let isChosen = system.value !== "" && system.value !== guessed.value;

  system.addEventListener("change", () => {
    isChosen = true;
    guessed.value = words.textContent = "";
  });
  document.addEventListener("htmx:after:swap", () => {
    form.elements.offer && (form.elements.offer.value = "");
    const shown = form.querySelector("#suggestions [data-suggestions]");
    form.querySelector("#suggestions-status").textContent = shown?.dataset.suggestions ?? "";
    if (!isChosen) put(form.querySelector("#suggestions [data-guess]")?.dataset.guess ?? "");
  });

  function put(id) {
    const isThere = [...system.options].some((option) => option.value === id);
    if (id && !isThere) return;
    if (id === "" && guessed.value === "") return;
    system.value = guessed.value = id;
    words.textContent = id ? words.dataset.words : "";
  }
}
