use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use passerelle_kernel::journal::Actor;
use passerelle_web::Role;
use passerelle_web::serve::application;
use tower::ServiceExt;

use super::{PASSWORD, Stage, person};
use crate::NewAccount;

/// A browser: its cookies, its language.
struct Browser<'s> {
    stage: &'s Stage,
    session: String,
    lang: &'static str,
}

impl<'s> Browser<'s> {
    fn new(stage: &'s Stage) -> Self {
        Self {
            stage,
            session: String::new(),
            lang: "fr",
        }
    }

    async fn send(
        &mut self,
        method: &str,
        path: &str,
        form: &[(&str, &str)],
    ) -> (Response, String) {
        let encode = passerelle_web::context::urlencode;
        let body: Vec<String> = form
            .iter()
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(
                header::COOKIE,
                format!("session={}; lang={}", self.session, self.lang),
            )
            .header(header::ORIGIN, "http://127.0.0.1:3000")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")))
            .expect("a request");
        let mut response = application(&self.stage.app)
            .oneshot(request)
            .await
            .expect("an answer");
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            if let Some(value) = cookie.strip_prefix("session=") {
                assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
                self.session = value.split(';').next().unwrap_or_default().to_owned();
            }
        }
        let body = std::mem::take(response.body_mut());
        let bytes = axum::body::to_bytes(body, usize::MAX)
            .await
            .expect("a body");
        (response, String::from_utf8(bytes.to_vec()).expect("text"))
    }

    async fn get(&mut self, path: &str) -> String {
        let (response, text) = self.send("GET", path, &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}: {text}");
        text
    }

    /// Posts, and says where one is led.
    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> String {
        let (response, text) = self.send("POST", path, form).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{path}: {text}");
        response
            .headers()
            .get(header::LOCATION)
            .expect("a place")
            .to_str()
            .expect("text")
            .to_owned()
    }

    async fn sign_in(&mut self, identifier: &str) {
        let form = [
            ("identifier", identifier),
            ("password", PASSWORD),
            ("suite", "/mon-compte"),
        ];
        assert_eq!(self.post("/connexion", &form).await, "/mon-compte");
        assert_eq!(self.session.len(), 64);
    }
}

async fn mails(stage: &Stage) -> Vec<serde_json::Value> {
    let jobs = passerelle_kernel::db::statement(
        stage.db.read(),
        "SELECT payload FROM job WHERE kind = 'mail.deliver' ORDER BY id",
        [],
    );
    let rows = sea_orm::ConnectionTrait::query_all_raw(stage.db.read(), jobs)
        .await
        .expect("reads");
    rows.iter()
        .map(|row| {
            serde_json::from_str(&row.try_get::<String>("", "payload").expect("text"))
                .expect("a mail")
        })
        .collect()
}

/// The first address of ours in the text of a mail, as a path.
fn path_in(mail: &serde_json::Value) -> String {
    let text = mail["text"].as_str().expect("text");
    let line = text
        .lines()
        .find(|line| line.starts_with("http://127.0.0.1:3000/"))
        .expect("an address");
    line.trim_start_matches("http://127.0.0.1:3000").to_owned()
}

#[tokio::test]
async fn every_page_renders_in_both_languages() {
    let stage = Stage::new().await;
    let zoe = stage
        .account(stage.centre, "Zoé", "Marin", "zoe@exemple.fr")
        .await;
    for lang in ["fr", "en"] {
        let mut visitor = Browser {
            lang,
            ..Browser::new(&stage)
        };
        for path in [
            "/connexion",
            "/connexion/lien",
            "/mentions-legales",
            "/confidentialite",
            "/accessibilite",
            "/aide",
            "/aide?espace=voisine",
        ] {
            let page = visitor.get(path).await;
            assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{path}");
            assert_eq!(page.matches("<h1").count(), 1, "{path}");
        }
        let mut amina = Browser {
            lang,
            ..Browser::new(&stage)
        };
        amina.sign_in("amina@exemple.fr").await;
        let paths = [
            "/mon-compte".to_owned(),
            "/e/centre/gestion/espace".to_owned(),
            "/e/centre/gestion/personnes".to_owned(),
            "/e/centre/gestion/personnes?q=marin&compte=waiting&role=auditor".to_owned(),
            "/e/centre/gestion/personnes/nouvelle".to_owned(),
            format!("/e/centre/gestion/personnes/{zoe}"),
            format!("/e/centre/gestion/personnes/{}", stage.amina),
            format!("/e/centre/gestion/personnes/{zoe}/modifier"),
        ];
        for path in paths {
            let page = amina.get(&path).await;
            assert_eq!(page.matches("<h1").count(), 1, "{path}");
        }
    }
}

