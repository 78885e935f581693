// A package that wants what is not its own. Each attack answers what it got;
// the test asks for them one by one and looks at the application afterwards.

const tried = async (work) => {
  try {
    return { got: await work() };
  } catch (error) {
    return { refused: error.name };
  }
};

/** Settles with what comes first: an event of the element, or a moment later "nothing". */
const settled = (element, ready = "load") => new Promise((done) => {
  for (const name of [ready, "error"]) element.addEventListener(name, () => done(name), { once: true });
  setTimeout(() => done("nothing"), 2000);
});

const api = () => {
  for (let one = window; one; one = one === one.parent ? null : one.parent) if (one.API) return one.API;
  return null;
};

const launch = () => JSON.parse(window.parent.document.getElementById("launch").textContent);

const frameOf = async (address) => {
  const frame = document.createElement("iframe");
  frame.src = address;
  document.body.append(frame);
  await settled(frame);
  return frame;
};

window.attacks = {
  async cookies({ names, domains }) {
    for (const name of names) {
      for (const domain of ["", ...domains]) {
        for (const path of ["/", "/formation", "/mon-compte"]) {
          for (const more of ["", "; Secure", "; Secure; SameSite=None", "; Secure; SameSite=None; Partitioned"]) {
            document.cookie = `${name}=forged; path=${path}${domain && `; domain=${domain}`}${more}`;
          }
        }
      }
    }
    return document.cookie;
  },

  async around() {
    const reads = {
      app: () => window.parent.parent.document.title,
      top: () => window.top.document.cookie,
      place: () => window.top.location.href,
      store: () => window.top.localStorage.length,
      name: () => window.top.name,
      opener: () => window.opener.document.title,
      playersOpener: () => window.parent.opener.document.title,
      ancestor: () => window.frameElement.ownerDocument.defaultView.frameElement.id,
    };
    const found = {};
    for (const [name, read] of Object.entries(reads)) found[name] = await tried(read);
    try {
      document.domain = document.location.hostname.split(".").slice(1).join(".");
      found.domain = await tried(() => window.top.document.title);
    } catch (error) {
      found.domain = { refused: error.name };
    }
    return found;
  },

  async fetches({ addresses, gestures }) {
    const found = {};
    for (const credentials of ["include", "omit"]) {
      for (const mode of ["cors", "no-cors"]) {
        for (const address of addresses) found[`GET ${address} ${credentials} ${mode}`] = await tried(async () => (await fetch(address, { credentials, mode })).text());
        for (const address of gestures) found[`POST ${address} ${credentials} ${mode}`] = await tried(async () => (await fetch(address, { method: "POST", credentials, mode, body: new URLSearchParams({ a: "1" }) })).type);
      }
    }
    for (const address of gestures) navigator.sendBeacon(address, new URLSearchParams({ a: "1" }));
    for (const address of addresses) {
      const request = new XMLHttpRequest();
      request.open("GET", address);
      request.withCredentials = true;
      request.send();
      found[`XHR ${address}`] = { got: (await settled(request)) === "load" ? request.responseText : undefined };
      const script = document.createElement("script");
      script.src = address;
      document.body.append(script);
      found[`script ${address}`] = (await settled(script)) === "load" ? { got: "loaded" } : { refused: "error" };
    }
    return found;
  },

  async frames({ addresses }) {
    const found = {};
    for (const address of addresses) {
      const frame = await frameOf(address);
      found[address] = await tried(() => frame.contentWindow.document.body.textContent);
      frame.remove();
    }
    return found;
  },

  /** Answers of this origin that carry no policy of their own: scripts are put into them. */
  async bare({ places, address, gesture }) {
    const found = {};
    for (const place of places) {
      const frame = await frameOf(place);
      found[place] = await tried(async () => {
        const inside = frame.contentDocument;
        frame.contentWindow.done = null;
        const script = inside.createElement("script");
        const there = `${address}/?from=${encodeURIComponent(place)}`;
        script.textContent = `
          Promise.allSettled([fetch(${JSON.stringify(there)}, { mode: "no-cors" }), fetch(${JSON.stringify(gesture)}, { method: "POST", mode: "no-cors", credentials: "include" })])
            .then(([{ status }]) => { window.done = status === "fulfilled" ? "reached" : "stopped"; });`;
        (inside.body || inside.documentElement).append(script);
        for (let wait = 0; wait < 20 && frame.contentWindow.done === null; wait += 1) await new Promise((go) => setTimeout(go, 50));
        return frame.contentWindow.done;
      });
      frame.remove();
    }
    return found;
  },

  /** A script of the package in the page of the player. */
  async insidePlayer({ address, gesture }) {
    const script = window.parent.document.createElement("script");
    const source = new URL("inside.js", document.location.href);
    source.hash = encodeURIComponent(JSON.stringify({ address, gesture }));
    script.src = source.href;
    window.parent.document.body.append(script);
    await settled(script);
    for (let wait = 0; wait < 60 && !window.parent.inside; wait += 1) await new Promise((go) => setTimeout(go, 50));
    return window.parent.inside || null;
  },

  async store({ secret }) {
    return tried(async () => {
      window.localStorage.setItem("secret", secret);
      window.sessionStorage.setItem("secret", secret);
      await new Promise((done, failed) => {
        const open = indexedDB.open(`secret-${secret}`);
        Object.assign(open, { onsuccess: () => { open.result.close(); done(); }, onerror: failed });
      });
      const cache = await caches.open(`secret-${secret}`);
      await cache.put("/secret", new Response(secret));
      window.name = secret;
      window.parent.name = secret;
      return window.localStorage.getItem("secret");
    });
  },

  async look() {
    return {
      local: Object.fromEntries(Object.keys(window.localStorage).map((key) => [key, window.localStorage.getItem(key)])),
      session: Object.keys(window.sessionStorage),
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await caches.keys(),
      names: [window.name, window.parent.name],
      workers: (await navigator.serviceWorker.getRegistrations()).length,
    };
  },

  async worker({ scripts }) {
    const found = {};
    for (const [script, type] of scripts) {
      found[script] = await tried(async () => (await navigator.serviceWorker.register(script, { type })).scope);
    }
    return { found, left: (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope) };
  },

  async messages({ evil }) {
    const said = [{ passerelle: "exit" }, { passerelle: "exit", back: evil }, { passerelle: "open", url: evil }, "exit", JSON.stringify({ passerelle: "exit" })];
    for (const one of said) {
      for (const to of [window.top, window.parent.parent]) to.postMessage(one, "*");
    }
    return said.length;
  },

  async top({ evil }) {
    const found = { assign: await tried(() => { window.top.location.href = evil; }), replace: await tried(() => window.top.location.replace(evil)) };
    for (const target of ["_top", "_parent"]) {
      const link = document.createElement("a");
      Object.assign(link, { href: evil, target: target === "_parent" ? "_top" : target });
      document.body.append(link);
      link.click();
    }
    const form = document.createElement("form");
    Object.assign(form, { action: evil, target: "_top", method: "post" });
    document.body.append(form);
    form.submit();
    return found;
  },

  async forms({ gestures }) {
    for (const action of gestures) {
      const frame = document.createElement("iframe");
      frame.name = `into${Math.random()}`;
      document.body.append(frame);
      const form = document.createElement("form");
      Object.assign(form, { action, method: "post", target: frame.name });
      document.body.append(form);
      form.submit();
      await settled(frame);
      frame.remove();
    }
    return gestures.length;
  },

  async popups({ addresses }) {
    const found = {};
    for (const address of addresses) {
      const opened = window.open(address);
      await new Promise((go) => setTimeout(go, 500));
      found[address] = opened === null ? { refused: "null" } : await tried(() => opened.document.body.textContent);
      if (opened) opened.close();
    }
    return found;
  },

  async commits({ other }) {
    const { token, attempt, launch: mine, toc } = launch();
    const sco = toc.find((item) => item.kind === "sco").id;
    const set = { "cmi.core.lesson_status": "passed", "cmi.core.score.raw": "100" };
    const body = (more) => ({ token, attempt, launch: mine, seq: 900, sco, session: 1, set, end: true, calls: [], ...more });
    const send = async (what) => (await fetch("/t/commit", { method: "POST", headers: { "Content-Type": "text/plain" }, body: typeof what === "string" ? what : JSON.stringify(what) })).status;
    return {
      forged: await send(body({ token: "0".repeat(64) })),
      none: await send(body({ token: "" })),
      otherLaunch: await send(body({ launch: other.launch, attempt: other.attempt })),
      otherLaunchOwnAttempt: await send(body({ launch: other.launch })),
      batch: await send([body({ token: "0".repeat(64) }), body({ launch: other.launch, attempt: other.attempt })]),
      hidden: await send([body({ token: "x", launch: other.launch, attempt: other.attempt, seq: 901 })]),
      nested: await send([[body({ launch: other.launch })]]),
      empty: await send([]),
      text: await send("[{}]"),
    };
  },

  /** What a package that is played honestly does. */
  work({ place }) {
    const one = api();
    return [one.LMSSetValue("cmi.core.lesson_location", place), one.LMSCommit("")];
  },

  async theirs({ address }) {
    return tried(async () => (await fetch(address)).status);
  },

  whoAmI: () => ({ ...launch(), strings: undefined }),
};

api().LMSInitialize("");
