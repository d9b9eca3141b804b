// form[data-draft="place"]: what is typed is saved a second after the last key, and when the page is left. Files that are
// chosen or pasted are kept at once. A form that was made without its draft fetches it.

const SECONDS = 1000;

export function keepDrafts() {
  document.querySelectorAll("form[data-draft]").forEach((form) => new Draft(form));
}

class Draft {
  constructor(form) {
    this.form = form;
    this.address = `/drafts/${form.dataset.draft}`;
    this.line = form.querySelector("[data-draft-line]") ?? this.addLine();
    this.status = this.line.querySelector("[data-draft-status]");
    this.other = this.line.querySelector("[data-draft-other]");
    this.discard = this.line.querySelector("[data-draft-discard]");
    this.version = form.elements.draft_version;
    this.isDirty = false;
    this.isLeaving = false;
    this.saving = null;
    this.line.querySelector("[data-draft-save]")?.setAttribute("hidden", "");
    this.listen();
    this.showRemovals();
    if (!form.querySelector("[data-draft-status]").textContent && form.dataset.draftFetch !== undefined) this.fetch();
  }

  // A form with the attribute alone has no line yet, and so no draft in it either.
  addLine() {
    const line = document.createElement("div");
    line.className = "draft-line";
    line.dataset.draftLine = "";
    const version = Object.assign(document.createElement("input"), { type: "hidden", name: "draft_version", value: "0" });
    const status = Object.assign(document.createElement("p"), { className: "draft-status" });
    status.setAttribute("role", "status");
    status.dataset.draftStatus = "";
    const other = Object.assign(document.createElement("div"), { className: "draft-other", hidden: true });
    other.dataset.draftOther = "";
    line.append(version, status, other);
    this.form.append(line);
    this.form.dataset.draftFetch = "";
    return line;
  }

