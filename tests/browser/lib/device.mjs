// A device of somebody's: a browser with a profile of its own, as people have.
// Third-party cookies are allowed unless said otherwise: where they are blocked
// (in private windows, by choice, in some distributions) Chromium refuses
// `localStorage` to a frame of another site.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { PASSWORD } from "./server.mjs";

const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
/** Nothing here takes so long, unless it never comes. */
const PATIENCE = 15_000;

/**
 * @param trust arguments that make Chromium know the hosts of a layout
 * @param strict blocks third-party cookies, and storage with them
 */
export async function device({ width = 1280, trust = [], strict = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "passerelle-device-"));
  await mkdir(join(folder, "Default"));
  const profile = { cookie_controls_mode: strict ? 1 : 0, block_third_party_cookies: strict };
  await writeFile(join(folder, "Default", "Preferences"), JSON.stringify({ profile }));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.PASSERELLE_CHROMIUM || "/usr/bin/chromium",
    args: [...ARGS, ...trust],
    locale: "fr-FR",
    viewport: { width, height: 800 },
  });
  context.setDefaultTimeout(PATIENCE);
  const page = context.pages()[0] || (await context.newPage());
  return {
    context,
    page,
    async close() {
      await context.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export async function signIn(page, base, identifier) {
  await page.goto(`${base}/connexion`);
  await page.fill('input[name="identifier"]', identifier);
  await page.fill('input[name="password"]', PASSWORD);
  await page.press('input[name="password"]', "Enter");
  await page.waitForURL((url) => !url.pathname.startsWith("/connexion"));
}

export async function signOut(page, base) {
  await page.goto(`${base}/accueil`);
  await page.locator("details.me summary").click();
  await page.locator('form[action="/sign-out"] button').click();
  await page.waitForURL((url) => url.pathname !== "/accueil");
}

/** Polls a question about the page's world until the answer is true; never a fixed wait. */
export async function until(what, ask, patience = PATIENCE) {
  const end = Date.now() + patience;
  let last;
  while (Date.now() < end) {
    last = await ask();
    if (last) return last;
    await new Promise((go) => setTimeout(go, 50));
  }
  throw new Error(`it never came: ${what}`);
}
