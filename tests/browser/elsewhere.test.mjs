// Signing in with an account that an independent provider keeps.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { sound } from "./lib/manage.mjs";
import { provider } from "./lib/provider.mjs";
import { PASSWORD, browse, serve, signedIn } from "./lib/server.mjs";

const LIST = "/e/accueil/gestion/comptes-exterieurs";
const SECRET = "un secret que personne ne devine";

describe("people sign in with an account of elsewhere", () => {
  let server;
  let theirs;
  let browser;
  let addresses;
  before(async () => {
    server = await serve(4030, "wildcard", { PASSERELLE_PRIVATE_ADDRESSES: "true" });
    theirs = await provider(4035);
    browser = await browse();
  });
  after(async () => {
    if (browser) await browser.close();
    if (theirs) await theirs.stop();
    if (server) await server.stop();
  });

  /** Goes through the provider's own pages, when it asks who it is and whether it may say it. */
  const there = async (page) => {
    await page.waitForURL(`${theirs.issuer}/interaction/**`);
    await page.fill('input[name="login"]', "u-stagiaire");
    await page.fill('input[name="password"]', "peu importe");
    await page.press('input[name="password"]', "Enter");
    await page.getByRole("button", { name: "Continue" }).click();
  };
  const visitor = async (width = 360) => {
    const context = await browser.newContext({ locale: "fr-FR", viewport: { width, height: 800 } });
    return context.newPage();
  };

  test("an administrator adds a provider by its address and gives it ours", async () => {
    const { context, page } = await signedIn(browser, server.base, "administration@exemple.fr");
    await page.goto(`${server.base}${LIST}`);
    await sound(page, "elsewhere-list-empty");
    await page.getByRole("link", { name: "Ajouter un fournisseur" }).first().click();
    await page.fill('input[name="name"]', "Annuaire");
    await page.fill('input[name="issuer"]', `${theirs.issuer}/nulle-part`);
    await page.getByRole("button", { name: "Ajouter" }).click();
    await page.getByText("n’a pas répondu comme il faut").first().waitFor();
    await sound(page, "elsewhere-add-refused");
    await page.fill('input[name="issuer"]', theirs.issuer);
    await page.getByRole("button", { name: "Ajouter" }).click();
    await page.getByText("1. Ce que vous lui donnez").waitFor();
    addresses = await page.locator("dd").allInnerTexts();
    const [redirect, left] = addresses;
    assert.match(redirect, /\/connexion\/retour\/[0-9a-f-]{36}$/);
    theirs.admit({ redirect, left, secret: SECRET, signed: true });
    await page.fill('input[name="client_id"]', "passerelle");
    await page.fill('input[name="client_secret"]', SECRET);
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await page.locator(".notice", { hasText: "C’est enregistré" }).waitFor();
    await page.getByRole("button", { name: "Vérifier sa configuration" }).click();
    await page.getByText("Il répond, et publie une clé").waitFor();
    await sound(page, "elsewhere-provider");
    await page.setViewportSize({ width: 360, height: 800 });
    await sound(page, "elsewhere-provider");
    await page.goto(`${server.base}${LIST}`);
    await sound(page, "elsewhere-list");
    await context.close();
  });

  test("the first time, a trainee signs in here once and links both accounts", async () => {
    const page = await visitor();
    await page.goto(`${server.base}/connexion`);
    await sound(page, "elsewhere-sign-in");
    await page.getByRole("link", { name: "Se connecter avec Annuaire" }).click();
    await there(page);
    await page.getByText("sous le nom Nadia Belkacem").waitFor();
    await sound(page, "elsewhere-unknown");
    await page.getByRole("link", { name: "Me connecter avec mon compte d’ici" }).click();
    await page.fill('input[name="identifier"]', "stagiaire@exemple.fr");
    await page.fill('input[name="password"]', PASSWORD);
    await page.press('input[name="password"]', "Enter");
    await page.getByText("Le relier à votre compte d’ici").waitFor();
    await sound(page, "elsewhere-linking");
    await page.getByRole("button", { name: "Relier", exact: true }).click();
    await page.getByText("Vos deux comptes sont reliés").waitFor();
    await page.goto(`${server.base}/mon-compte`);
    await page.getByRole("link", { name: "Voir mes comptes reliés" }).click();
    await sound(page, "elsewhere-mine");
    await page.context().close();
  });

  test("from then on one press is enough, and signing out ends at the provider too", async () => {
    const page = await visitor(1280);
    await page.goto(`${server.base}/connexion?suite=/mon-compte`);
    await page.getByRole("link", { name: "Se connecter avec Annuaire" }).click();
    await there(page);
    await page.waitForURL(`${server.base}/mon-compte`);
    await page.getByText("stagiaire@exemple.fr").first().waitFor();
    await page.locator("details.me summary").click();
    await page.locator('form[action="/sign-out"] button').click();
    // The provider asks before it signs out, then leads back here.
    await page.waitForURL(`${theirs.issuer}/session/end**`);
    await page.getByRole("button", { name: /yes/i }).click();
    await page.waitForURL(`${server.base}/connexion**`);
    await page.goto(`${server.base}/mon-compte`);
    await page.waitForURL(/connexion\?/);
    await page.getByRole("link", { name: "Se connecter avec Annuaire" }).click();
    await page.waitForURL(`${theirs.issuer}/interaction/**`);
    await page.context().close();
  });

  test("somebody who says no there, or whose account there changes its answer form, is told well", async () => {
    const [redirect, left] = addresses;
    theirs.admit({ redirect, left, secret: SECRET, signed: false });
    const page = await visitor();
    await page.goto(`${server.base}/connexion`);
    await page.getByRole("link", { name: "Se connecter avec Annuaire" }).click();
    await page.waitForURL(`${theirs.issuer}/interaction/**`);
    await page.getByRole("link", { name: /cancel/i }).click();
    await page.getByText("Vous n’avez pas continué").waitFor();
    await sound(page, "elsewhere-denied");
    // A secret that is no longer the right one.
    theirs.admit({ redirect, left, secret: "un autre secret, tout aussi long", signed: false });
    await page.getByRole("link", { name: "Se connecter avec Annuaire" }).click();
    await there(page);
    await page.getByText("n’a pas abouti").first().waitFor();
    await sound(page, "elsewhere-refused");
    await page.context().close();
  });
});
