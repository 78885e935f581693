// The watch: a site followed, an item kept and told; what comes back, on the page of mail.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { looked, told } from "./lib/manage.mjs";
import { browse, serve, signedIn } from "./lib/server.mjs";

const MANAGE = "/e/accueil/gestion";
const FEED = `<?xml version="1.0"?><rss version="2.0"><channel><title>Actualités du réseau</title>
<item><guid>1</guid><title>Un guide pour accueillir un public peu lecteur</title><link>https://exemple.fr/guide</link>
<description>&lt;p&gt;Vingt fiches à imprimer.&lt;/p&gt;</description></item>
<item><guid>2</guid><title>Une offre sans rapport</title><link>https://exemple.fr/offre</link></item></channel></rss>`;
const PAGE = '<html><head><title>Site</title><link rel="alternate" type="application/rss+xml" title="Actualités" href="/flux.xml"></head></html>';

describe("what is new elsewhere is followed, sorted and told", () => {
  let server;
  let browser;
  let site;
  let address;
  before(async () => {
    site = http.createServer((request, response) => {
      const feed = request.url === "/flux.xml";
      response.setHeader("content-type", feed ? "application/rss+xml" : "text/html");
      response.end(feed ? FEED : PAGE);
    });
    await new Promise((done) => site.listen(0, "127.0.0.1", done));
    address = `http://127.0.0.1:${site.address().port}`;
    server = await serve(4060, "wildcard", { PASSERELLE_PRIVATE_ADDRESSES: "true" });
    browser = await browse();
  });
  after(async () => {
    if (browser) await browser.close();
    if (server) await server.stop();
    site.close();
  });

  test("a manager follows a site by its address, and sorts what comes", async () => {
    const { context, page } = await signedIn(browser, server.base, "responsable@exemple.fr");
    await page.goto(`${server.base}${MANAGE}/veille`);
    await page.getByText("Rien à trier").waitFor();
    await looked(page, "watch-empty");
    await page.getByRole("link", { name: "Sources", exact: true }).click();
    await page.fill('input[name="address"]', address);
    await page.fill('input[name="themes"]', "laïcité, accueil");
    await page.getByRole("button", { name: "Suivre une source" }).click();
    await page.getByText("annonce un flux").first().waitFor();
    await looked(page, "watch-found");
    await page.getByLabel("Actualités").check();
    await page.getByRole("button", { name: "Suivre une source" }).click();
    await told(page, "La source est suivie");
    await looked(page, "watch-sources");
    await page.getByRole("link", { name: "Nouvelles", exact: true }).click();
    await looked(page, "watch-items");
    await page.getByRole("button", { name: /Écarter.*offre/ }).click();
    await told(page, "écartée");
    await page.getByRole("link", { name: /Retenir.*guide/ }).click();
    assert.equal(await page.inputValue('input[name="themes"]'), "accueil, laïcité");
    await looked(page, "watch-item");
    await page.getByRole("button", { name: "Retenir" }).click();
    await told(page, "retenue");
    await page.getByText("Rien à trier").waitFor();
    await context.close();
  });

  test("it becomes a block of a letter", async () => {
    const { context, page } = await signedIn(browser, server.base, "responsable@exemple.fr");
    await page.goto(`${server.base}${MANAGE}/lettres`);
    await page.getByRole("button", { name: "Écrire une lettre" }).click();
    await page.fill('input[name="subject"]', "Revue de presse");
    await page.getByRole("button", { name: /Reprendre des formations/ }).click();
    await looked(page, "letter-offers");
    await page.getByRole("button", { name: "Ajouter à la lettre" }).click();
    await page.getByText("Cochez au moins un contenu").first().waitFor();
    await page.getByRole("group", { name: "Veille" }).getByLabel("Un guide pour accueillir un public peu lecteur").check();
    await page.getByRole("button", { name: "Ajouter à la lettre" }).click();
    await told(page, "à la fin de la lettre");
    assert.equal(await page.inputValue('input[name="subject"]'), "Revue de presse");
    assert.equal(await page.inputValue('input[name="b0.title"]'), "Un guide pour accueillir un public peu lecteur");
    assert.equal(await page.inputValue('input[name="b0.href"]'), "https://exemple.fr/guide");
    await context.close();
  });

  test("the page of mail says by which doors things come back", async () => {
    const { context, page } = await signedIn(browser, server.base, "administration@exemple.fr");
    await page.goto(`${server.base}${MANAGE}/courrier`);
    await page.getByRole("heading", { name: "Ce qui revient" }).waitFor();
    await looked(page, "mail-doors");
    await context.close();
  });
});
