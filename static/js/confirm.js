// data-confirm="question" on a submit button: the question is asked in a dialog, and yes sends the form by that button.

export function askFirst() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-confirm]");
    if (!button || button.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(button.dataset.confirm, button.textContent.trim()).then((yes) => {
      if (!yes) return;
      button.dataset.confirmed = "yes";
      button.click();
      delete button.dataset.confirmed;
    });
  }, true);
}

function ask(question, action) {
  const dialog = document.createElement("dialog");
  const form = Object.assign(document.createElement("form"), { method: "dialog" });
  const heading = Object.assign(document.createElement("h2"), { id: "confirm-question", textContent: question });
  const choices = Object.assign(document.createElement("div"), { className: "cluster" });
  const yes = choice(action, "yes", "button button-primary");
  const no = choice(document.body.dataset.wordsCancel, "", "button button-secondary");
  dialog.setAttribute("aria-labelledby", heading.id);
  choices.append(yes, no);
  form.append(heading, choices);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      answer(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}

function choice(words, value, className) {
  return Object.assign(document.createElement("button"), { textContent: words, value, className });
}
