// Quick hands on a ticket's page: forms that open with the pen in them, answers by digit, Ctrl + Enter, links to copy.

// a[data-opens="id"]: opens that part of the page and puts the pen in its first field.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-opens]");
  const part = link && document.getElementById(link.dataset.opens);
  if (!part) return;
  event.preventDefault();
  write(part.querySelector("textarea, input:not([type=hidden])"));
});

// The pen in a field, wherever it is folded away, with what stands around it in sight.
function write(field) {
  const folded = field?.closest("details");
  if (folded) folded.open = true;
  field?.focus({ preventScroll: true });
  field?.scrollIntoView({ block: "center" });
}

// form[data-send-key]: Ctrl or Cmd with Enter sends it by its first button; with Shift by its second, where it has one.
document.addEventListener("keydown", (event) => {
  const form = event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest?.("form[data-send-key]");
  if (!form) return;
  event.preventDefault();
  const [first, second] = form.querySelectorAll("button[type=submit]");
  form.requestSubmit((event.shiftKey && second) || first);
});

// [data-digits]: with the focus among the choices, 1 is the first of them.
document.addEventListener("keydown", (event) => {
  const group = !event.ctrlKey && !event.metaKey && !event.altKey && event.target.closest?.("[data-digits]");
  const choice = group && /^[1-9]$/.test(event.key) && group.querySelectorAll("input[type=radio]")[event.key - 1];
  if (!choice) return;
  event.preventDefault();
  event.stopPropagation();
  choice.checked = true;
  choice.focus();
});

// a[data-copy]: its address goes to the clipboard, with what data-copy says in front, such as a number.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-copy]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
  event.preventDefault();
  const address = new URL(link.getAttribute("href"), location.origin + location.pathname).href;
  const words = link.querySelector("span") ?? link;
  const before = words.textContent;
  try {
    await navigator.clipboard.writeText([link.dataset.copy, address].filter(Boolean).join(" "));
  } catch {
    location.assign(address);
    return;
  }
  words.textContent = link.dataset.copied;
  words.setAttribute("role", "status");
  setTimeout(() => { words.textContent = before; }, 2000);
});

// Addresses that lead to where one writes put the pen there: beside the queue they are all there is to press.
function openField() {
  const field = location.hash.slice(1);
  const note = field === "visibility-internal" && document.getElementById(field);
  if (note) {
    note.checked = true;
    note.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (note || field === "body" || field === "solution") write(document.getElementById(note ? "body" : field));
}

// Lines that are folded away open when an address leads to one of them.
function openLine() {
  const line = location.hash.startsWith("#entry-") && document.getElementById(location.hash.slice(1));
  const folded = line && line.closest("details[data-folded]");
  if (!folded || folded.open) return;
  folded.open = true;
  line.scrollIntoView();
}
function openTarget() {
  openField();
  openLine();
}
window.addEventListener("hashchange", openTarget);
openTarget();
