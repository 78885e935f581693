//! The links of a letter: whether they lead somewhere, asked for from here.

use axum::Router;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use passerelle_kernel::Uuid;
use passerelle_tests::{Browser, TestApp, on_both_engines};

const LETTERS: &str = "/e/centre/gestion/lettres";

async fn answer(method: Method, uri: axum::http::Uri) -> Response {
    let moved = |to: &'static str| (StatusCode::FOUND, [(header::LOCATION, to)]).into_response();
    match (uri.path(), method) {
        ("/ici" | "/lent", _) => "bonjour".into_response(),
        ("/ailleurs", _) => moved("/ici"),
        ("/rond", _) => moved("/rond"),
        ("/lecteurs", Method::HEAD) => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        ("/lecteurs", _) => "a".repeat(300_000).into_response(),
        ("/prive", _) => StatusCode::FORBIDDEN.into_response(),
        ("/panne", _) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn site() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    address
}

async fn letter(app: &TestApp, manager: &Browser, blocks: &str) -> String {
    manager
        .post(&format!("{LETTERS}/nouvelle"), &[])
        .await
        .leads();
    let id: Uuid = app.id("SELECT id FROM mail_campaign", []).await;
    app.run("UPDATE mail_campaign SET blocks = $1", [blocks.into()])
        .await;
    format!("{LETTERS}/{id}")
}

on_both_engines! {
    async fn links_that_lead_nowhere_are_named_with_their_place(engine) {
        let site = site().await;
        let app = TestApp::with(engine, |config| config.private_addresses = true).await;
        let text = format!("[a]({site}/ici) [b]({site}/ailleurs) [c]({site}/perdu) [d](mailto:x@exemple.fr)");
        let blocks = serde_json::json!([
            {"kind": "text", "text": text},
            {"kind": "button", "label": "Lire", "href": format!("{site}/lecteurs")},
            {"kind": "button", "label": "Tourner", "href": format!("{site}/rond")},
            {"kind": "button", "label": "Voir", "href": format!("{site}/prive")},
            {"kind": "button", "label": "Panne", "href": format!("{site}/panne")},
            {"kind": "button", "label": "Encore", "href": format!("{site}/perdu")},
        ]);
        let manager = app.as_manager().await;
        let at = letter(&app, &manager, &blocks.to_string()).await;
        manager.get(&format!("{at}/verifier")).await.ok().says(&["Essayer les liens"]);
        let page = manager.post(&format!("{at}/liens"), &[]).await.ok();
        let page = page.says(&["Liens essayés : 7 ; mènent quelque part : 3"]);
        let said = page.words();
        assert_eq!(said.matches("n’existe pas : ").count(), 2, "in the text and on the button: {said}");
        assert_eq!(said.matches("ne répond pas : ").count(), 2, "one goes round, one is broken: {said}");
        assert_eq!(said.matches("ne se laisse pas essayer").count(), 1, "{said}");
        app.close().await;
    }
}

on_both_engines! {
    async fn nothing_within_the_house_is_asked_for(engine) {
        let site = site().await;
        let app = TestApp::new(engine).await;
        let blocks = serde_json::json!([{"kind": "button", "label": "Dedans", "href": format!("{site}/perdu")},
            {"kind": "button", "label": "Dedans aussi", "href": "https://127.0.0.1:1/"}]);
        let manager = app.as_manager().await;
        let at = letter(&app, &manager, &blocks.to_string()).await;
        let page = manager.post(&format!("{at}/liens"), &[]).await.ok();
        assert_eq!(page.words().matches("ne se laisse pas essayer").count(), 2);
        app.close().await;
    }
}

on_both_engines! {
    async fn openings_and_clicks_are_counted_of_nobody_and_only_where_asked_for(engine) {
        let app = TestApp::new(engine).await;
        app.bulletin(3).await;
        app.run_jobs().await;
        let manager = app.as_manager().await;
        let visitor = app.visitor();
        let before = app.mails();
        assert!(before.iter().all(|mail| !mail.raw.contains("/lettres/lien/") && !mail.raw.contains("/lettres/vu/")), "not asked for");
        let first: Uuid = app.id("SELECT id FROM mail_campaign", []).await;
        visitor.get(&format!("/lettres/lien/{first}/1")).await.expect(StatusCode::NOT_FOUND);
        visitor.get(&format!("/lettres/vu/{first}")).await.ok();
        passerelle_mailer::counting::write(app.app()).await.expect("written");
        assert_eq!(app.count("SELECT COUNT(*) FROM mail_link", []).await, 0);
        manager.get(LETTERS).await.ok().says(&["Rien n’est compté"]);
        manager.post(&format!("{LETTERS}/compter"), &[("value", "on")]).await.leads_to(LETTERS);
        manager.get(LETTERS).await.ok().says(&["seront comptées"]);
        // The same letter again, approved since.
        manager.post(&format!("{LETTERS}/nouvelle"), &[("copie", &first.to_string())]).await.leads();
        let second: Uuid = app.id("SELECT id FROM mail_campaign WHERE state = 'draft'", []).await;
        let blocks = serde_json::json!([{"kind": "text", "text": "Bonjour [ici](https://exemple.fr/a?x=1&y=2) et {{#if prenom}}{{prenom}}{{/if}}"},
            {"kind": "button", "label": "Lire", "href": "https://exemple.fr/b"}]);
        app.run("UPDATE mail_campaign SET blocks = $1, is_public = 1 WHERE state = 'draft'", [blocks.to_string().into()]).await;
        let at = format!("{LETTERS}/{second}");
        manager.post(&format!("{at}/approuver"), &[]).await.leads();
        manager.post(&format!("{at}/envoyer"), &[]).await.leads();
        app.run_jobs().await;
        let copies = app.mails().split_off(before.len());
        assert_eq!(copies.len(), 3);
        let link = format!("/lettres/lien/{}/1", second.simple());
        for mail in &copies {
            let raw = mail.raw.replace("=\r\n", "").replace("=3D", "=");
            assert!(raw.contains(&link) && raw.contains(&format!("/lettres/vu/{}", second.simple())), "{raw}");
            assert!(mail.text.contains("https://exemple.fr/b"), "the text part leads there itself");
        }
        for _ in 0..2 {
            let answer = visitor.get(&link).await.expect(StatusCode::FOUND);
            assert_eq!(answer.location(), "https://exemple.fr/a?x=1&y=2");
        }
        for _ in 0..3 {
            let answer = visitor.get(&format!("/lettres/vu/{}", second.simple())).await.ok();
            assert_eq!(answer.header("content-type"), "image/gif");
        }
        visitor.get(&format!("/lettres/lien/{}/9", second.simple())).await.expect(StatusCode::NOT_FOUND);
        visitor.get("/lettres/lien/x/1").await.expect(StatusCode::NOT_FOUND);
        passerelle_mailer::counting::write(app.app()).await.expect("written");
        manager.get(&at).await.ok().says(&["Ouvertures comptées : 3", "https://exemple.fr/a?x=1&y=2"]);
        let clicks = "SELECT hits FROM mail_link WHERE place = 1";
        assert_eq!(app.count(clicks, []).await, 2);
        // The public page tells of no opening.
        let number = app.count("SELECT number FROM mail_campaign WHERE id = $1", [second.into()]).await;
        let page = visitor.get(&format!("/e/centre/lettres/{number}/page")).await.ok();
        assert!(page.text().contains("Bonjour") && !page.text().contains("/lettres/vu/"));
        assert_eq!(app.facts().await.get("mail.counting.changed.v1"), Some(&1));
        app.close().await;
    }
}
