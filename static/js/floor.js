// [data-floor="person"]: help on the floor that could not be sent lies on this device, and is sent from any page that has
// the attribute: when the page opens, when the connection is back, and every half minute. Each form carries an id of its
// own, by which the server knows one that it has had; so sending once too often is safe, and once too seldom is not.

const PREFIX = "floor-help:";
const EVERY = 30_000;
const PATIENCE = 10_000; // a connection that says nothing for so long is none

export function keepFloorHelp(box) {
  const kept = new Kept(box.dataset.floor);
  const sender = new Sender(box, kept);
  const form = document.querySelector("form[data-floor-form]");
  document.querySelectorAll("[data-stepper]").forEach(countWithThumb);
  if (form) new FloorForm(form, sender);
  showKnownErrors();
  sender.start();
}

// What lies on the device, one key for each form, so that two windows do not write over each other. Nobody else who uses
// the device is shown it or sends it.
class Kept {
  constructor(person) {
    this.prefix = `${PREFIX}${person}:`;
  }

  all() {
    return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix)).map((key) => {
      try {
        return JSON.parse(localStorage.getItem(key));
      } catch {
        return null; // not ours
      }
    }).filter((item) => item?.id && item.fields).sort((one, other) => one.at - other.at);
  }

  put(item) {
    localStorage.setItem(this.prefix + item.id, JSON.stringify(item));
  }

  has(item) {
    return localStorage.getItem(this.prefix + item.id) !== null;
  }

  drop(item) {
    localStorage.removeItem(this.prefix + item.id);
  }
}

class Sender {
  constructor(box, kept) {
    this.box = box;
    this.kept = kept;
    this.words = box.dataset;
    this.token = box.dataset.floorToken;
    this.onMend = null;
    this.isSending = false;
  }

  start() {
    window.addEventListener("online", () => this.sendAll());
    window.addEventListener("storage", () => this.show());
    document.addEventListener("visibilitychange", () => this.sendAll());
    setInterval(() => this.sendAll(), EVERY);
    this.show();
    this.sendAll();
  }

  async sendAll() {
    const waiting = this.kept.all().filter((item) => !item.refused);
    if (!waiting.length || this.isSending || !navigator.onLine || document.visibilityState === "hidden") return;
    this.isSending = true;
    let told;
    for (const item of waiting) {
      told = await this.send(item);
      if (told.kind === "refused") this.kept.put({ ...item, refused: told.words });
      else if (told.kind !== "sent") break;
    }
    this.isSending = false;
    this.show();
    if (told.kind === "sent") this.say(this.words.wordsSent);
    else if (told.kind !== "kept" && told.kind !== "refused") this.sayWhyKept(told.kind);
  }

  // "sent", "refused" with the reason, or why it lies here yet: "kept", "out", "old".
  async send(item) {
    if (!navigator.onLine) return { kind: "kept" };
    try {
      let answer = await this.post(item);
      if (answer.status === 400) { // the token is no good: signed out, or in again since
        const found = await this.fetchToken();
        if (found !== "fresh") return { kind: found };
        answer = await this.post(item);
      }
      if (answer.status === 400) return { kind: "old" };
      if (answer.status === 401) return { kind: "out" };
      return await this.read(answer, item);
    } catch {
      return { kind: "kept" };
    }
  }

  post(item) {
    const body = new URLSearchParams(item.fields);
    body.set("form_id", item.id);
    body.set("ago", Math.max(0, Math.round((Date.now() - item.at) / 1000)));
    const headers = { Accept: "application/json", "X-CSRFToken": this.token };
    return fetch(this.words.floorAddress, { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE) });
  }

  // A network that wants one to sign in to it answers in our server's place: only our own words count.
  async read(answer, item) {
    const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (!isOurs || answer.status >= 500 || answer.status === 429) return { kind: "kept" };
    const told = await answer.json();
    if (told.saved) {
      this.kept.drop(item);
      this.showLatest(told.latest);
      return { kind: "sent", words: told.saved };
    }
    return told.refused ? { kind: "refused", words: told.refused, errors: told.errors } : { kind: "kept" };
  }

  // One of the page as it is now, when the same person is signed in.
  async fetchToken() {
    const answer = await fetch(this.words.floorPage, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const box = page.querySelector("[data-floor]");
    if (answer.redirected || (box && box.dataset.floor !== this.words.floor)) return "out";
    if (!box) return "old";
    this.token = box.dataset.floorToken;
    return "fresh";
  }

  say(words, kind = "sent", link = null) {
    const status = this.box.querySelector("[data-floor-status]");
    status.dataset.kind = kind;
    status.textContent = words;
    if (link) status.append(Object.assign(document.createElement("a"), { href: this.words.floorPage, textContent: link }));
  }

  sayWhyKept(kind) {
    const { wordsKept, wordsOut, wordsOld, wordsSignIn, wordsReload } = this.words;
    if (kind === "out") this.say(wordsOut, "kept", wordsSignIn);
    else if (kind === "old") this.say(wordsOld, "kept", wordsReload);
    else this.say(wordsKept, "kept");
  }

  show() {
    const all = this.kept.all();
    const waiting = all.filter((item) => !item.refused).length;
    const count = this.box.querySelector("[data-floor-count]");
    count.textContent = { 0: "", 1: this.words.wordsOne }[waiting] ?? this.words.wordsMany.replace("[n]", waiting);
    const refused = all.filter((item) => item.refused).map((item) => this.refusal(item));
    this.box.querySelector("[data-floor-refused]").replaceChildren(...refused);
  }

  refusal(item) {
    const line = document.createElement("li");
    const why = `${this.words.wordsRefused}: ${item.refused}`;
    const what = [item.label, item.fields.note].filter(Boolean).join(" · ");
    const choices = Object.assign(document.createElement("div"), { className: "cluster" });
    choices.append(button(this.words.wordsMend, () => this.mend(item)), button(this.words.wordsDiscard, () => this.discard(item)));
    line.append(paragraph(why), paragraph(what), choices);
    return line;
  }

  mend(item) {
    if (!this.onMend) return window.location.assign(this.words.floorPage);
    this.kept.drop(item);
    this.show();
    return this.onMend(item);
  }

  discard(item) {
    this.kept.drop(item);
    this.show();
    this.say(this.words.wordsDiscarded, "kept");
    this.box.querySelector("[data-floor-status]").append(" ", button(this.words.wordsUndo, () => {
      this.kept.put(item);
      this.say("");
      this.show();
    }));
  }

  showLatest(html) {
    const list = document.getElementById("floor-latest");
    const arrived = new DOMParser().parseFromString(html ?? "", "text/html").getElementById("floor-latest");
    if (list && arrived) list.replaceWith(arrived);
  }
}

