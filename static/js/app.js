// Conveniences on top of pages that work without any of them. Each module looks for its own data attribute.
import { tellBusy } from "./busy.js";
import { askFirst } from "./confirm.js";
import { closeDrops } from "./drops.js";
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
closeDrops();
sendFilters();
pasteImages();
listenForKeys();
openPalettes();

const place = document.querySelector(".site-nav [aria-current]");
if (place) place.closest("ul").scrollLeft = place.offsetLeft - 40; // on a phone the menu is one line, moved sideways

// What only some pages have is fetched where it is; when all of it has begun, the page says so.
const parts = [
  ["[data-queue]", () => import("./queue.js"), (it, found) => it.startQueue(found)],
  ["[data-presence]", () => import("./presence.js"), (it, found) => it.tellPresence(found)],
  ["[data-macros]", () => import("./macros.js"), (it) => it.findMacros()],
  ["form[data-draft]", () => import("./drafts.js"), (it) => it.keepDrafts()],
  ["[data-composer], [data-on-its-way]", () => import("./composer.js"), (it) => it.compose()],
  ["form[data-preview]", () => import("./preview.js"), (it) => it.showPreviews()],
  ["[data-ticket], [data-folded]", () => import("./ticket.js"), () => {}],
  ["[data-people]", () => import("./people.js"), (it) => it.findPeople()],
  ["[data-photos]", () => import("./photos.js"), (it) => it.choosePhotos()],
  ["[data-floor]", () => import("./floor.js"), (it, found) => it.keepFloorHelp(found)],
  ["form[data-keep]", () => import("./surveys.js"), (it, found) => it.keepAnswers(found)],
  ["form[data-filing]", () => import("./filing.js"), (it) => it.guessSystem()],
];
const begun = parts.map(([selector, load, begin]) => {
  const found = document.querySelector(selector);
  return found && load().then((it) => begin(it, found));
});
Promise.all(begun).then(() => { document.documentElement.dataset.ready = ""; });
