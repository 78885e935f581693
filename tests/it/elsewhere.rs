//! Signing in with an account that somebody else keeps.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use passerelle_kernel::Engine as Database;
use passerelle_kernel::env::{MINUTE, SECOND};
use passerelle_tests::people::Person;
use passerelle_tests::provider::{CLIENT, Provider, SECRET, new_key, token_of};
use passerelle_tests::{Answer, Browser, TestApp, on_both_engines};
use serde_json::{Value, json};

const PROVIDERS: &str = "/e/centre/gestion/comptes-exterieurs";

/// An application, a provider that an administrator has added, and somebody with an account.
struct Scene {
    app: TestApp,
    provider: Provider,
    administrator: Browser,
    page: String,
    id: String,
    zoe: Person,
}

impl Scene {
    async fn new(engine: Database) -> Self {
        Self::in_space(engine, None).await
    }

    /// The provider belongs to that other space.
    async fn in_space(engine: Database, slug: Option<&str>) -> Self {
        let app = TestApp::with(engine, |config| config.private_addresses = true).await;
        let (administrator, space) = match slug {
            None => (app.as_administrator().await, app.space()),
            Some(slug) => {
                let space = app.other_space(slug).await;
                let roles = [passerelle_web::Role::Administrator];
                let chief = app.person_in(space, "Olga", &roles).await;
                (app.as_person(&chief).await, space)
            }
        };
        let provider = Provider::start().await;
        let list = format!("/e/{}/gestion/comptes-exterieurs", slug.unwrap_or("centre"));
        let page = add(&administrator, &list, provider.address()).await.leads();
        let client = [
            ("client_id", CLIENT),
            ("client_secret", SECRET),
            ("scopes", "openid profile"),
        ];
        administrator.post(&page, &client).await.leads_to(&page);
        let zoe = app.person_in(space, "Zoe", &[]).await;
        let id = page.rsplit('/').next().expect("an identifier").to_owned();
        Self {
            app,
            provider,
            administrator,
            page,
            id,
            zoe,
        }
    }

    fn now(&self) -> i64 {
        self.app.now() / SECOND
    }

    /// Presses the button, signs in there, comes back.
    async fn come(
        &self,
        browser: &Browser,
        subject: &str,
        bend: impl FnOnce(&mut Value),
    ) -> Answer {
        let there = self.leave(browser).await;
        let back = self.provider.lets_in(&there, subject, self.now(), bend);
        browser.get(&back).await
    }

    async fn leave(&self, browser: &Browser) -> String {
        let path = format!("/connexion/avec/{}?suite=/mon-compte", self.id);
        browser.get(&path).await.leads()
    }

    /// Links that subject to Zoe's account.
    async fn link(&self, subject: &str) -> Browser {
        let browser = self.app.visitor();
        self.knows(subject);
        self.come(&browser, subject, |_| ())
            .await
            .leads_to("/connexion/relier");
        let browser = browser.sign_in(&self.zoe).await;
        browser
            .post("/connexion/relier", &[])
            .await
            .leads_to("/mon-compte");
        browser
    }

    fn knows(&self, subject: &str) {
        let person = json!({"sub": subject, "given_name": "Zoé", "family_name": "Durand"});
        self.provider.said(|said| said.user_info = person);
    }

    async fn links(&self) -> i64 {
        self.app
            .count("SELECT COUNT(*) FROM oidc_identity", [])
            .await
    }

    async fn outcome(&self) -> String {
        let sql = "SELECT outcome FROM oidc_event ORDER BY at DESC, id DESC LIMIT 1";
        self.app.text(sql, []).await.unwrap_or_default()
    }
}

/// What a bad provider makes of honest claims, at an instant.
type Bend = fn(&mut Value, i64);

async fn add(administrator: &Browser, list: &str, issuer: &str) -> Answer {
    let pairs = [("name", "Annuaire"), ("issuer", issuer)];
    administrator.post(&format!("{list}/nouveau"), &pairs).await
}

