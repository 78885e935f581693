// A demonstration server of its own for a test file, and a browser to look at it with.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { chromium } from "playwright-core";

export const PASSWORD = "passerelle-demo";

/** Starts the demonstration; `hosts` is "wildcard" or "single", `settings` are environment variables. */
export async function serve(port, hosts, settings = {}) {
  const binary = process.env.PASSERELLE_BIN;
  if (!binary) throw new Error("PASSERELLE_BIN must name the passerelle binary");
  const args = ["serve", "--demo", "--listen", `127.0.0.1:${port}`, "--content-listen", `127.0.0.1:${port + 1}`, "--content-hosts", hosts];
  // Variables of the test suite are no settings of the server.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PASSERELLE_")));
  const server = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...env, PASSERELLE_LOG: "warn", ...settings } });
  let said = "";
  server.stderr.on("data", (text) => { said += text; });
  const base = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 300; tries += 1) {
    if (server.exitCode !== null) throw new Error(`the server stopped: ${said}`);
    const ready = await fetch(`${base}/health/ready`).then((answer) => answer.ok, () => false);
    if (ready) break;
    await new Promise((go) => setTimeout(go, 200));
  }
  return {
    base,
    said: () => said,
    /** Changes in its database (SQLite) what no page changes. */
    change(sql, ...values) {
      const open = readdirSync(`/proc/${server.pid}/fd`).flatMap((fd) => {
        try {
          return [readlinkSync(`/proc/${server.pid}/fd/${fd}`)];
        } catch {
          return [];
        }
      });
      const file = open.find((path) => path.endsWith(".sqlite"));
      const script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=30); n = c.execute(sys.argv[2], sys.argv[3:]).rowcount; c.commit(); print(n)";
      return Number(execFileSync("python3", ["-c", script, file, sql, ...values]).toString());
    },
    async stop() {
      server.kill("SIGTERM");
      if (server.exitCode === null) await once(server, "exit");
    },
  };
}

export function browse(more = []) {
  return chromium.launch({
    executablePath: process.env.PASSERELLE_CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...more],
  });
}

/** A page signed in as that person, in a browser context of its own. */
export async function signedIn(browser, base, identifier, width = 1280) {
  const context = await browser.newContext({ locale: "fr-FR", viewport: { width, height: 800 } });
  const page = await context.newPage();
  await page.goto(`${base}/connexion`);
  await page.fill('input[name="identifier"]', identifier);
  await page.fill('input[name="password"]', PASSWORD);
  await page.press('input[name="password"]', "Enter");
  await page.waitForURL((url) => !url.pathname.startsWith("/connexion"));
  return { context, page };
}

/** The frame that a SCO runs in. */
export async function scoFrame(page) {
  for (let tries = 0; tries < 100; tries += 1) {
    const frame = page.frames().find((one) => new URL(one.url(), "http://x").pathname.startsWith("/c/"));
    if (frame) return frame;
    await page.waitForTimeout(100);
  }
  throw new Error(`no activity is playing: ${page.frames().map((one) => one.url()).join(" ")}`);
}
