// textarea[data-paste-target="id"]: a picture on the clipboard is put in that file field, beside what is there already.

export function pasteImages() {
  document.addEventListener("paste", (event) => {
    const area = event.target.closest?.("textarea[data-paste-target]");
    const images = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    const field = area && document.getElementById(area.dataset.pasteTarget);
    if (!field || !images.length) return;
    event.preventDefault();
    field.files = together([...field.files], images);
    field.dispatchEvent(new Event("change", { bubbles: true }));
    say(field, images.length);
  });
}

function together(kept, added) {
  const all = new DataTransfer();
  kept.forEach((file) => all.items.add(file));
  added.forEach((file, index) => all.items.add(named(file, kept.length + index + 1)));
  return all.files;
}

// Every browser calls a pasted picture image.png; a name with a number keeps several apart.
function named(file, number) {
  const ending = file.type.split("/")[1].replace("jpeg", "jpg");
  return new File([file], `skaermbillede-${number}.${ending}`, { type: file.type });
}

function say(field, count) {
  const id = `${field.id}-pasted`;
  const line = document.getElementById(id) ?? Object.assign(document.createElement("p"), { id, className: "pasted" });
  line.setAttribute("role", "status");
  field.after(line);
  line.textContent = `${document.body.dataset.wordsPasted} (${count})`;
}
