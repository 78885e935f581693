// Another server that launches courses, on another site than ours: an independent reading of
// LTI 1.3 and of Dynamic Registration, signed with jose.
import { createServer } from "node:http";
import { once } from "node:events";
import { SignJWT, exportJWK, generateKeyPair } from "jose";

const LTI = "https://purl.imsglobal.org/spec/lti/claim";
const CLIENT = "node-platform";

const page = (body) => `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Une plateforme</title></head><body>${body}</body></html>`;
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** Starts it at http://localhost:PORT, which is another site than 127.0.0.1. */
export async function platform(port) {
  const issuer = `http://localhost:${port}`;
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const key = { ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  const state = { tool: null, closed: false, person: { sub: "u-1", given_name: "Nora", family_name: "Diallo" }, role: "Learner" };

  const claims = (query) => ({
    nonce: query.get("nonce"), ...state.person,
    [`${LTI}/message_type`]: "LtiResourceLinkRequest",
    [`${LTI}/version`]: "1.3.0",
    [`${LTI}/deployment_id`]: "1",
    [`${LTI}/target_link_uri`]: state.target,
    [`${LTI}/resource_link`]: { id: "link" },
    [`${LTI}/context`]: { id: "course", title: "Chez le partenaire" },
    [`${LTI}/roles`]: [`http://purl.imsglobal.org/vocab/lis/v2/membership#${state.role}`],
  });
  const login = () => {
    const query = new URLSearchParams({ iss: issuer, login_hint: "u-1", target_link_uri: state.target, client_id: CLIENT, lti_message_hint: "m" });
    return `${state.tool.initiate_login_uri}?${query}`;
  };
  const answer = {
    "/configuration": () => ["application/json", JSON.stringify({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      registration_endpoint: `${issuer}/register`,
      scopes_supported: ["openid"],
      response_types_supported: ["id_token"],
      id_token_signing_alg_values_supported: ["RS256"],
      claims_supported: ["sub", "iss", "name"],
      "https://purl.imsglobal.org/spec/lti-platform-configuration": {
        product_family_code: "node", version: "1", messages_supported: [{ type: "LtiResourceLinkRequest" }],
      },
    })],
    "/keys": () => ["application/json", JSON.stringify({ keys: [key] })],
    "/register": (query, body, headers) => {
      if (headers.authorization !== "Bearer once") return ["text/plain", "no", 401];
      state.tool = JSON.parse(body);
      const tool = state.tool["https://purl.imsglobal.org/spec/lti-tool-configuration"];
      return ["application/json", JSON.stringify({ ...state.tool, client_id: CLIENT, "https://purl.imsglobal.org/spec/lti-tool-configuration": { ...tool, deployment_id: "1" } })];
    },
    // What an administrator sees while a tool registers: its page in a frame.
    "/admin": (query) => {
      const address = new URL(query.get("tool"));
      address.searchParams.set("openid_configuration", `${issuer}/configuration`);
      address.searchParams.set("registration_token", "once");
      return ["text/html", page(`<iframe name="tool" width="700" height="500" title="Outil" src="${escape(address.href)}"></iframe><p id="told"></p>
        <script>addEventListener("message", (event) => { if (event.data?.subject === "org.imsglobal.lti.close") document.getElementById("told").textContent = "closed"; });</script>`)];
    },
    "/course": () => ["text/html", page(`<a id="link" href="${escape(login())}">Ouvrir</a>`)],
    "/framed": () => ["text/html", page(`<iframe name="tool" width="700" height="600" title="Outil" src="${escape(login())}"></iframe>`)],
    "/auth": async (query) => {
      const expected = { scope: "openid", response_type: "id_token", response_mode: "form_post", prompt: "none", client_id: CLIENT, login_hint: "u-1", lti_message_hint: "m" };
      const wrong = Object.entries(expected).filter(([name, value]) => query.get(name) !== value);
      if (wrong.length || !state.tool.redirect_uris.includes(query.get("redirect_uri"))) return ["text/plain", `refused: ${JSON.stringify(wrong)}`, 400];
      const token = await new SignJWT(claims(query)).setProtectedHeader({ alg: "RS256", kid: "k1", typ: "JWT" })
        .setIssuer(issuer).setAudience(CLIENT).setIssuedAt().setExpirationTime("5m").sign(privateKey);
      return ["text/html", page(`<form method="post" action="${escape(query.get("redirect_uri"))}">
        <input type="hidden" name="state" value="${escape(query.get("state"))}"><input type="hidden" name="id_token" value="${token}"></form>
        <script>document.forms[0].submit();</script>`)];
    },
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, issuer);
    let body = "";
    for await (const part of request) body += part;
    const act = answer[url.pathname];
    const [type, text, status = 200] = act ? await act(url.searchParams, body, request.headers) : ["text/plain", "no such page", 404];
    response.writeHead(status, { "content-type": `${type}; charset=utf-8` }).end(text);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { issuer, state, stop: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }) };
}
