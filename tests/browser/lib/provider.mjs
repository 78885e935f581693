// An independent provider of OpenID Connect (npm's oidc-provider) on the loopback.
import { once } from "node:events";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";

const PEOPLE = { "u-stagiaire": { given_name: "Nadia", family_name: "Belkacem" } };

/** Starts one; `admit` gives it the addresses of the application that people may come from. */
export async function provider(port) {
  const issuer = `http://localhost:${port}`;
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const keys = [{ ...(await exportJWK(privateKey)), kid: "key-1", alg: "RS256", use: "sig" }];
  const make = (clients) => {
    const made = new Provider(issuer, {
      clients,
      jwks: { keys },
      cookies: { keys: ["a key of the tests"] },
      claims: { openid: ["sub"], profile: ["given_name", "family_name"] },
      // Names are given by the address of people only, as ProConnect does.
      conformIdTokenClaims: true,
      pkce: { required: () => true },
      features: { jwtUserinfo: { enabled: true }, devInteractions: { enabled: true } },
      ttl: { Session: 3600, Grant: 3600, Interaction: 600, AccessToken: 60, IdToken: 300, AuthorizationCode: 60 },
      findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...PEOPLE[sub] }) }),
    });
    return made.callback();
  };
  let handle = make([]);
  const server = createServer((request, response) => handle(request, response));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    issuer,
    admit({ redirect, left, secret, signed }) {
      handle = make([{
        client_id: "passerelle",
        client_secret: secret,
        redirect_uris: [redirect],
        post_logout_redirect_uris: [left],
        ...(signed ? { userinfo_signed_response_alg: "RS256" } : {}),
      }]);
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
