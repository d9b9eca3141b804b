// [data-photos]: what was chosen is shown with a button to take it out again, from camera and gallery in one list, and large
// photos are made smaller before they are sent. In a form that keeps files at once (data-files; see drafts.js) that list is
// the draft's. Without this module the two file fields do what browsers do.
const LARGE = 1_500_000;
const LONGEST = 2_560;
const QUALITY = 0.85;
const SHRINKABLE = { "image/jpeg": "image/jpeg", "image/png": "image/png", "image/webp": "image/webp", "image/heic": "image/jpeg" };

export function choosePhotos() {
  document.querySelectorAll("[data-photos]").forEach(prepare);
}

function prepare(box) {
  const [camera, field] = box.querySelectorAll("input[type=file]");
  if (field.form.dataset.files) return handOn(box, camera, field);
  const own = { box, field, files: [], working: Promise.resolve() };
  box.classList.add("photos-ready");
  camera.addEventListener("change", () => {
    const taken = [...camera.files];
    camera.value = "";
    add(own, taken);
  });
  field.addEventListener("change", () => {
    const known = new Set(own.files);
    add(own, [...field.files].filter((file) => !known.has(file)));
  });
  box.querySelectorAll("input[name=kept]").forEach((kept) => {
    const row = kept.closest("li");
    kept.hidden = true;
    row.append(remover(box, row.textContent.trim(), () => { row.remove(); keepAsking(box); }));
  });
  waitBeforeSending(own);
}

// Made smaller here, kept by drafts.js. Until then they lie in the field where they were chosen, and would go along.
function handOn(box, camera, field) {
  box.classList.add("photos-ready");
  let isHandedOn = false;
  [camera, field].forEach((chosen) => chosen.addEventListener("change", async (event) => {
    if (isHandedOn || !chosen.files.length) return;
    event.stopPropagation();
    const all = new DataTransfer();
    (await Promise.all([...chosen.files].map(shrunk))).forEach((file) => all.items.add(file));
    camera.value = "";
    field.files = all.files;
    isHandedOn = true;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    isHandedOn = false;
  }));
}

// Without any `kept` in the form the server would not know that all of them were taken out.
function keepAsking(box) {
  if (box.querySelector("input[name=kept]")) return;
  box.append(Object.assign(document.createElement("input"), { type: "hidden", name: "kept", value: "" }));
}

function add(own, files) {
  own.files.push(...files);
  own.working = own.working.then(async () => {
    for (const file of files) {
      const at = own.files.indexOf(file);
      if (at >= 0) own.files[at] = await shrunk(file);
    }
    show(own);
  });
  show(own);
}

function show(own) {
  const { box, field, files } = own;
  const all = new DataTransfer();
  files.forEach((file) => all.items.add(file));
  field.files = all.files;
  const list = box.querySelector(".photos-list");
  list.querySelectorAll(".photo-new").forEach((row) => {
    const image = row.querySelector("img");
    if (image) URL.revokeObjectURL(image.src);
    row.remove();
  });
  files.forEach((file) => list.append(row(own, file)));
  const names = files.map((file) => file.name).join(", ");
  box.querySelector("[role=status]").textContent = names ? `${box.dataset.wordsAdded} ${names}` : "";
}

function row(own, file) {
  const item = Object.assign(document.createElement("li"), { className: "photo photo-new" });
  if (file.type.startsWith("image/")) {
    const image = Object.assign(document.createElement("img"), { className: "photo-image", alt: "", src: URL.createObjectURL(file) });
    image.addEventListener("error", () => image.remove());
    item.append(image);
  }
  item.append(Object.assign(document.createElement("span"), { className: "photo-name", textContent: file.name }));
  // The server takes the place out of JPEG, and this module by drawing a picture anew; what neither can read keeps it.
  if (/^image\/hei[cf]$/.test(file.type) || /\.hei[cf]$/i.test(file.name)) {
    item.querySelector(".photo-name").append(Object.assign(document.createElement("span"), { className: "photo-place", textContent: own.box.dataset.wordsPlace }));
  }
  item.append(remover(own.box, file.name, () => {
    own.files = own.files.filter((one) => one !== file);
    show(own);
    own.field.focus();
  }));
  return item;
}

function remover(box, name, take) {
  const words = Object.assign(document.createElement("span"), { textContent: box.dataset.wordsRemove });
  const which = Object.assign(document.createElement("span"), { className: "sr-only", textContent: ` ${name}` });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-tertiary button-small" });
  button.append(words, which);
  button.addEventListener("click", take);
  return button;
}

// A photo of 12 megapixels says no more than one of 4, and takes a minute to send from a basement.
async function shrunk(file) {
  const type = SHRINKABLE[file.type];
  const isToBeDrawn = file.type === "image/heic" || file.size > LARGE; // a HEIC also for the place that it names
  if (!type || !isToBeDrawn) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), {
      width: Math.round(picture.width * scale), height: Math.round(picture.height * scale),
    });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const smaller = await new Promise((done) => { canvas.toBlob(done, type, QUALITY); });
    if (!smaller || (smaller.size >= file.size && file.type !== "image/heic")) return file;
    return new File([smaller], file.name.replace(/\.hei[cf]$/i, ".jpg"), { type, lastModified: file.lastModified });
  } catch {
    return file; // the browser cannot read it: the server keeps it as it is
  }
}

function waitBeforeSending(own) {
  let isDone = true;
  const form = own.field.form;
  own.field.addEventListener("change", () => settle());
  own.box.querySelector("input[type=file]").addEventListener("change", () => settle());
  function settle() {
    isDone = false;
    const { working } = own;
    working.then(() => { if (own.working === working) isDone = true; });
  }
  form.addEventListener("submit", (event) => {
    if (isDone) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    form.setAttribute("aria-busy", "true");
    own.working.then(() => { isDone = true; form.requestSubmit(button); });
  }, true);
}
