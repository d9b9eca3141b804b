// Conveniences on top of pages that work without any of them. Each module looks for its own data attribute.
import { tellBusy } from "./busy.js";
import { askFirst } from "./confirm.js";
import { focusSummary, growText, sendOnce, warnUnsaved } from "./forms.js";
import { listenForKeys } from "./keys.js";
import { sendFilters } from "./filters.js";
import { openPalettes } from "./palette.js";
import { pasteImages } from "./paste.js";

tellBusy();
askFirst();
sendOnce();
warnUnsaved();
growText();
focusSummary();
sendFilters();
pasteImages();
listenForKeys();
openPalettes();

const place = document.querySelector(".site-nav [aria-current]");
if (place) place.closest("ul").scrollLeft = place.offsetLeft - 40; // on a phone the menu is one line, moved sideways

const queue = document.querySelector("[data-queue]");
if (queue) import("./queue.js").then(({ startQueue }) => startQueue(queue));
const presence = document.querySelector("[data-presence]");
if (presence) import("./presence.js").then(({ tellPresence }) => tellPresence(presence));

if (document.querySelector("[data-macros]")) import("./macros.js").then((macros) => macros.findMacros());

// What only some pages have is fetched where it is.
if (document.querySelector("form[data-draft]")) import("./drafts.js").then(({ keepDrafts }) => keepDrafts());
if (document.querySelector("[data-composer], [data-on-its-way]")) import("./composer.js").then(({ compose }) => compose());
if (document.querySelector("form[data-preview]")) import("./preview.js").then(({ showPreviews }) => showPreviews());
if (document.querySelector("[data-ticket], [data-folded]")) import("./ticket.js");
if (document.querySelector("[data-people]")) import("./people.js").then((it) => it.findPeople());
if (document.querySelector("[data-photos]")) import("./photos.js").then((it) => it.choosePhotos());
if (document.querySelector("form[data-filing]")) import("./filing.js").then((it) => it.guessSystem());
