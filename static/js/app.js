// Conveniences on top of pages that work without any of them. Each module looks for its own data attribute.
import { askFirst } from "./confirm.js";
import { focusSummary, growText, sendOnce, warnUnsaved } from "./forms.js";
import { listenForKeys } from "./keys.js";
import { sendFilters } from "./filters.js";
import { openPalettes } from "./palette.js";
import { pasteImages } from "./paste.js";

askFirst();
sendOnce();
warnUnsaved();
growText();
focusSummary();
sendFilters();
pasteImages();
listenForKeys();
openPalettes();
