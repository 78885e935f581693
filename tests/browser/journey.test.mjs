// From an activity played in a phone's width to a certificate that anyone can verify,
// with content on a host for each attempt and on a single host.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { browse, scoFrame, serve, signedIn } from "./lib/server.mjs";

const MODULE = "Choisir ses outils";

async function faults(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).exclude("iframe").analyze();
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

async function isWithin(page) {
  return page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1);
}

async function openModule(page, base) {
  await page.goto(`${base}/accueil`);
  await page.locator("main a", { hasText: MODULE }).first().click();
  await page.locator('main form[action$="/ouvrir"] button').first().click();
  return scoFrame(page);
}

/** Answers until the end; the right answers are the second ones, then the first. */
async function finish(frame) {
  for (let step = 0; step < 10; step += 1) {
    const choices = frame.locator('input[type="radio"]');
    if (await choices.count()) {
      const right = (await frame.locator("legend").textContent()).startsWith("Combien") ? 0 : 1;
      await choices.nth(right).check();
    }
    const next = frame.locator("button", { hasText: /Page suivante|Voir mon résultat/ });
    if (!(await next.count())) return;
    await next.click();
  }
}

let browser;
before(async () => { browser = await browse(); });
after(async () => { await browser.close(); });

for (const [hosts, port] of [["wildcard", 3910], ["single", 3920]]) {
  describe(`content hosts: ${hosts}`, () => {
    let server;
    before(async () => { server = await serve(port, hosts); });
    after(async () => { await server.stop(); });

    test("a trainee plays on a phone, leaves in the middle, resumes elsewhere and passes", async () => {
      const phone = await signedIn(browser, server.base, "stagiaire@exemple.fr", 360);
      let frame = await openModule(phone.page, server.base);
      await frame.locator("button", { hasText: "Page suivante" }).click();
      await frame.locator(".place", { hasText: "2 sur" }).waitFor();
      await phone.page.frameLocator("iframe[name=player]").getByText(/Enregistré à/).waitFor();
      assert.ok(await isWithin(phone.page), "the player scrolls sideways at 360 pixels");
      await phone.context.close();

      const laptop = await signedIn(browser, server.base, "stagiaire@exemple.fr");
      frame = await openModule(laptop.page, server.base);
      await frame.locator(".place", { hasText: "2 sur" }).waitFor();
      await finish(frame);
      await frame.getByText("Bravo").waitFor();
      await laptop.page.frameLocator("iframe[name=player]").getByText(/Enregistré à/).waitFor();
      await laptop.page.goto(`${server.base}/accueil`);
      const line = laptop.page.locator("li", { has: laptop.page.locator("a", { hasText: MODULE }) }).last();
      assert.match(await line.textContent(), /Fait/);
      await laptop.context.close();
    });

    test("the tutor sees it on the board, and the attempt behind the cell", async () => {
      const { page, context } = await signedIn(browser, server.base, "tutrice@exemple.fr");
      await page.goto(`${server.base}/accueil`);
      await page.locator("main a", { hasText: "Automne, groupe 1" }).first().click();
      const row = page.locator("tr", { has: page.locator("th", { hasText: "BENALI" }) });
      assert.equal(await row.getByText("Fait").count(), 5);
      assert.deepEqual(await faults(page), []);
      await page.setViewportSize({ width: 360, height: 800 });
      assert.ok(await isWithin(page), "the board pushes the page sideways at 360 pixels");
      await context.close();
    });

    test("the manager issues the certificates of a session that has ended, and anyone verifies one", async () => {
      const { page, context } = await signedIn(browser, server.base, "responsable@exemple.fr");
      await page.goto(`${server.base}/gestion`);
      const group = page.locator("a", { hasText: "Rentrée" }).first();
      const id = (await group.getAttribute("href")).split("/")[2];
      await page.goto(`${server.base}/groupe/${id}/bilan`);
      assert.deepEqual(await faults(page), []);
      await page.getByRole("button", { name: "Émettre les certificats" }).click();
      let document;
      for (let tries = 0; tries < 60 && !document; tries += 1) {
        await page.waitForTimeout(500);
        await page.goto(`${server.base}/groupe/${id}/bilan`);
        const links = page.locator("td a", { hasText: "Certificat de réalisation" });
        if (await links.count()) document = await links.first().getAttribute("href");
      }
      assert.ok(document, "no certificate came");
      const pdf = await page.request.get(`${server.base}${document}`);
      const bytes = await pdf.body();
      assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
      const code = /verifier\/([0-9a-f]{20})/.exec(bytes.toString("latin1"));
      assert.ok(code, "the document holds its verification address");
      await context.close();

      const outside = await browser.newContext({ locale: "fr-FR" });
      const anyone = await outside.newPage();
      await anyone.goto(`${server.base}/verifier/${code[1]}`);
      await anyone.getByRole("heading", { name: "Document authentique" }).waitFor();
      assert.deepEqual(await faults(anyone), []);
      await anyone.setInputFiles('input[type="file"]', { name: "certificat.pdf", mimeType: "application/pdf", buffer: bytes });
      await anyone.locator("button", { hasText: "Comparer" }).click();
      await anyone.getByText("identique, octet pour octet").waitFor();
      await outside.close();
    });

    test("pages of each role have no fault that axe finds and fit a phone", async () => {
      const pages = {
        "stagiaire@exemple.fr": ["/accueil", "/mon-compte"],
        "responsable@exemple.fr": ["/e/accueil/gestion/formations", "/e/accueil/gestion/contenus", "/e/accueil/gestion/groupes"],
        "administration@exemple.fr": ["/e/accueil/gestion/personnes", "/e/accueil/gestion/espace"],
      };
      for (const [who, paths] of Object.entries(pages)) {
        const { page, context } = await signedIn(browser, server.base, who, 360);
        for (const path of paths) {
          const answer = await page.goto(`${server.base}${path}`);
          assert.equal(answer.status(), 200, path);
          assert.deepEqual(await faults(page), [], path);
          assert.ok(await isWithin(page), `${path} scrolls sideways`);
        }
        await context.close();
      }
      const outside = await browser.newContext({ locale: "fr-FR", viewport: { width: 360, height: 800 } });
      const visitor = await outside.newPage();
      for (const path of ["/", "/connexion", "/accessibilite", "/confidentialite", "/mentions-legales", "/verifier"]) {
        const answer = await visitor.goto(`${server.base}${path}`);
        assert.equal(answer.status(), 200, path);
        assert.deepEqual(await faults(visitor), [], path);
      }
      await outside.close();
    });
  });
}
