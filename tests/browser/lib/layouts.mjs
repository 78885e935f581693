// Where the application and the content live: on this machine as a developer
// has them, and as in production, behind TLS with names that only this
// Chromium resolves, to a proxy that sorts connections by name.
import { spawn } from "node:child_process";
import { createHash, createSign, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer as createPlain, connect } from "node:net";
import { createServer as createTls } from "node:tls";
import { serve } from "./server.mjs";

const length = (size) => (size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]);
const der = (tag, ...parts) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...length(body.length)]), body]);
};
const ECDSA_SHA256 = der(0x30, der(0x06, Buffer.from("2a8648ce3d040302", "hex")));

/** A certificate that nobody has signed; browsers are told its key's fingerprint. */
function certificate() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const name = der(0x30, der(0x31, der(0x30, der(0x06, Buffer.from("550403", "hex")), der(0x0c, Buffer.from("essais")))));
  const time = (text) => der(0x18, Buffer.from(text));
  const body = der(0x30, der(0x02, Buffer.from([1])), ECDSA_SHA256, name, der(0x30, time("20200101000000Z"), time("20991231235959Z")), name, spki);
  const signature = createSign("sha256").update(body).sign(privateKey);
  const whole = der(0x30, body, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString("base64").replace(/.{64}/g, "$&\n");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
    pin: createHash("sha256").update(spki).digest("base64"),
  };
}

const listening = async (server, port) => {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
};

/** Somebody else's server: notes whoever comes, over TLS or not. */
function collector(hits) {
  return createPlain((socket) => {
    socket.on("error", () => {});
    socket.once("data", (text) => {
      hits.push(String(text).split("\r\n")[0]);
      socket.end("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: text/html\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    });
  });
}

/**
 * Starts a server in a layout.
 * @param names none for the addresses of a developer, or {app, content} of production
 * @returns base, direct (where it is reached from here), content (the origin's parent), evil (an address of somebody else), hits
 */
export async function layout({ port, hosts, names }) {
  const hits = [];
  // The server first: should it not start, nothing else keeps this process alive.
  const server = await (names ? serveAs(port, hosts, names) : serve(port, hosts));
  const elsewhere = await listening(collector(hits), port + 2);
  const evil = { port: port + 2 };
  if (!names) {
    const content = `http://${hosts === "single" ? "127.0.0.1" : "localhost"}:${port + 1}`;
    return { ...server, content, evil: `http://127.0.0.1:${evil.port}`, hits, trust: [], stop: () => Promise.all([server.stop(), elsewhere.close()]) };
  }
  const { cert, key, pin } = certificate();
  const proxy = createTls({ cert, key, ALPNProtocols: ["http/1.1"] }, (socket) => {
    const { servername } = socket;
    const to = servername === names.app ? port : servername.endsWith(names.content) ? port + 1 : evil.port;
    const through = connect(to, "127.0.0.1");
    for (const [one, other] of [[socket, through], [through, socket]]) one.on("error", () => {}).on("close", () => other.destroySoon()).pipe(other);
  });
  await listening(proxy, port + 3);
  const rules = [names.app, names.content, `*.${names.content}`, names.evil].map((name) => `MAP ${name} 127.0.0.1:${port + 3}`).join(",");
  return {
    ...server,
    base: `https://${names.app}`,
    direct: `http://127.0.0.1:${port}`,
    content: `https://${names.content}`,
    evil: `https://${names.evil}`,
    hits,
    trust: [`--host-resolver-rules=${rules}`, `--ignore-certificate-errors-spki-list=${pin}`],
    stop: () => Promise.all([server.stop(), elsewhere.close(), proxy.close()]),
  };
}

/** As `serve`, with other addresses than those it listens on. */
async function serveAs(port, hosts, names) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PASSERELLE_")));
  const args = ["serve", "--demo", "--listen", `127.0.0.1:${port}`, "--content-listen", `127.0.0.1:${port + 1}`, "--content-hosts", hosts];
  const addresses = { PASSERELLE_PUBLIC_URL: `https://${names.app}`, PASSERELLE_CONTENT_URL: `https://${names.content}`, PASSERELLE_LOG: "warn" };
  const server = spawn(process.env.PASSERELLE_BIN, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...env, ...addresses } });
  let said = "";
  server.stderr.on("data", (text) => { said += text; });
  // It says so itself: on a port that is taken, somebody else's would answer.
  await new Promise((ready, failed) => {
    server.stdout.on("data", (text) => { if (String(text).includes("Passerelle:")) ready(); });
    server.on("exit", () => failed(new Error(`the server stopped: ${said}`)));
  });
  for (let ready = false; !ready;) {
    ready = await fetch(`http://127.0.0.1:${port}/health/ready`).then((answer) => answer.ok, () => false);
    if (!ready) await new Promise((go) => setTimeout(go, 100));
  }
  return {
    said: () => said,
    async stop() {
      server.kill("SIGTERM");
      if (server.exitCode === null) await once(server, "exit");
    },
  };
}
