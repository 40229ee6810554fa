// Opens HTML files offline and prints, as JSON, what axe finds, what they asked for, and whether they fit.
// Usage: node axe.mjs NODE_MODULES CHROMIUM FILE...
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, executablePath, ...files] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const found = [];
for (const file of files) {
  const context = await browser.newContext({ offline: true, bypassCSP: true });
  const page = await context.newPage();
  const requests = [];
  page.on("request", (request) => /^(file|data):/.test(request.url()) || requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(() => document.querySelectorAll("details").forEach((element) => (element.open = true)));
  await page.evaluate(axe);
  const result = await page.evaluate((values) => axe.run(document, { runOnly: { type: "tag", values } }), tags);
  const violations = result.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`);
  const widths = {};
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    widths[width] = await page.evaluate(() => document.documentElement.scrollWidth);
  }
  const fonts = await page.evaluate(() => [400, 600, 700].map((weight) => document.fonts.check(`${weight} 16px "Open Sans"`)));
  await page.setViewportSize({ width: 390, height: 800 });
  const smallest = await page.evaluate(() => {
    const texts = [...document.querySelectorAll(".chart text")];
    return Math.min(...texts.map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a));
  });
  found.push({ violations, requests, widths, fonts, smallest });
  await context.close();
}
await browser.close();
console.log(JSON.stringify(found));
