// Another server that launches courses, on another site than ours: an independent reading of
// LTI 1.3 and of Dynamic Registration, signed with jose.
import { createServer } from "node:http";
import { once } from "node:events";
import { SignJWT, createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify } from "jose";

const LTI = "https://purl.imsglobal.org/spec/lti/claim";
const PICKING = "https://purl.imsglobal.org/spec/lti-dl/claim";
const CLIENT = "node-platform";

const page = (body) => `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Une plateforme</title></head><body>${body}</body></html>`;
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** Starts it at http://localhost:PORT, which is another site than 127.0.0.1. */
export async function platform(port) {
  const issuer = `http://localhost:${port}`;
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const key = { ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  const state = { tool: null, picked: [], closed: false, person: { sub: "u-1", given_name: "Nora", family_name: "Diallo" }, role: "Learner" };

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
  const picking = (query) => ({
    ...claims(query),
    [`${LTI}/message_type`]: "LtiDeepLinkingRequest",
    [`${LTI}/target_link_uri`]: picker(),
    [`${LTI}/roles`]: ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"],
    [`${PICKING}/deep_linking_settings`]: {
      deep_link_return_url: `${issuer}/picked`, accept_types: ["ltiResourceLink"],
      accept_presentation_document_targets: ["iframe", "window"], accept_multiple: true, accept_lineitem: true, data: "d-1",
    },
  });
  const picker = () => {
    const { messages } = state.tool["https://purl.imsglobal.org/spec/lti-tool-configuration"];
    return messages.find((one) => one.type === "LtiDeepLinkingRequest").target_link_uri;
  };
  const login = (target = state.target, hint = "m", more = {}) => {
    const query = new URLSearchParams({ iss: issuer, login_hint: "u-1", target_link_uri: target, client_id: CLIENT, lti_message_hint: hint, ...more });
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
        product_family_code: "node", version: "1", messages_supported: [{ type: "LtiResourceLinkRequest" }, { type: "LtiDeepLinkingRequest" }],
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
    // The same, in a window that keeps things for the tool.
    "/keeping": (query) => ["text/html", page(`<iframe name="tool" width="700" height="600" title="Outil" src="${escape(login(undefined, "m", { lti_storage_target: "_parent" }))}"></iframe>
      <script>const kept = new Map(); window.asked = []; window.deaf = ${query.has("deaf")};
        addEventListener("message", async ({ source, origin, data }) => {
          if (window.drop) await window.drop();
          if (window.deaf || origin !== new URL(${JSON.stringify(state.tool?.initiate_login_uri ?? issuer)}).origin) return;
          if (data.subject === "lti.put_data") kept.set(data.key, data.value);
          else if (data.subject !== "lti.get_data") return;
          window.asked.push(data.subject);
          source.postMessage({ subject: data.subject + ".response", message_id: data.message_id, key: data.key, value: kept.get(data.key) ?? null }, origin);
        });</script>`)],
    // Somebody who teaches picks what a link opens, in a frame.
    "/pick": () => ["text/html", page(`<iframe name="tool" width="700" height="600" title="Outil" src="${escape(login(picker(), "pick"))}"></iframe>`)],
    "/picked": async (query, body) => {
      const keys = createRemoteJWKSet(new URL(state.tool.jwks_uri));
      const { payload } = await jwtVerify(new URLSearchParams(body).get("JWT"), keys, { issuer: CLIENT, audience: issuer, algorithms: ["RS256"] });
      if (payload[`${LTI}/message_type`] !== "LtiDeepLinkingResponse" || payload[`${PICKING}/data`] !== "d-1") return ["text/plain", "no", 400];
      state.picked = payload[`${PICKING}/content_items`];
      return ["text/html", page(`<p id="picked">${state.picked.length}</p>`)];
    },
    "/auth": async (query) => {
      const expected = { scope: "openid", response_type: "id_token", response_mode: "form_post", prompt: "none", client_id: CLIENT, login_hint: "u-1" };
      const wrong = Object.entries(expected).filter(([name, value]) => query.get(name) !== value);
      if (wrong.length || !state.tool.redirect_uris.includes(query.get("redirect_uri"))) return ["text/plain", `refused: ${JSON.stringify(wrong)}`, 400];
      const said = query.get("lti_message_hint") === "pick" ? picking(query) : claims(query);
      const token = await new SignJWT(said).setProtectedHeader({ alg: "RS256", kid: "k1", typ: "JWT" })
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
