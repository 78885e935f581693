// What a package of somebody else's may not do. It is built here, imported as
// any other and opened in the player; from its SCO it tries to get at the
// application, at other attempts and at who comes next, in both host modes, with
// a developer's addresses and with names and TLS as in production. Each attack
// has to fail, and the application is looked at afterwards: the session still
// holds, and nobody's gesture was done.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, describe, test } from "node:test";
import { strToU8, zipSync } from "fflate";
import { detail, play, stage } from "./lib/course.mjs";
import { device, signIn, signOut, until } from "./lib/device.mjs";
import { layout } from "./lib/layouts.mjs";
import { scoFrame } from "./lib/server.mjs";

const source = (name) => strToU8(readFileSync(new URL(`hostile/${name}`, import.meta.url), "utf8"));
const page = (script) => strToU8(`<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Trop curieux</title></head><body><script src="${script}"></script></body></html>`);
const PACKAGE = zipSync({
  "imsmanifest.xml": source("imsmanifest.xml"),
  "index.html": page("attack.js"),
  "attack.js": source("attack.js"),
  "inside.js": source("inside.js"),
  "worker.js": strToU8("self.addEventListener('fetch', (event) => event.respondWith(new Response('mine')));"),
});

const LAYOUTS = [
  { title: "wildcard", port: 3960, hosts: "wildcard" },
  { title: "single", port: 3965, hosts: "single" },
  // One registrable domain for both: what `doctor` warns of.
  { title: "wildcard, same site, as in production", port: 3984, hosts: "wildcard", names: { app: "cours.organisme.example", content: "contenus.organisme.example", evil: "ailleurs.example" } },
  { title: "single, another site, as in production", port: 3975, hosts: "single", names: { app: "cours.organisme.example", content: "contenus-organisme.example", evil: "ailleurs.example" } },
];

const SECRET = "ce-que-la-premiere-personne-a-laisse";
/** Everything in it was refused, or gave nothing. */
function nothingGot(found) {
  const got = Object.entries(found).filter(([, { got }]) => got !== undefined && got !== null && got !== "");
  assert.deepEqual(got, []);
}