#[tokio::test]
async fn signing_in_leads_to_where_one_was_going_and_never_elsewhere() {
    let stage = Stage::new().await;
    let mut browser = Browser::new(&stage);
    let page = browser
        .get("/connexion?suite=/e/centre/gestion/personnes")
        .await;
    assert!(page.contains("name=\"suite\" value=\"/e/centre/gestion/personnes\""));
    assert!(
        page.contains(PASSWORD),
        "the demonstration shows its passwords"
    );
    let form = [
        ("identifier", "AMINA@exemple.fr "),
        ("password", PASSWORD),
        ("suite", "https://evil.example"),
    ];
    assert_eq!(browser.post("/connexion", &form).await, "/");
    assert_eq!(browser.post("/sign-out", &[]).await, "/connexion");
    assert_eq!(browser.session, "");
    let (response, _) = browser.send("GET", "/mon-compte", &[]).await;
    assert_eq!(
        response.headers()[header::LOCATION],
        "/connexion?suite=/mon-compte"
    );
}

#[tokio::test]
async fn a_wrong_password_comes_back_with_the_identifier_and_without_the_password() {
    let stage = Stage::new().await;
    let mut browser = Browser::new(&stage);
    let wrong = [
        ("identifier", "zoe@exemple.fr"),
        ("password", "faux faux faux"),
    ];
    let (response, page) = browser.send("POST", "/connexion", &wrong).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("value=\"zoe@exemple.fr\"") && !page.contains("faux faux faux"));
    assert!(page.contains("data-error-summary"));
    for _ in 0..4 {
        browser.send("POST", "/connexion", &wrong).await;
    }
    let (response, page) = browser.send("POST", "/connexion", &wrong).await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(page.contains("attendez 1"), "{page}");
}

#[tokio::test]
async fn a_link_by_mail_survives_a_filter_that_opens_it() {
    let stage = Stage::new().await;
    let mut browser = Browser::new(&stage);
    let known = browser
        .post(
            "/connexion/lien",
            &[("identifier", "amina@exemple.fr"), ("suite", "/mon-compte")],
        )
        .await;
    let unknown = browser
        .post("/connexion/lien", &[("identifier", "personne@exemple.fr")])
        .await;
    assert_eq!(known, unknown);
    let mails = mails(&stage).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0]["to"], "amina@exemple.fr");
    assert_eq!(mails[0]["reply_to"], "contact@exemple.fr");
    assert!(
        mails[0]["html"]
            .as_str()
            .expect("html")
            .contains("Me connecter")
    );
    let path = path_in(&mails[0]);
    for _ in 0..3 {
        assert!(browser.get(&path).await.contains("Amina Benali"));
    }
    assert_eq!(browser.session, "", "opening the address does not sign in");
    assert_eq!(browser.post(&path, &[]).await, "/mon-compte");
    assert!(
        browser
            .get("/mon-compte")
            .await
            .contains("amina@exemple.fr")
    );
    let (response, _) = browser.send("POST", &path, &[]).await;
    assert_eq!(response.status(), StatusCode::GONE);
    let (response, _) = browser.send("GET", &path, &[]).await;
    assert_eq!(response.status(), StatusCode::GONE);
}

#[tokio::test]
async fn too_many_links_are_not_sent_and_the_answer_does_not_say_so() {
    let stage = Stage::new().await;
    let mut browser = Browser::new(&stage);
    for _ in 0..6 {
        browser
            .post("/connexion/lien", &[("identifier", "amina@exemple.fr")])
            .await;
    }
    assert_eq!(mails(&stage).await.len(), 3);
}