class FloorForm {
  constructor(form, sender) {
    this.form = form;
    this.sender = sender;
    sender.onMend = (item) => this.fill(item);
    form.addEventListener("submit", (event) => this.submit(event));
  }

  submit(event) {
    if (!this.form.reportValidity()) return event.preventDefault();
    const item = this.item();
    try {
      this.sender.kept.put(item); // before it is sent: whatever happens now, it is not lost
    } catch {
      return undefined; // no room on the device: the browser sends the form as it does without scripts
    }
    event.preventDefault();
    return this.send(item);
  }

  item() {
    const fields = Object.fromEntries(new FormData(this.form));
    const id = fields.form_id;
    delete fields.csrf_token;
    delete fields.form_id;
    return { id, fields, at: Date.now(), label: this.form.querySelector("[name=system]:checked")?.parentElement.textContent.trim() };
  }

  async send(item) {
    if (this.form.getAttribute("aria-busy")) return;
    this.form.setAttribute("aria-busy", "true");
    const told = await this.sender.send(item);
    this.form.removeAttribute("aria-busy");
    if (told.kind === "refused") {
      this.sender.kept.drop(item); // it stands in the form
      this.sender.say(told.words, "refused");
    } else {
      if (told.kind === "sent") this.sender.say(told.words);
      else this.sender.sayWhyKept(told.kind);
      this.clear();
    }
    this.sender.show();
    this.sender.box.scrollIntoView({ block: "nearest" });
  }

  // Ready for the next one: another form, with another id.
  clear() {
    this.form.reset();
    this.form.elements.form_id.value = newId();
    this.form.querySelectorAll("details[open]").forEach((more) => { more.open = false; });
    this.form.dispatchEvent(new Event("change"));
  }

  fill({ id, fields }) {
    this.form.reset();
    this.form.elements.form_id.value = id;
    Object.entries(fields).forEach(([name, value]) => {
      const field = this.form.elements[name];
      if (field) field.value = value;
    });
    this.form.querySelectorAll("details").forEach((more) => { more.open = true; });
    this.form.dispatchEvent(new Event("change"));
    this.form.querySelector("[type=radio]:checked, [type=radio]")?.focus();
  }
}

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
}

function button(words, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: words, className: "button button-secondary button-small" });
  made.addEventListener("click", act);
  return made;
}

function paragraph(words) {
  return Object.assign(document.createElement("p"), { textContent: words });
}

function countWithThumb(stepper) {
  const field = stepper.querySelector("input");
  stepper.querySelectorAll("[data-step]").forEach((pressed) => {
    pressed.hidden = false;
    pressed.addEventListener("click", () => (pressed.dataset.step === "1" ? field.stepUp() : field.stepDown()));
  });
}

// Of the known solutions those of the system that is chosen.
function showKnownErrors() {
  const groups = document.querySelectorAll("#known_error optgroup");
  const form = document.querySelector("form:has(#known_error)");
  const choose = () => {
    const system = form.querySelector("[name=system]:checked")?.value;
    groups.forEach((group) => { group.hidden = group.disabled = group.dataset.system !== system; });
    const field = form.querySelector("#known_error");
    if (field.selectedOptions[0]?.parentElement.disabled) field.value = "";
    field.closest(".form-group").hidden = ![...groups].some((group) => !group.hidden);
  };
  form?.addEventListener("change", choose);
  if (form) choose();
}
