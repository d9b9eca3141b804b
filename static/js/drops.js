// details[data-drops] lies over the page like a menu: it closes when one presses elsewhere, and with Escape.

export function closeDrops() {
  document.addEventListener("click", (event) => closeOthers(event.target.closest?.("details[data-drops]")));
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && event.target.closest?.("details[data-drops][open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}

function closeOthers(kept) {
  document.querySelectorAll("details[data-drops][open]").forEach((one) => {
    if (one !== kept) one.open = false;
  });
}