#[tokio::test]
async fn somebody_added_is_invited_and_chooses_a_password() {
    let stage = Stage::new().await;
    let mut amina = Browser::new(&stage);
    amina.sign_in("amina@exemple.fr").await;
    let form = [
        ("given_name", "Zoé"),
        ("family_name", "Marin"),
        ("email", "zoe@exemple.fr"),
        ("lang", "fr"),
        ("invite", "true"),
    ];
    let page = amina
        .post("/e/centre/gestion/personnes/nouvelle", &form)
        .await;
    assert!(amina.get(&page).await.contains("Zoé Marin"));
    let (response, again) = amina
        .send("POST", "/e/centre/gestion/personnes/nouvelle", &form)
        .await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again.contains("value=\"Marin\""),
        "what was typed comes back"
    );
    let path = path_in(&mails(&stage).await[0]);
    assert!(path.starts_with("/invitation/"));
    let mut zoe = Browser::new(&stage);
    assert!(zoe.get(&path).await.contains("zoe@exemple.fr"));
    let (response, page) = zoe
        .send("POST", &path, &[("password", "court"), ("again", "court")])
        .await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("trop court"));
    let (response, _) = zoe
        .send(
            "POST",
            &path,
            &[("password", PASSWORD), ("again", "autre chose")],
        )
        .await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        zoe.post(&path, &[("password", PASSWORD), ("again", PASSWORD)])
            .await,
        "/"
    );
    zoe.get("/mon-compte").await;
    Browser::new(&stage).sign_in("zoe@exemple.fr").await;
}

#[tokio::test]
async fn an_account_is_given_a_role_closed_and_opened_again() {
    let stage = Stage::new().await;
    let zoe = stage
        .account(stage.centre, "Zoé", "Marin", "zoe@exemple.fr")
        .await;
    let mut amina = Browser::new(&stage);
    amina.sign_in("amina@exemple.fr").await;
    let mut her = Browser::new(&stage);
    her.sign_in("zoe@exemple.fr").await;
    let base = format!("/e/centre/gestion/personnes/{zoe}");
    let refused = her.send("GET", &base, &[]).await.0.status();
    assert_eq!(refused, StatusCode::FORBIDDEN);
    amina
        .post(&format!("{base}/roles"), &[("role", "auditor")])
        .await;
    her.get(&base).await;
    let refused = her
        .send(
            "POST",
            &format!("{base}/roles"),
            &[("role", "administrator")],
        )
        .await
        .0
        .status();
    assert_eq!(refused, StatusCode::FORBIDDEN);
    amina
        .post(&format!("{base}/roles/retirer"), &[("role", "auditor")])
        .await;
    amina.post(&format!("{base}/compte/fermer"), &[]).await;
    let (response, _) = her.send("GET", "/mon-compte", &[]).await;
    assert_eq!(
        response.status(),
        StatusCode::SEE_OTHER,
        "the session ended at once"
    );
    amina.post(&format!("{base}/compte/rouvrir"), &[]).await;
    her.sign_in("zoe@exemple.fr").await;
    amina
        .post(
            &format!("/e/centre/gestion/personnes/{}/roles/retirer", stage.amina),
            &[("role", "administrator")],
        )
        .await;
    amina.get("/e/centre/gestion/espace").await;
}

#[tokio::test]
async fn an_account_with_an_identifier_that_is_no_address_is_opened_from_the_page() {
    let stage = Stage::new().await;
    let tx = stage.write().await;
    let actor = Actor::System("test");
    let shared = person("Chloé", "Roques", Some("accueil@exemple.fr"));
    let chloe = crate::create_person(&tx, stage.centre, &shared, passerelle_web::Lang::Fr, actor)
        .await
        .expect("makes");
    tx.commit().await.expect("commits");
    let mut amina = Browser::new(&stage);
    amina.sign_in("amina@exemple.fr").await;
    let base = format!("/e/centre/gestion/personnes/{chloe}");
    assert!(amina.get(&base).await.contains("name=\"identifier\""));
    amina
        .post(&format!("{base}/compte"), &[("identifier", "Chloé.Roques")])
        .await;
    assert!(amina.get(&base).await.contains("chloé.roques"));
    amina.post(&format!("{base}/compte/inviter"), &[]).await;
    assert_eq!(mails(&stage).await[0]["to"], "accueil@exemple.fr");
}