for (const { title, port, hosts, names } of LAYOUTS) {
  describe(`a hostile package, content hosts: ${title}`, () => {
    let place;
    let staff;
    let shared;
    let scene;
    let session;
    const first = () => scene.enrolments[0];
    const attack = async (name, how) => (await scoFrame(shared.page)).evaluate(([which, args]) => window.attacks[which](args), [name, how]);
    const open = async (enrolment = first()) => {
      const player = await play(shared.page, place.base, enrolment, scene.activities[0]);
      const sco = await scoFrame(shared.page);
      await sco.waitForFunction(() => window.attacks && window.parent.API);
      return { player, sco };
    };
    const gestures = () => [`${place.base}/sign-out`, `${place.base}/formation/${first()}/activite/${scene.activities[0]}/ouvrir`, `${place.base}/mon-compte`];
    const addresses = () => [`${place.base}/mon-compte`, `${place.base}/formation/${first()}`];
    const sessionCookie = async () => (await shared.context.cookies(place.base)).filter(({ name, httpOnly }) => httpOnly && name.endsWith("session"));
    /** The application, as whoever is signed in finds it afterwards. */
    const unharmed = async (family = "Benali") => {
      assert.deepEqual((await sessionCookie()).map(({ value }) => value), [session]);
      for (const path of ["/mon-compte", `/formation/${first()}`, "/accueil"]) {
        const [at, text] = await shared.page.evaluate(async (where) => {
          const answer = await fetch(where);
          return [new URL(answer.url).pathname, await answer.text()];
        }, path).catch((error) => [error.message, ""]);
        assert.equal(at, path, "the session was lost");
        assert.ok(text.includes(family), `${path} is no longer ${family}'s`);
      }
      assert.equal(place.hits.length, 0, `somebody else heard of it: ${place.hits}`);
    };
    const launches = async () => (await detail(staff.page, place.base, first(), scene.activities[0])).attempt["Nombre d’ouvertures"];

    before(async () => {
      place = await layout({ port, hosts, names });
      [staff, shared] = await Promise.all([device({ trust: place.trust }), device({ trust: place.trust })]);
      await signIn(staff.page, place.base, "responsable@exemple.fr");
      const file = { name: "curieux.zip", mimeType: "application/zip", buffer: Buffer.from(PACKAGE) };
      scene = await stage(staff.page, place, [{ title: "Trop curieux", file }], ["Benali", "Garrigue"]);
      shared.page.on("dialog", (dialog) => dialog.accept().catch(() => {}));
      await signIn(shared.page, place.base, "stagiaire@exemple.fr");
      [{ value: session }] = await sessionCookie();
      await open();
    });
    after(async () => {
      for (const one of [staff, shared]) if (one) await one.close();
      if (place) await place.stop();
    });

    beforeEach(() => { place.hits.length = 0; });

    test("it runs, and what it does honestly is kept", async () => {
      assert.deepEqual(await attack("work", { place: "page-1" }), ["true", "true"]);
      await shared.page.frameLocator("iframe[name=player]").getByText(/Enregistré à/).waitFor();
    });

    test("it neither reads nor sets a cookie of the application", async () => {
      const host = new URL(place.base).hostname;
      const parents = host.split(".").map((part, n, all) => all.slice(n).join(".")).filter((name) => /[a-z]/.test(name));
      const jar = await shared.context.cookies();
      const seen = await attack("cookies", { names: ["session", "__Host-session", "lang", "__Host-lang", "notice", "__Host-notice"], domains: [host, ...parents] });
      assert.ok(!seen.includes(session), "the session can be read");
      try {
        await unharmed();
      } finally {
        await shared.context.clearCookies();
        await shared.context.addCookies(jar);
      }
    });

    test("it sees nothing of the windows around the player", async () => {
      nothingGot(await attack("around"));
      await unharmed();
    });

    test("it fetches no page of the application and posts no gesture", async () => {
      const before = await launches();
      nothingGot(await attack("fetches", { addresses: [...addresses(), place.evil], gestures: [...gestures(), place.evil] }));
      assert.equal(await launches(), before);
      await unharmed();
    });

    test("it shows no page of the application in a frame", async () => {
      nothingGot(await attack("frames", { addresses: [...addresses(), `${place.base}/connexion`, place.evil] }));
      await unharmed();
    });

    test("it posts no form to the application", async () => {
      const before = await launches();
      await attack("forms", { gestures: [...gestures(), place.evil] });
      assert.equal(await launches(), before);
      await unharmed();
    });

    test("it gets around no policy through an answer that has none", async () => {
      const before = await launches();
      const places = ["/p/player.js", "/p/datamodel.json", "/p/nothing", "/nothing", "/c/nothing/at-all", "nothing-here", "/launch", "/t/commit", "about:blank"];
      const found = await attack("bare", { places, address: place.evil, gesture: gestures()[0] });
      assert.deepEqual(Object.entries(found).filter(([, { got }]) => got === "reached").map(([where]) => where), []);
      assert.equal(await launches(), before);
      await unharmed();
    });

    test("a script of it in the player's page reaches nothing outside either", async () => {
      const inside = await attack("insidePlayer", { address: place.evil, gesture: gestures()[0] });
      if (inside) {
        nothingGot(inside.reads);
        assert.deepEqual(inside.fetched, ["rejected", "rejected"]);
      }
      await unharmed();
    });

    test("it registers no service worker", async () => {
      const { found, left } = await attack("worker", { scripts: [["worker.js", "classic"], ["worker.js?x", "module"], ["/p/player.js", "module"], ["/p/queue.js", "module"]] });
      nothingGot(found);
      assert.deepEqual(left, []);
    });

    test("it opens windows of the application that it cannot see into", async () => {
      nothingGot(await attack("popups", { addresses: [...addresses(), `${place.base}/sign-out`] }));
      for (const other of shared.context.pages()) if (other !== shared.page) await other.close();
      await unharmed();
    });

    test("messages of it change nothing, and a forged exit leads back to the course", async () => {
      const here = shared.page.url();
      const heard = shared.page.evaluate(() => new Promise((done) => {
        window.addEventListener("message", ({ data }) => { if (data === "that is all") done(true); });
      }));
      await attack("messages", { evil: place.evil });
      await (await scoFrame(shared.page)).evaluate(() => window.top.postMessage("that is all", "*"));
      assert.equal(await heard, true);
      assert.equal(shared.page.url(), here);
      // The player's own page may say "exit"; what else is said with it counts for nothing.
      const player = shared.page.frames().find((frame) => frame.url().endsWith("/launch"));
      await player.evaluate((evil) => window.parent.postMessage({ passerelle: "exit", back: evil, href: evil }, "*"), place.evil);
      await shared.page.waitForURL(`${place.base}/formation/${first()}`);
      await open();
      await unharmed();
    });

    test("it leads the window nowhere", async () => {
      const here = shared.page.url();
      const { assign, replace } = await attack("top", { evil: place.evil });
      assert.ok(assign.refused && replace.refused, JSON.stringify({ assign, replace }));
      // Would a navigation be under way, this would be torn from under it.
      assert.equal(await shared.page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(() => done(window.location.href))); })), here);
      await unharmed();
    });

    test("in a window of its own it has no opener, and the application's window stays", async () => {
      await shared.page.goto(`${place.base}/formation/${first()}/activite/${scene.activities[0]}`);
      await shared.page.locator('main form[action$="/ouvrir"]').filter({ has: shared.page.locator('[name="window"][value="own"]') }).locator("button").click();
      const [own] = await Promise.all([shared.context.waitForEvent("page"), shared.page.locator('form[target="_blank"] button').click()]);
      const sco = await scoFrame(own);
      await sco.waitForFunction(() => window.attacks && window.parent.API);
      const { opener, playersOpener } = await sco.evaluate(() => window.attacks.around());
      nothingGot({ opener, playersOpener });
      nothingGot(await sco.evaluate((where) => window.attacks.frames({ addresses: where }), addresses()));
      await own.close();
      await unharmed();
    });

    test("with a forged token or for another attempt it commits nothing, and the second person in the browser finds nothing of the first", async () => {
      await open();
      const stored = await attack("store", { secret: SECRET });
      assert.deepEqual(stored, { got: SECRET });
      const mine = await attack("whoAmI");
      // Work that had not left when the first person went.
      await (await scoFrame(shared.page)).evaluate(({ attempt, launch, toc }) => {
        const { id } = toc.find((item) => item.kind === "sco");
        const calls = [[1, "LMSSetValue", "cmi.core.lesson_location", "page-2", "true", "0"]];
        const work = { at: Date.now(), launch, seq: 50, sco: id, session: 1, set: { "cmi.core.lesson_location": "page-2" }, end: false, calls };
        window.localStorage.setItem(`passerelle:${attempt}:${launch}:50`, JSON.stringify(work));
      }, mine);
      await signOut(shared.page, place.base);
      await signIn(shared.page, place.base, "stagiaire1@exemple.fr");
      const { sco } = await open(scene.enrolments[1]);
      const theirs = await attack("whoAmI");
      assert.notEqual(theirs.attempt, mine.attempt);

      const look = await attack("look");
      assert.equal(JSON.stringify(look).includes(SECRET), false, JSON.stringify(look));
      const waiting = Object.keys(look.local).filter((key) => !key.startsWith(`passerelle:${theirs.attempt}:`) && key !== "passerelle.attempt");
      if (hosts === "single") {
        assert.ok(waiting.length > 0, "the work of the first person, which had not left, is gone");
        for (const key of waiting) assert.ok(key.startsWith(`passerelle:${mine.attempt}:`), key);
      } else {
        assert.deepEqual(waiting, []);
      }
      assert.deepEqual([look.session, look.databases, look.caches, look.workers], [[], [], [], 0]);

      const held = await detail(staff.page, place.base, first(), scene.activities[0]);
      const answers = await attack("commits", { other: { attempt: mine.attempt, launch: mine.launch } });
      assert.deepEqual(answers, { forged: 401, none: 401, otherLaunch: 401, otherLaunchOwnAttempt: 401, batch: 401, hidden: 401, nested: 400, empty: 400, text: 400 });
      if (hosts === "wildcard") {
        const file = new URL(mine.toc.find(({ href }) => href).href, sco.url()).pathname;
        assert.deepEqual(await attack("theirs", { address: file }), { got: 404 });
      }
      const now = await detail(staff.page, place.base, first(), scene.activities[0]);
      assert.deepEqual([now.parts, now.calls.length], [held.parts, held.calls.length]);

      // The first person comes back: what waited on this device is sent.
      await signOut(shared.page, place.base);
      await signIn(shared.page, place.base, "stagiaire@exemple.fr");
      await open();
      await until("what waited has arrived", async () => (await detail(staff.page, place.base, first(), scene.activities[0])).calls.some((call) => call[4] === "page-2"));
    });
  });
}
