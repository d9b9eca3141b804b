// Conveniences on top of pages that work without any of them. Each module looks for its own data attribute.
import { askFirst } from "./confirm.js";
import { focusSummary, growText, sendOnce, warnUnsaved } from "./forms.js";
import { sendFilters } from "./filters.js";
import { pasteImages } from "./paste.js";

askFirst();
sendOnce();
warnUnsaved();
growText();
focusSummary();
sendFilters();
pasteImages();
if (document.querySelector("[data-people]")) import("./people.js").then((it) => it.findPeople());
if (document.querySelector("[data-photos]")) import("./photos.js").then((it) => it.choosePhotos());
if (document.querySelector("form[data-filing]")) import("./filing.js").then((it) => it.guessSystem());
