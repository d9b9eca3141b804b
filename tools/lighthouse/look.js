// One page, as a phone or a desktop: node look.js '{"url": …, "form": "mobile", "cookie": …, "chromium": …}'
import * as chromeLauncher from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const asked = JSON.parse(process.argv[2]);
const chrome = await chromeLauncher.launch({
  chromePath: asked.chromium,
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
});
const options = {
  port: chrome.port,
  output: "json",
  logLevel: "error",
  onlyCategories: ["performance", "accessibility", "best-practices"],
  extraHeaders: { Cookie: asked.cookie },
};
const { lhr } = await lighthouse(asked.url, options, asked.form === "desktop" ? desktopConfig : undefined);
await chrome.kill();
if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);

const scores = Object.fromEntries(Object.entries(lhr.categories).map(([name, { score }]) => [name, score]));
const counted = Object.values(lhr.categories).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0));
const faults = counted.map(({ id }) => lhr.audits[id])
  .filter(({ score }) => score !== null && score < 0.9)
  .map(({ id, displayValue }) => (displayValue ? `${id} ${displayValue}` : id));
console.log(JSON.stringify({ scores, faults, bytes: lhr.audits["total-byte-weight"].numericValue }));
