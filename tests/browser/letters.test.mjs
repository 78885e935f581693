// A letter, from a file of contacts to a reader who stops receiving it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { looked, sound, told } from "./lib/manage.mjs";
import { browse, serve, signedIn } from "./lib/server.mjs";

const MANAGE = "/e/accueil/gestion";
const FILE = "Courriel;Prénom;Nom;Structure;Réseaux\n"
  + "iris@exemple.fr;Iris;Malo;Maison commune;FLE\n"
  + "noe@exemple.fr;Noé;Sarda;Maison commune;FLE\n"
  + "pas une adresse;X;Y;;\n";
// One point that is blue: 69 bytes of PNG.
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADAgH/5wp1WQAAAABJRU5ErkJggg==",
  "base64",
);

describe("a letter goes out and a reader stops it", () => {
  let server;
  let browser;
  let stop;
  before(async () => {
    server = await serve(4050, "wildcard");
    browser = await browse();
  });
  after(async () => {
    if (browser) await browser.close();
    if (server) await server.stop();
  });

  const narrow = async (page, name) => {
    await page.setViewportSize({ width: 360, height: 800 });
    await sound(page, `${name}-360`);
    await page.setViewportSize({ width: 1280, height: 800 });
  };
  // No script may enter a letter's frame, axe's neither: it is looked at as a picture, then left out.
  const framed = async (page, name) => {
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      if (process.env.PASSERELLE_SHOTS) {
        await page.screenshot({ path: `${process.env.PASSERELLE_SHOTS}/${name}-framed-${width}.png`, fullPage: true });
      }
    }
    await page.evaluate(() => document.querySelectorAll("iframe").forEach((frame) => frame.remove()));
    await sound(page, name);
    await page.setViewportSize({ width: 1280, height: 800 });
    await sound(page, name);
    await page.reload();
  };
  const plain = async (width = 360) => {
    const context = await browser.newContext({ locale: "fr-FR", viewport: { width, height: 800 } });
    return context.newPage();
  };

  test("a manager makes a list and fills it with a file", async () => {
    const { context, page } = await signedIn(browser, server.base, "responsable@exemple.fr");
    await page.goto(`${server.base}${MANAGE}/listes`);
    await page.fill('input[name="name"]', "Lettre d’essai");
    await page.fill('input[name="description"]', "Une fois, pour voir");
    await page.getByRole("button", { name: "Créer la liste" }).click();
    await told(page, "La liste est créée");
    await sound(page, "letters-lists");
    await narrow(page, "letters-lists");
    await page.goto(`${server.base}${MANAGE}/contacts/importer`);
    await sound(page, "letters-import");
    const file = { name: "contacts.csv", mimeType: "text/csv", buffer: Buffer.from(FILE) };
    await page.setInputFiles('input[name="file"]', file);
    await page.getByRole("button", { name: "Lire le fichier" }).click();
    await page.getByText(/Refusée\s: .*adresse e-mail/).first().waitFor();
    await sound(page, "letters-import-preview");
    await narrow(page, "letters-import-preview");
    await page.fill('input[name="source"]', "Journée portes ouvertes");
    await page.selectOption('select[name="list"]', { label: "Lettre d’essai" });
    await page.getByRole("button", { name: "Importer 2 contacts" }).click();
    await told(page, "L’import est fait");
    await page.goto(`${server.base}${MANAGE}/contacts?q=Maison`);
    await page.getByRole("link", { name: "Iris Malo" }).waitFor();
    await sound(page, "letters-contacts");
    await narrow(page, "letters-contacts");
    await page.getByRole("link", { name: "Iris Malo" }).click();
    await sound(page, "letters-contact");
    await narrow(page, "letters-contact");
    await page.goto(`${server.base}${MANAGE}/segments/nouveau`);
    await page.getByRole("button", { name: "Structure" }).click();
    await page.fill('input[name="c0.value"]', "maison commune");
    await page.getByRole("button", { name: "Compter de nouveau" }).click();
    await page.getByText("2 contacts remplissent ces conditions").waitFor();
    await sound(page, "letters-segment");
    await narrow(page, "letters-segment");
    await context.close();
  });

  test("follows a long import to its end, and undoes it", async () => {
    const { context, page } = await signedIn(browser, server.base, "responsable@exemple.fr");
    const over = async (text) => {
      while (await page.getByText("en cours").count()) {
        await page.getByRole("link", { name: "Actualiser" }).click();
        await page.waitForTimeout(200);
      }
      await page.getByText(text).waitFor();
    };
    await page.goto(`${server.base}${MANAGE}/contacts/importer`);
    const lines = Array.from({ length: 1200 }, (_, at) => `longue.${at}@exemple.fr`);
    const file = { name: "annuaire.csv", mimeType: "text/csv", buffer: Buffer.from(`Courriel\n${lines.join("\n")}\n`) };
    await page.setInputFiles('input[name="file"]', file);
    await page.getByRole("button", { name: "Lire le fichier" }).click();
    await page.fill('input[name="source"]', "Annuaire");
    await page.getByRole("button", { name: "Importer 1\u202f200 contacts" }).click();
    await told(page, "L’import a commencé");
    await looked(page, "letters-import-progress");
    await over("1\u202f200 ajoutés");
    await looked(page, "letters-import-done");
    const undo = page.locator("details.confirm").filter({ hasText: "annuaire.csv" }).first();
    await undo.locator("summary").click();
    await undo.getByRole("button").first().click();
    await told(page, "L’annulation a commencé");
    await over("Annulé le");
    await context.close();
  });

  test("writes it block by block, looks at it and sends it", async () => {
    const { context, page } = await signedIn(browser, server.base, "responsable@exemple.fr");
    await page.goto(`${server.base}${MANAGE}/lettres`);
    await page.getByRole("button", { name: "Écrire une lettre" }).first().click();
    await sound(page, "letters-compose-empty");
    await page.fill('input[name="name"]', "Première lettre");
    await page.selectOption('select[name="list"]', { label: "Lettre d’essai (2)" });
    await page.fill('input[name="subject"]', "Des nouvelles de la maison");
    await page.getByRole("button", { name: "Texte", exact: true }).click();
    await page.fill('textarea[name="b0.text"]', "{{#if prenom}}Bonjour {{prenom}},{{else}}Bonjour,{{/if}}\n\nVoici **deux nouvelles**.");
    await page.getByRole("button", { name: "Bouton", exact: true }).click();
    await page.fill('input[name="b1.label"]', "Voir le catalogue");
    await page.fill('input[name="b1.href"]', "pas une adresse");
    await page.getByRole("button", { name: "Titre", exact: true }).click();
    await page.fill('input[name="b2.title"]', "À la une");
    await page.locator("#bloc-2").getByRole("button", { name: "Monter" }).click();
    await page.waitForURL(/#bloc-1$/);
    assert.equal(await page.inputValue('input[name="b1.title"]'), "À la une");
    await page.setInputFiles('input[name="picture"]', { name: "point.png", mimeType: "image/png", buffer: PICTURE });
    await page.fill('input[name="alt"]', "Un point bleu");
    await page.getByRole("button", { name: "Ajouter l’image" }).click();
    await page.waitForURL(/#bloc-3$/);
    await page.getByRole("button", { name: "Enregistrer et vérifier" }).click();
    await page.getByText("ce lien ne mène nulle part").waitFor();
    await framed(page, "letters-check-wrong");
    await page.getByRole("link", { name: "Bloc 3" }).click();
    await page.fill('input[name="b2.href"]', "https://exemple.fr/catalogue");
    await sound(page, "letters-compose");
    await narrow(page, "letters-compose");
    await page.getByRole("button", { name: "Enregistrer et vérifier" }).click();
    await page.getByText("2 personnes recevraient cette lettre").waitFor();
    await page.fill('input[name="contact"]', "iris@exemple.fr");
    await page.getByRole("button", { name: "Voir sa copie" }).click();
    const preview = page.frameLocator("iframe").first();
    await preview.getByText("Bonjour Iris,").waitFor();
    await preview.getByText("À la une").waitFor();
    await framed(page, "letters-check");
    await page.fill('input[name="to"]', "moi@exemple.fr");
    await page.getByRole("button", { name: "Envoyer un essai" }).click();
    await told(page, "L’essai part");
    await page.getByText("Approuver la lettre").first().click();
    await page.locator("#approuver").getByRole("button", { name: "Approuver la lettre" }).click();
    await told(page, "La lettre est approuvée");
    await page.locator("#envoyer summary").click();
    await page.getByText("Envoyer la lettre à 2 personnes ?").waitFor();
    await page.locator("#envoyer summary").click();
    await framed(page, "letters-approved");
    await page.locator("#envoyer summary").click();
    await page.locator("#envoyer").getByRole("button", { name: "Envoyer maintenant" }).click();
    for (let attempt = 0; attempt < 100; attempt += 1) {
      await page.reload();
      if (await page.getByText("Envoyée", { exact: true }).count()) break;
      await new Promise((resolve) => { setTimeout(resolve, 200); });
    }
    await page.getByText("Empreinte des destinataires").waitFor();
    await sound(page, "letters-results");
    await narrow(page, "letters-results");
    await page.getByRole("link", { name: "Destinataires" }).click();
    await page.getByText("iris@exemple.fr").waitFor();
    await sound(page, "letters-recipients");
    await context.close();
  });

  test("the reader's link shows and changes nothing; the button stops", async () => {
    const page = await plain();
    await page.goto(`${server.base}/dev/mail`);
    await page.locator("tr", { hasText: "iris@exemple.fr" }).getByRole("link").first().click();
    await page.frameLocator("iframe").getByText("Bonjour Iris,").waitFor();
    stop = (await page.content()).match(/https?:\/\/[^"<\s]*\/lettres\/[\w-]{64}\/arret/u)[0];
    await page.goto(stop);
    await page.getByText("iris@exemple.fr ne recevra plus").waitFor();
    await page.goto(stop);
    await page.getByText("iris@exemple.fr ne recevra plus").waitFor();
    await sound(page, "letters-stop");
    await page.getByRole("button", { name: "Ne plus recevoir" }).click();
    await page.getByText("iris@exemple.fr ne reçoit plus").waitFor();
    await sound(page, "letters-stopped");
    await page.getByRole("link", { name: "Voir tout ce que je reçois" }).click();
    await page.getByRole("checkbox", { name: "Lettre d’essai" }).waitFor();
    assert.equal(await page.getByRole("checkbox", { name: "Lettre d’essai" }).isChecked(), false);
    await sound(page, "letters-choices");
    await page.context().close();
  });

  test("a mail program stops for another reader without a page", async () => {
    const page = await plain();
    await page.goto(`${server.base}/dev/mail`);
    await page.locator("tr", { hasText: "noe@exemple.fr" }).getByRole("link").first().click();
    const other = (await page.content()).match(/https?:\/\/[^"<\s]*\/lettres\/[\w-]{64}\/arret/u)[0];
    const answer = await fetch(other, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "List-Unsubscribe=One-Click",
      redirect: "manual",
    });
    assert.equal(answer.status, 303);
    await page.goto(other);
    await page.getByText("noe@exemple.fr ne reçoit plus").waitFor();
    await page.context().close();
  });

  test("somebody subscribes on the public page and confirms by a mail", async () => {
    const page = await plain();
    await page.goto(`${server.base}/e/accueil/abonnement`);
    await sound(page, "letters-subscribe");
    await page.getByRole("checkbox", { name: "Lettre d’essai" }).check();
    await page.fill('input[name="email"]', "lou@exemple.fr");
    await page.getByRole("button", { name: "M’abonner" }).click();
    await page.getByText("lou@exemple.fr").waitFor();
    await sound(page, "letters-asked");
    let link = null;
    for (let attempt = 0; attempt < 50 && !link; attempt += 1) {
      await page.goto(`${server.base}/dev/mail`);
      const row = page.locator("tr", { hasText: "lou@exemple.fr" }).getByRole("link").first();
      if (await row.count()) {
        await row.click();
        link = (await page.content()).match(/https?:\/\/[^"<\s]*\/abonnement\/[\w-]{64}/u);
      } else {
        await new Promise((resolve) => { setTimeout(resolve, 200); });
      }
    }
    await page.goto(link[0]);
    await sound(page, "letters-confirm");
    await page.getByRole("button", { name: "Confirmer mon abonnement" }).click();
    await page.getByText("lou@exemple.fr reçoit").waitFor();
    await page.context().close();
  });
});
