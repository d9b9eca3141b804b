// Single keys: handlers that pages offer. Without the person's own switch and the sheet of keys it only passes keys on.
const known = new Map();

export function onKey(key, label, handler) {
  if (!known.size) document.addEventListener("keydown", pass);
  known.set(key, { label, handler });
}

function pass(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")) return;
  const found = known.get(event.key);
  if (found && found.handler(event) !== false) event.preventDefault();
}