#[tokio::test]
async fn one_changes_ones_own_name_language_and_password() {
    let stage = Stage::new().await;
    let mut amina = Browser::new(&stage);
    amina.sign_in("amina@exemple.fr").await;
    let form = [
        ("given_name", "Amina"),
        ("family_name", "Benali-Roy"),
        ("lang", "en"),
    ];
    assert_eq!(
        amina.post("/mon-compte", &form).await,
        "/langue/en?retour=/mon-compte"
    );
    assert!(
        amina
            .get("/mon-compte")
            .await
            .contains("value=\"Benali-Roy\"")
    );
    let form = [
        ("current", PASSWORD),
        ("password", "un autre mot bien long"),
        ("again", "un autre mot bien long"),
    ];
    assert_eq!(
        amina.post("/mon-compte/mot-de-passe", &form).await,
        "/mon-compte"
    );
    let (response, _) = amina.send("POST", "/mon-compte/mot-de-passe", &form).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    amina.post("/mon-compte/mot-de-passe/lien", &[]).await;
    assert!(path_in(&mails(&stage).await[0]).starts_with("/invitation/"));
    assert_eq!(
        amina.post("/mon-compte/deconnecter-partout", &[]).await,
        "/connexion"
    );
    assert_eq!(stage.count("SELECT COUNT(*) FROM sign_in_session").await, 0);
}

#[tokio::test]
async fn the_legal_notice_follows_the_settings_at_once() {
    let stage = Stage::new().await;
    let mut amina = Browser::new(&stage);
    amina.sign_in("amina@exemple.fr").await;
    assert!(
        amina
            .get("/mentions-legales")
            .await
            .contains("GIP Centre de ressources")
    );
    let wrong = [
        ("name", "Centre"),
        ("zone", "Europe/Paris"),
        ("lang", "fr"),
        ("siret", "123"),
    ];
    let (response, page) = amina.send("POST", "/e/centre/gestion/espace", &wrong).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("value=\"123\""));
    let form = [
        ("name", "Centre"),
        ("zone", "Europe/Paris"),
        ("lang", "fr"),
        ("accent", "plum"),
        ("legal_name", "GIP Nouveau"),
    ];
    amina.post("/e/centre/gestion/espace", &form).await;
    let page = amina.get("/mentions-legales").await;
    assert!(page.contains("GIP Nouveau") && page.contains("data-accent=\"plum\""));
}

#[tokio::test]
async fn a_page_costs_at_most_eight_statements_whatever_the_number_of_persons() {
    let stage = Stage::new().await;
    let tx = stage.write().await;
    let actor = Actor::System("test");
    for n in 0..60 {
        let email = format!("s{n}@exemple.fr");
        let id = crate::create_person(
            &tx,
            stage.centre,
            &person("S", &format!("N{n}"), Some(&email)),
            passerelle_web::Lang::Fr,
            actor,
        )
        .await
        .expect("makes");
        crate::create_account(
            &tx,
            stage.centre,
            id,
            NewAccount {
                identifier: email,
                password_hash: None,
            },
            actor,
        )
        .await
        .expect("makes");
        crate::grant(&tx, stage.centre, id, Role::Auditor, actor)
            .await
            .expect("grants");
    }
    tx.commit().await.expect("commits");
    let mut amina = Browser::new(&stage);
    amina.sign_in("amina@exemple.fr").await;
    let paths = [
        "/e/centre/gestion/personnes".to_owned(),
        format!("/e/centre/gestion/personnes/{}", stage.amina),
        "/mon-compte".to_owned(),
    ];
    for path in paths {
        let (_, cost) = passerelle_kernel::stats::measure(amina.get(&path)).await;
        assert!(cost.statements <= 8, "{path}: {}", cost.statements);
    }
}