on_both_engines! {
    async fn somebody_links_their_account_once_then_comes_in_with_it(engine) {
        let scene = Scene::new(engine).await;
        let persons = scene.app.count("SELECT COUNT(*) FROM person", []).await;
        let browser = scene.app.visitor();
        browser.get("/connexion").await.ok().says(&["Se connecter avec Annuaire"]);
        scene.knows("s-1");
        scene.come(&browser, "s-1", |_| ()).await.leads_to("/connexion/relier");
        assert_eq!(browser.cookie("session"), None, "nobody is signed in by a provider alone");
        browser.get("/connexion/relier").await.ok().says(&["sous le nom Zoé Durand", "Me connecter avec mon compte"]);
        browser.post("/connexion/relier", &[]).await.expect(StatusCode::SEE_OTHER);
        assert_eq!(scene.links().await, 0);
        let browser = browser.sign_in(&scene.zoe).await;
        browser.get("/connexion/relier").await.ok().says(&["Le relier à votre compte", "Zoe Test"]);
        browser.post("/connexion/relier", &[]).await.leads_to("/mon-compte");
        browser.get("/connexion/relier").await.leads_to("/connexion");
        // From now on, from any browser, without a password.
        let other = scene.app.visitor();
        let back = scene.come(&other, "s-1", |_| ()).await;
        assert!(back.statements <= 12, "{} statements", back.statements);
        back.leads_to("/mon-compte");
        other.get("/mon-compte").await.ok().says(&["zoe@exemple.fr", "Voir mes comptes reliés"]);
        other.get("/mon-compte/comptes-exterieurs").await.ok().says(&["Annuaire", "Ne plus relier"]);
        assert_eq!(scene.app.count("SELECT COUNT(*) FROM person", []).await, persons, "nobody is made");
        let facts = scene.app.facts().await;
        assert_eq!((facts["oidc.provider.added.v1"], facts["oidc.account.linked.v1"]), (1, 1));
        // Keys are asked when the provider is added, and when somebody first comes.
        assert!(scene.provider.said(|said| said.key_requests) <= 2);
        // What was asked of the provider is what it gave us, and the proof of PKCE.
        let asked = scene.provider.said(|said| said.asked.clone());
        assert_eq!((asked["basic_id"].as_str(), asked["basic_secret"].as_str()), (CLIENT, SECRET));
        assert_eq!(asked["code_verifier"].len(), 64);
        scene.administrator.get(&scene.page).await.ok().says(&["Comptes reliés", "Connexion"]).never_says(&[SECRET]);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn signing_out_ends_there_as_well_once(engine) {
        let scene = Scene::new(engine).await;
        let browser = scene.link("s-1").await;
        let leaving = browser.post("/sign-out", &[]).await.leads();
        assert!(leaving.starts_with("/connexion/sortie/"), "{leaving}");
        browser.get("/mon-compte").await.expect(StatusCode::SEE_OTHER);
        let page = browser.get(&leaving).await.ok().says(&["Vous êtes déconnecté", "Annuaire"]);
        let there = format!("0; url={}/leave?id_token_hint=", scene.provider.address());
        assert!(page.header("refresh").starts_with(&there), "{}", page.header("refresh"));
        assert!(page.header("refresh").contains("post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A3000%2Fconnexion"));
        browser.get(&leaving).await.leads_to("/connexion");
        // Who came with a password leaves here alone.
        let browser = scene.app.as_person(&scene.zoe).await;
        browser.post("/sign-out", &[]).await.leads_to("/connexion");
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn a_link_is_undone_and_an_account_is_linked_to_one_person_only(engine) {
        let scene = Scene::new(engine).await;
        let browser = scene.link("s-1").await;
        // Somebody else, signed in here, brings the same account: they stay who they are, and are told.
        let yann = scene.app.person("Yann").await;
        let other = scene.app.as_person(&yann).await;
        scene.come(&other, "s-1", |_| ()).await.expect(StatusCode::FORBIDDEN).says(&["déjà relié"]);
        assert_eq!(scene.outcome().await, "taken");
        other.get("/mon-compte").await.ok().says(&["yann@exemple.fr"]);
        // Two browsers wait with the same new account; the first who links has it.
        scene.knows("s-2");
        let first = scene.app.as_person(&yann).await;
        let second = scene.app.as_person(&scene.zoe).await;
        for waiting in [&first, &second] {
            scene.come(waiting, "s-2", |_| ()).await.leads_to("/connexion/relier");
        }
        first.post("/connexion/relier", &[]).await.leads_to("/mon-compte");
        second.post("/connexion/relier", &[]).await.expect(StatusCode::FORBIDDEN).says(&["déjà relié"]);
        assert_eq!(scene.outcome().await, "taken");
        assert_eq!(scene.links().await, 2);
        // Undone, it opens nothing any more.
        let remove = format!("/mon-compte/comptes-exterieurs/{}/retirer", scene.id);
        browser.post(&remove, &[]).await.leads_to("/mon-compte/comptes-exterieurs");
        let visitor = scene.app.visitor();
        scene.knows("s-1");
        scene.come(&visitor, "s-1", |_| ()).await.leads_to("/connexion/relier");
        // Who does not want to link leaves nothing behind.
        visitor.post("/connexion/ne-pas-relier", &[]).await.leads_to("/connexion");
        assert_eq!(scene.app.count("SELECT COUNT(*) FROM oidc_pending", []).await, 0);
        assert_eq!(scene.app.facts().await["oidc.account.unlinked.v1"], 1);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn what_a_provider_says_is_checked_before_it_is_believed(engine) {
        let scene = Scene::new(engine).await;
        scene.link("s-1").await;
        let now = scene.now();
        let bends: [(&str, &str, Bend); 10] = [
            ("another issuer", "issuer", |claims, _| claims["iss"] = json!("https://ailleurs.exemple")),
            ("another audience", "audience", |claims, _| claims["aud"] = json!("eux")),
            ("one audience too many", "audience", |claims, _| claims["aud"] = json!([CLIENT, "eux"])),
            ("expired", "time", |claims, now| { claims["iat"] = json!(now - 300); claims["exp"] = json!(now - 61); }),
            ("made long ago", "time", |claims, now| claims["iat"] = json!(now - 3600)),
            ("of the future", "time", |claims, now| claims["iat"] = json!(now + 120)),
            ("another nonce", "nonce", |claims, _| claims["nonce"] = json!("x".repeat(64))),
            ("no nonce", "nonce", |claims, _| { claims.as_object_mut().unwrap().remove("nonce"); }),
            ("nobody", "subject", |claims, _| claims["sub"] = json!("")),
            ("another access token", "access-token", |claims, _| claims["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA")),
        ];
        for (what, outcome, bend) in bends {
            let browser = scene.app.visitor();
            let answer = scene.come(&browser, "s-1", |claims| bend(claims, now)).await;
            answer.expect(StatusCode::FORBIDDEN).says(&["n’a pas abouti", "donnez cette référence"]);
            assert_eq!(scene.outcome().await, outcome, "{what}");
            assert_eq!(browser.cookie("session"), None, "{what}");
        }
        // A clock a little late or early is forgiven.
        let browser = scene.app.visitor();
        let late = |claims: &mut Value| { claims["iat"] = json!(now + 50); claims["exp"] = json!(now - 50); };
        scene.come(&browser, "s-1", late).await.leads_to("/mon-compte");
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn only_a_signature_by_its_own_key_is_believed(engine) {
        let scene = Scene::new(engine).await;
        scene.link("s-1").await;
        let key = scene.provider.said(|said| said.key.clone());
        let stranger = new_key("key-1");
        let modulus = key.public().unwrap()["n"].as_str().unwrap().to_owned();
        let forge = |how: &str, claims: &Value| match how {
            "none" => token_of(&json!({"alg": "none", "kid": "key-1"}), claims, b""),
            "a secret of the public key" => token_of(&json!({"alg": "HS256", "kid": "key-1"}), claims, modulus.as_bytes()),
            "another key of that name" => stranger.sign(claims).unwrap(),
            "a key that it never had" => new_key("key-9").sign(claims).unwrap(),
            "no key named" => token_of(&json!({"alg": "RS256"}), claims, b"x"),
            "claims changed after signing" => {
                let signed = key.sign(&json!({"iss": "x"})).unwrap();
                let parts: Vec<&str> = signed.split('.').collect();
                format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(claims.to_string()), parts[2])
            }
            _ => "ni queue ni tête".to_owned(),
        };
        for (how, outcome) in [
            ("none", "algorithm"),
            ("a secret of the public key", "algorithm"),
            ("another key of that name", "signature"),
            ("a key that it never had", "unknown-key"),
            ("no key named", "no-key"),
            ("claims changed after signing", "signature"),
            ("nonsense", "token"),
        ] {
            let browser = scene.app.visitor();
            let there = scene.leave(&browser).await;
            let back = scene.provider.lets_in(&there, "s-1", scene.now(), |_| ());
            scene.provider.said(|said| said.token = Some(forge(how, &said.claims)));
            browser.get(&back).await.expect(StatusCode::FORBIDDEN);
            assert_eq!(scene.outcome().await, outcome, "{how}");
            assert_eq!(browser.cookie("session"), None, "{how}");
        }
        // A storm of unknown keys asks for its keys once a minute.
        let before = scene.provider.said(|said| said.key_requests);
        scene.app.clock().advance(2 * MINUTE);
        for _ in 0..5 {
            let browser = scene.app.visitor();
            let there = scene.leave(&browser).await;
            let back = scene.provider.lets_in(&there, "s-1", scene.now(), |_| ());
            scene.provider.said(|said| said.token = Some(forge("a key that it never had", &said.claims)));
            browser.get(&back).await.expect(StatusCode::FORBIDDEN);
        }
        assert_eq!(scene.provider.said(|said| said.key_requests), before + 1);
        // A new key that it does publish is found.
        scene.app.clock().advance(2 * MINUTE);
        scene.provider.said(|said| {
            said.token = None;
            said.key = new_key("key-2");
            said.published.push(said.key.public().unwrap());
        });
        let browser = scene.app.visitor();
        scene.come(&browser, "s-1", |_| ()).await.leads_to("/mon-compte");
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn a_return_answers_a_departure_of_that_browser(engine) {
        let scene = Scene::new(engine).await;
        scene.link("s-1").await;
        // Somebody else's return, pasted to a victim.
        let thief = scene.app.visitor();
        let there = scene.leave(&thief).await;
        let back = scene.provider.lets_in(&there, "s-1", scene.now(), |_| ());
        let victim = scene.app.visitor();
        victim.get(&back).await.expect(StatusCode::FORBIDDEN).says(&["n’a pas commencé dans ce navigateur"])
            .never_says(&["donnez cette référence"]);
        assert_eq!(scene.outcome().await, "linked", "who never left pushes nothing out");
        // The state of another departure, none, and the same one twice.
        thief.get(&back.replace("state=", "state=0")).await.expect(StatusCode::FORBIDDEN);
        // What is under way there is left alone by what is not its return.
        thief.get(&back).await.leads_to("/mon-compte");
        let browser = scene.app.visitor();
        let there = scene.leave(&browser).await;
        let back = scene.provider.lets_in(&there, "s-1", scene.now(), |_| ());
        browser.get(&back).await.leads_to("/mon-compte");
        browser.get(&back).await.expect(StatusCode::FORBIDDEN);
        // Too late.
        let late = scene.app.visitor();
        let there = scene.leave(&late).await;
        scene.app.clock().advance(11 * MINUTE);
        let back = scene.provider.lets_in(&there, "s-1", scene.now(), |_| ());
        late.get(&back).await.expect(StatusCode::FORBIDDEN);
        // At another provider, or said to be from another one (RFC 9207).
        let page = add(&scene.administrator, PROVIDERS, Provider::start().await.address()).await.leads();
        let client = [("client_id", CLIENT), ("scopes", "openid")];
        scene.administrator.post(&page, &client).await.leads_to(&page);
        let other = page.rsplit('/').next().unwrap();
        let browser = scene.app.visitor();
        let there = scene.leave(&browser).await;
        let back = scene.provider.lets_in(&there, "s-1", scene.now(), |_| ());
        browser.get(&back.replace(&scene.id, other)).await.expect(StatusCode::FORBIDDEN);
        let there = scene.leave(&browser).await;
        let back = scene.provider.lets_in(&there, "s-1", scene.now(), |_| ());
        browser.get(&format!("{back}&iss=https://ailleurs.exemple")).await.expect(StatusCode::FORBIDDEN);
        assert_eq!(scene.outcome().await, "issuer");
        // Who says no there, and what does not work there.
        scene.leave(&browser).await;
        let state = |browser: &Browser| browser.cookie("passerelle-elsewhere").unwrap().split('.').nth(1).unwrap().to_owned();
        let said = |error: &str, state: &str| format!("/connexion/retour/{}?error={error}&state={state}", scene.id);
        browser.get(&said("access_denied", &state(&browser))).await.leads_to("/connexion");
        scene.leave(&browser).await;
        browser.get(&said("server_error", &state(&browser))).await.expect(StatusCode::FORBIDDEN);
        assert_eq!(scene.outcome().await, "there");
        // A code that it does not know.
        let there = scene.leave(&browser).await;
        let back = scene.provider.lets_in(&there, "s-1", scene.now(), |_| ());
        browser.get(&back.replace("the-code", "a-code")).await.expect(StatusCode::FORBIDDEN);
        assert_eq!(scene.outcome().await, "code");
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn what_it_says_of_the_person_may_be_signed_and_must_be_of_that_person(engine) {
        let scene = Scene::new(engine).await;
        let say = |info: Value, signs: bool| scene.provider.said(|said| {
            said.user_info = info;
            said.signs_user_info = signs;
        });
        let signed = |sub: &str| json!({
            "iss": scene.provider.address(), "aud": CLIENT, "sub": sub, "given_name": "Camille", "usual_name": "Roy",
        });
        // As ProConnect does.
        let browser = scene.app.visitor();
        say(signed("s-1"), true);
        scene.come(&browser, "s-1", |_| ()).await.leads_to("/connexion/relier");
        browser.get("/connexion/relier").await.ok().says(&["sous le nom Camille Roy"]);
        // A name is text.
        say(json!({"sub": "s-1", "name": "<b>Zoé</b>\n"}), false);
        scene.come(&browser, "s-1", |_| ()).await.leads_to("/connexion/relier");
        let page = browser.get("/connexion/relier").await.ok().text();
        assert!(page.contains("sous le nom &lt;b&gt;Zoé&lt;/b&gt;."), "{page}");
        // None at all will do.
        say(json!({"sub": "s-1"}), false);
        scene.come(&browser, "s-1", |_| ()).await.leads_to("/connexion/relier");
        browser.get("/connexion/relier").await.ok().never_says(&["sous le nom"]);
        let mut elsewhere = signed("s-1");
        elsewhere["iss"] = json!("https://ailleurs.exemple");
        for (info, signs) in [(json!({"sub": "s-2", "name": "Quelqu’un"}), false), (signed("s-2"), true), (elsewhere, true)] {
            say(info, signs);
            scene.come(&scene.app.visitor(), "s-1", |_| ()).await.expect(StatusCode::FORBIDDEN);
            assert_eq!(scene.outcome().await, "user-info");
        }
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn a_space_opens_the_door_of_its_own_people_only(engine) {
        let scene = Scene::in_space(engine, Some("petite")).await;
        // Offered to who comes for that space, and to nobody else.
        let visitor = scene.app.visitor();
        visitor.get("/connexion").await.ok().never_says(&["Annuaire"]);
        visitor.get("/connexion?espace=petite").await.ok().says(&["Se connecter avec Annuaire"]);
        visitor.get("/connexion?suite=/e/petite/gestion").await.ok().says(&["Se connecter avec Annuaire"]);
        scene.link("s-1").await;
        scene.come(&visitor, "s-1", |_| ()).await.leads_to("/mon-compte");
        // Somebody of another space cannot be taken over by it.
        let alice = scene.app.as_administrator().await;
        scene.knows("s-2");
        scene.come(&alice, "s-2", |_| ()).await.leads_to("/connexion/relier");
        alice.post("/connexion/relier", &[]).await.expect(StatusCode::FORBIDDEN).says(&["autre espace"]);
        assert_eq!(scene.outcome().await, "other-space");
        // A session that it opened makes no other key, and has the roles of that space only.
        let home = add(&alice, PROVIDERS, Provider::start().await.address()).await.leads();
        alice.post(&home, &[("client_id", CLIENT), ("scopes", "openid")]).await.leads_to(&home);
        let pending = "INSERT INTO oidc_pending (token_hash, provider_id, subject, id_token, leads_to, expires_at) \
                       SELECT $1, id, 's-9', 'x', '/', $2 FROM oidc_provider WHERE space_id = $3";
        let token = "a".repeat(64);
        let values = [
            passerelle_kernel::env::token_hash(&token).into(),
            (scene.app.now() + MINUTE).into(),
            scene.app.space().into(),
        ];
        scene.app.run(pending, values).await;
        visitor.set_cookie("passerelle-linking", &token);
        visitor.get("/connexion/relier").await.ok();
        visitor.post("/connexion/relier", &[]).await.expect(StatusCode::FORBIDDEN).says(&["connectez-vous d’abord ici"]);
        // Nor somebody who has joined another one since.
        let join = "INSERT INTO space_person (space_id, person_id, created_at) VALUES ($1, $2, 1)";
        scene.app.run(join, [scene.app.space().into(), scene.zoe.id.into()]).await;
        scene.come(&scene.app.visitor(), "s-1", |_| ()).await.expect(StatusCode::FORBIDDEN);
        assert_eq!(scene.outcome().await, "other-space");
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn a_provider_is_added_with_care_and_closed_at_once(engine) {
        let scene = Scene::new(engine).await;
        let admin = &scene.administrator;
        for (address, says) in [
            ("", "Écrivez une adresse complète"),
            ("ftp://exemple.fr", "Écrivez une adresse complète"),
            ("http://127.0.0.1:1/", "n’a pas répondu comme il faut"),
        ] {
            add(admin, PROVIDERS, address).await.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&[says]);
        }
        // One that says that it is another.
        let liar = Provider::start().await;
        liar.said(|said| said.issuer = "https://ailleurs.exemple".to_owned());
        add(admin, PROVIDERS, liar.address()).await.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["Autre émetteur"]).never_says(&["unexpected"]);
        // One that would send browsers somewhere else than to a site.
        for endpoint in ["javascript:alert(1)", "ftp://exemple.fr/", "http://moi:mot@127.0.0.1/"] {
            liar.said(|said| { said.issuer = liar.address().to_owned(); said.leave = Some(endpoint.to_owned()); });
            add(admin, PROVIDERS, liar.address()).await.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["n’a pas répondu comme il faut"]);
        }
        // A slash too many, or the whole address of its configuration.
        add(admin, PROVIDERS, &format!("{}/", scene.provider.address())).await.leads();
        let whole = format!("{}/.well-known/openid-configuration", scene.provider.address());
        let page = add(admin, PROVIDERS, &whole).await.leads();
        // Not offered before it knows who we are.
        admin.get(&page).await.ok().says(&["À terminer", "/connexion/retour/"]);
        let unfinished = page.rsplit('/').next().unwrap();
        let visitor = scene.app.visitor();
        visitor.get(&format!("/connexion/avec/{unfinished}")).await.expect(StatusCode::NOT_FOUND);
        admin.post(&page, &[("client_id", ""), ("scopes", "profile")]).await
            .expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["Recopiez l’identifiant", "dont « openid »"]);
        // A provider that wants the secret in the form gets it there.
        scene.provider.said(|said| said.auth_method = "client_secret_post");
        admin.post(&format!("{}/essai", scene.page), &[]).await.ok().says(&["publie une clé"]);
        scene.link("s-1").await;
        let asked = scene.provider.said(|said| said.asked.clone());
        assert_eq!(asked["client_secret"], SECRET);
        assert!(!asked.contains_key("basic_id"));
        // Closed, it is offered to nobody and lets nobody in, even on their way.
        let there = scene.leave(&visitor).await;
        let back = scene.provider.lets_in(&there, "s-1", scene.now(), |_| ());
        admin.post(&format!("{}/fermer", scene.page), &[]).await.leads_to(&scene.page);
        visitor.get(&back).await.expect(StatusCode::NOT_FOUND);
        visitor.get("/connexion").await.ok().never_says(&["Annuaire"]);
        admin.post(&format!("{}/fermer", scene.page), &[]).await.expect(StatusCode::CONFLICT);
        admin.post(&format!("{}/rouvrir", scene.page), &[]).await.leads_to(&scene.page);
        scene.come(&visitor, "s-1", |_| ()).await.leads_to("/mon-compte");
        // An account that is closed here stays closed.
        let close = "UPDATE account SET disabled_at = 1 WHERE person_id = $1";
        scene.app.run(close, [scene.zoe.id.into()]).await;
        scene.come(&scene.app.visitor(), "s-1", |_| ()).await.expect(StatusCode::FORBIDDEN).says(&["Votre compte ici est fermé"]);
        scene.app.close().await;
    }
}
