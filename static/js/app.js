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

if (document.querySelector("[data-many]")) import("./many.js").then((many) => many.countChosen());
if (document.querySelector("[data-macros]")) import("./macros.js").then((macros) => macros.findMacros());
