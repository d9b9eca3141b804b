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

// What only some pages have is fetched where it is.
if (document.querySelector("form[data-draft]")) import("./drafts.js").then(({ keepDrafts }) => keepDrafts());
if (document.querySelector("[data-composer], [data-on-its-way]")) import("./composer.js").then(({ compose }) => compose());
if (document.querySelector("form[data-preview]")) import("./preview.js").then(({ showPreviews }) => showPreviews());
