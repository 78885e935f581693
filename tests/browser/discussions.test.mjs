// A discussion list: made, set up, written to by mail, looked at.
import assert from "node:assert/strict";
import net from "node:net";
import { after, before, describe, test } from "node:test";
import { looked, told } from "./lib/manage.mjs";
import { browse, serve, signedIn } from "./lib/server.mjs";

const PORT = 4074;
const ADDRESS = "reseau@exemple.fr";

/** Hands a message over by LMTP, as a mail server does; the last answer. */
function hand(from, subject, text) {
  const message = `From: ${from}\r\nTo: ${ADDRESS}\r\nSubject: ${subject}\r\nMessage-ID: <${subject.length}@ailleurs.fr>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n.\r\n`;
  const steps = ["LHLO mx.exemple.fr\r\n", `MAIL FROM:<${from}>\r\n`, `RCPT TO:<${ADDRESS}>\r\n`, "DATA\r\n", message, "QUIT\r\n"];
  return new Promise((done, fail) => {
    const socket = net.connect(PORT, "127.0.0.1");
    let heard = "";
    let last = "";
    socket.setEncoding("utf8");
    socket.setTimeout(10_000, () => socket.destroy(new Error("no answer")));
    socket.on("error", fail);
    socket.on("data", (data) => {
      heard += data;
      const lines = heard.split("\r\n");
      heard = lines.pop();
      for (const line of lines.filter((text) => /^\d{3} /.test(text))) {
        if (!line.startsWith("221")) last = line;
        const step = steps.shift();
        if (step) socket.write(step);
        else socket.end();
      }
    });
    socket.on("close", () => done(last));
  });
}

describe("members of a list write to each other", () => {
  let server;
  let browser;
  before(async () => {
    server = await serve(4068, "wildcard", { PASSERELLE_MAIL_LMTP: `127.0.0.1:${PORT}`, PASSERELLE_MAIL_RETURN: "retours@exemple.fr" });
    browser = await browse();
  });
  after(async () => {
    if (browser) await browser.close();
    if (server) await server.stop();
  });

  test("a manager makes one, and decides of what waits", async () => {
    const { context, page } = await signedIn(browser, server.base, "responsable@exemple.fr");
    await page.goto(`${server.base}/e/accueil/gestion/listes`);
    await page.fill('input[name="name"]', "Réseau FLE");
    await page.getByLabel("Les membres s’écrivent", { exact: true }).check();
    await page.getByRole("button", { name: "Créer" }).or(page.getByRole("button", { name: /liste/ })).first().click();
    await page.getByRole("link", { name: "Réseau FLE", exact: true }).click();
    await page.getByRole("link", { name: "Voir la discussion" }).click();
    await page.getByText("Rien n’attend").waitFor();
    assert.equal(await page.inputValue('input[name="address"]'), "retours+reseau-fle@exemple.fr");
    await looked(page, "discussion-empty");
    await page.fill('input[name="address"]', ADDRESS);
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await told(page, "réglée");
    assert.match(await hand("inconnue@ailleurs.fr", "Une question de cartes", "Bonjour,\r\n\r\nqui a un jeu de cartes à prêter ?\r\n\r\nMerci"), /^250/);
    assert.match(await hand("vendeur@ailleurs.fr", "Achetez", "Des montres"), /^250/);
    await page.reload();
    await page.getByText("qui a un jeu de cartes à prêter").waitFor();
    await looked(page, "discussion-waiting");
    const spam = page.getByRole("article", { name: "Achetez" });
    await spam.getByText("Refuser…").click();
    await spam.getByRole("button", { name: "Refuser le message" }).click();
    await told(page, "refusé");
    await page.getByRole("button", { name: /Envoyer aux membres/ }).click();
    await told(page, "part vers les membres");
    await page.getByRole("heading", { name: "Messages envoyés aux membres" }).waitFor();
    await looked(page, "discussion-sent");
    await context.close();
  });
});