  listen() {
    const touched = (event) => {
      if (event.target.type !== "file" && !event.target.closest("[data-draft-other]")) this.touch();
    };
    this.form.addEventListener("input", touched);
    this.form.addEventListener("change", (event) => {
      if (event.target.type === "file") this.keepFiles(event.target);
      else touched(event);
    });
    this.form.addEventListener("click", (event) => this.removeFile(event.target.closest?.("[data-remove]")));
    // What is on its way to the server arrives before what it was the draft of.
    this.form.addEventListener("submit", (event) => this.leave(event));
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.save({ keepalive: true }));
    window.addEventListener("pagehide", () => this.save({ keepalive: true }));
    window.addEventListener("pageshow", (event) => { if (event.persisted) this.isLeaving = false; });
  }

  touch() {
    this.isDirty = true;
    delete this.form.dataset.draftSaved;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SECONDS);
  }

  body(extra = {}) {
    const data = new FormData(this.form);
    [...data.keys()].forEach((name) => data.get(name) instanceof File && data.delete(name));
    Object.entries(extra).forEach(([name, value]) => data.set(name, value));
    return new URLSearchParams(data);
  }

  save({ keepalive = false, extra = {} } = {}) {
    if (!this.isDirty || this.isLeaving || (this.isHeld && !extra.draft_force)) return this.saving;
    if (this.saving) return (this.saving = this.saving.then(() => this.save({ keepalive, extra })));
    clearTimeout(this.timer);
    this.isDirty = false;
    this.saving = ask(this.address, this.body(extra), keepalive)
      .then((answer) => this.heard(answer))
      .catch(() => this.failed())
      .finally(() => { this.saving = null; });
    return this.saving;
  }

  heard(answer) {
    if (answer.conflict) return this.showOther(answer.conflict);
    if (answer.refused) {
      this.status.textContent = answer.refused;
      return undefined;
    }
    this.version.value = answer.version;
    this.status.textContent = answer.saved;
    if (this.discard) this.discard.hidden = !answer.saved;
    if (!this.isDirty) this.form.dataset.draftSaved = "yes";
    return undefined;
  }

  failed() {
    this.isDirty = true;
    this.status.textContent = this.status.dataset.wordsFailed ?? "";
    this.timer = setTimeout(() => this.save(), 5 * SECONDS);
  }

  leave(event) {
    if (event.defaultPrevented) return;
    if (this.saving) {
      event.preventDefault();
      const { submitter } = event;
      this.saving.then(() => this.form.requestSubmit(submitter));
      return;
    }
    clearTimeout(this.timer);
    this.isLeaving = true;
  }

  // Another window saved something else: both texts are here, and nothing is written over until the person has said which.
  showOther({ version, text, words }) {
    this.isHeld = true;
    this.isDirty = true;
    const area = this.textArea();
    const shown = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, rows: 4, className: "form-input kept" });
    shown.setAttribute("aria-label", words);
    const choices = Object.assign(document.createElement("div"), { className: "cluster" });
    const settle = (chosen) => {
      if (area && chosen !== null) area.value = chosen;
      this.other.hidden = true;
      this.isHeld = false;
      this.isDirty = true;
      this.version.value = version;
      this.save({ extra: { draft_force: "1", draft_version: version } });
      area?.focus();
    };
    const { wordsUse, wordsBoth, wordsKeep } = this.other.dataset;
    choices.append(
      button(wordsBoth ?? "+", () => settle(`${text}\n\n${area?.value ?? ""}`)),
      button(wordsUse ?? "", () => settle(text)),
      button(wordsKeep ?? "", () => settle(null)),
    );
    const notice = Object.assign(document.createElement("p"), { textContent: words });
    notice.setAttribute("role", "alert");
    this.other.replaceChildren(notice, shown, choices);
    this.other.hidden = false;
  }

  textArea() {
    return this.form.querySelector("textarea[name=body], textarea[name=description], textarea");
  }

  fetch() {
    fetch(this.address, { headers: { Accept: "application/json" } }).then((answer) => answer.json()).then((draft) => {
      if (!draft.version || this.isDirty) return;
      this.version.value = draft.version;
      this.status.textContent = draft.saved;
      Object.entries(draft.fields).forEach(([name, value]) => this.fill(name, value));
      this.form.dataset.draftSaved = "yes";
    }).catch(() => {});
  }

  fill(name, value) {
    const field = this.form.elements[name];
    if (!field || field.type === "file" || field.type === "hidden" || (field.value && field.type !== "select-one" && !field.length)) return;
    field.value = value;
    field.dispatchEvent?.(new Event("input", { bubbles: false }));
  }

  keepFiles(field) {
    if (!this.form.dataset.files || !field.files.length) return;
    const data = new FormData();
    data.set("csrf_token", this.form.elements.csrf_token.value);
    [...field.files].forEach((file) => data.append("files", file));
    this.form.setAttribute("aria-busy", "true");
    this.saving = ask(this.form.dataset.files, data).then((answer) => {
      this.showFiles(answer.files);
      if (answer.version) this.version.value = answer.version;
      this.status.textContent = answer.refused ?? this.status.textContent;
      if (!answer.refused || answer.files) field.value = "";
      if (this.discard && answer.version) this.discard.hidden = false;
    }).catch(() => this.failed()).finally(() => {
      this.saving = null;
      this.form.removeAttribute("aria-busy");
    });
  }

  removeFile(pressed) {
    if (!pressed) return;
    const data = new URLSearchParams({ csrf_token: this.form.elements.csrf_token.value });
    ask(pressed.dataset.remove, data).then((answer) => {
      this.showFiles(answer.files);
      this.textArea()?.focus();
    }).catch(() => this.failed());
  }

  showFiles(html) {
    const list = this.form.querySelector("[data-kept-files]");
    if (!list || html === undefined) return;
    list.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    this.showRemovals();
  }

  showRemovals() {
    this.form.querySelectorAll("[data-remove]").forEach((one) => {
      one.hidden = false;
      one.closest("li").querySelector(".kept-file-tick").hidden = true;
    });
  }
}

function button(words, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: words, className: "button button-secondary button-small" });
  made.addEventListener("click", act);
  return made;
}

async function ask(address, body, keepalive = false) {
  // What is too long for a request that outlives its page is sent as any other.
  const options = { method: "POST", body, headers: { Accept: "application/json" } };
  const lasts = keepalive && (body.toString?.() ?? "").length < 60_000;
  const answer = await fetch(address, { ...options, keepalive: lasts });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}
