// Messages that leave by themselves: seen on the calendar, written, left out once.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { looked, told } from "./lib/manage.mjs";
import { browse, serve, signedIn } from "./lib/server.mjs";

const MESSAGES = "/e/accueil/gestion/messages";

describe("messages leave by themselves", () => {
  let server;
  let browser;
  before(async () => {
    server = await serve(4064, "wildcard");
    browser = await browse();
  });
  after(async () => {
    if (browser) await browser.close();
    if (server) await server.stop();
  });

  test("a manager writes one and finds it on the calendar", async () => {
    const { context, page } = await signedIn(browser, server.base, "responsable@exemple.fr");
    await page.goto(`${server.base}${MESSAGES}`);
    await page.getByText("À l’ouverture de chaque semaine").waitFor();
    await looked(page, "messages");
    await page.getByRole("link", { name: "Écrire un message" }).click();
    await page.getByRole("link", { name: "Rappel" }).click();
    await page.fill('input[name="subject"]', "Plus que trois jours, {{prenoms}}");
    await page.fill('input[name="days"]', "3");
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await page.getByText("{{prenoms}}").first().waitFor();
    await looked(page, "message-wrong");
    await page.fill('input[name="subject"]', "Plus que trois jours, {{prenom}}");
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await told(page, "Activez-le");
    await page.getByRole("button", { name: /Activer.*Plus que trois jours/ }).click();
    await told(page, "partira de lui-même");
    const row = page.getByRole("row", { name: /Plus que trois jours/ });
    await row.getByRole("link", { name: / à / }).click();
    await page.getByText("Ce que la personne reçoit").waitFor();
    await looked(page, "message-sending");
    await page.getByRole("button", { name: "Ne pas envoyer cette fois" }).click();
    await told(page, "ne partira pas");
    await page.getByRole("link", { name: "Calendrier des messages" }).click();
    await looked(page, "messages-calendar");
    await page.getByRole("link", { name: /Mois suivant/ }).click();
    await page.getByLabel("Groupe").selectOption({ index: 1 });
    await page.getByRole("button", { name: "Afficher" }).click();
    assert.match(page.url(), /mois=\d{4}-\d{2}&groupe=/);
    await context.close();
  });

  test("an auditor reads and is offered nothing to change", async () => {
    const { context, page } = await signedIn(browser, server.base, "audit@exemple.fr");
    await page.goto(`${server.base}${MESSAGES}`);
    await page.getByText("À l’ouverture de chaque semaine").waitFor();
    assert.equal(await page.getByRole("button", { name: /Activer|Désactiver|Supprimer/ }).count(), 0);
    await page.getByRole("link", { name: "Calendrier" }).click();
    await page.locator(".month").waitFor();
    await context.close();
  });
});
