//! Signing in, by each way there is, and out again.

use axum::body::Body;
use axum::http::{StatusCode, header};
use passerelle_kernel::env::{DAY, MINUTE};
use passerelle_tests::app::PASSWORD;
use passerelle_tests::{TestApp, on_both_engines};
use passerelle_web::Role;

on_both_engines! {
    async fn a_password_signs_in_and_signing_out_ends_that_session_only(engine) {
        let app = TestApp::new(engine).await;
        let ada = app.person("Ada").await;
        let visitor = app.visitor();
        visitor.get("/accueil").await.leads_to("/connexion?suite=/accueil");
        visitor.post("/connexion", &[("identifier", "ada@exemple.fr"), ("password", "autre chose")]).await
            .expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["ne vont pas ensemble"]);
        let (home, phone) = (app.as_person(&ada).await, app.as_person(&ada).await);
        home.get("/accueil").await.ok();
        let session = home.cookie("session").expect("a session");
        home.post("/sign-out", &[]).await.leads_to("/connexion");
        assert_eq!(home.cookie("session"), None);
        home.set_cookie("session", &session);
        home.get("/accueil").await.leads();
        phone.get("/accueil").await.ok();
        app.close().await;
    }
}

on_both_engines! {
    async fn signing_out_everywhere_ends_every_session(engine) {
        let app = TestApp::new(engine).await;
        let ada = app.person("Ada").await;
        let (home, phone) = (app.as_person(&ada).await, app.as_person(&ada).await);
        let other = app.as_person(&app.person("Bao").await).await;
        home.post("/mon-compte/deconnecter-partout", &[]).await.leads_to("/connexion");
        phone.get("/accueil").await.leads();
        other.get("/accueil").await.ok();
        app.as_person(&ada).await.get("/accueil").await.ok();
    }
}

on_both_engines! {
    async fn a_link_received_by_mail_signs_in_once_and_not_after_twenty_minutes(engine) {
        let app = TestApp::new(engine).await;
        app.person("Ada").await;
        let visitor = app.visitor();
        let ask = [("identifier", "ada@exemple.fr"), ("suite", "/mon-compte")];
        visitor.post("/connexion/lien", &ask).await.leads_to("/connexion");
        let link = app.mail_to("ada@exemple.fr").await.path("/connexion/lien/");
        // Mail filters open addresses: opening uses nothing up.
        for _ in 0..2 {
            visitor.get(&link).await.ok().says(&["Ada Test"]);
        }
        visitor.post(&link, &[]).await.leads_to("/mon-compte");
        visitor.get("/mon-compte").await.ok().says(&["ada@exemple.fr"]);
        app.visitor().post(&link, &[]).await.expect(StatusCode::GONE);

        visitor.post("/connexion/lien", &ask).await.leads();
        let late = app.mail_to("ada@exemple.fr").await.path("/connexion/lien/");
        assert_ne!(late, link);
        app.clock().advance(20 * MINUTE + 1);
        app.visitor().post(&late, &[]).await.expect(StatusCode::GONE);
        app.close().await;
    }
}

on_both_engines! {
    async fn asking_for_a_link_says_the_same_whether_the_account_exists_or_not(engine) {
        let app = TestApp::new(engine).await;
        app.person("Ada").await;
        let mut said = Vec::new();
        for who in ["ada@exemple.fr", "personne@exemple.fr"] {
            let visitor = app.visitor();
            let answer = visitor.post("/connexion/lien", &[("identifier", who)]).await;
            let page = visitor.get(answer.location()).await;
            said.push((answer.status, answer.location().to_owned(), page.words()));
        }
        assert_eq!(said[0], said[1]);
        app.run_jobs().await;
        assert_eq!(app.mails().len(), 1);
    }
}

on_both_engines! {
    async fn after_five_wrong_passwords_even_the_right_one_waits_and_a_link_still_works(engine) {
        let app = TestApp::new(engine).await;
        let ada = app.person("Ada").await;
        let visitor = app.visitor();
        let wrong = [("identifier", "ada@exemple.fr"), ("password", "pas celui-ci")];
        let right = [("identifier", "ada@exemple.fr"), ("password", PASSWORD)];
        for _ in 0..5 {
            visitor.post("/connexion", &wrong).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        }
        let waits = visitor.post("/connexion", &right).await.expect(StatusCode::TOO_MANY_REQUESTS);
        waits.says(&["attendez 1 minute"]);
        // From elsewhere too: the account is what is protected. Somebody else is not kept waiting.
        app.visitor().from([198, 51, 100, 4]).post("/connexion", &right).await
            .expect(StatusCode::TOO_MANY_REQUESTS);
        app.as_person(&app.person("Bao").await).await;
        app.clock().advance(MINUTE);
        app.as_person(&ada).await;
        for _ in 0..5 {
            visitor.post("/connexion", &wrong).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        }
        visitor.post("/connexion/lien", &[("identifier", "ada@exemple.fr")]).await.leads();
        let link = app.mail_to("ada@exemple.fr").await.path("/connexion/lien/");
        visitor.post(&link, &[]).await.leads_to("/accueil");
    }
}

on_both_engines! {
    async fn a_session_ends_by_itself_after_thirty_days_without_a_visit(engine) {
        let app = TestApp::new(engine).await;
        let ada = app.as_person(&app.person("Ada").await).await;
        for _ in 0..3 {
            app.clock().advance(29 * DAY);
            ada.get("/accueil").await.ok();
        }
        app.clock().advance(30 * DAY + MINUTE);
        ada.get("/accueil").await.leads();
    }
}

on_both_engines! {
    async fn an_invitation_lets_somebody_choose_a_password(engine) {
        let app = TestApp::new(engine).await;
        let alice = app.as_administrator().await;
        let made = alice.post("/e/centre/gestion/personnes/nouvelle", &[
            ("given_name", "Nina"), ("family_name", "Roux"), ("email", "nina@exemple.fr"),
            ("identifier", "nina@exemple.fr"), ("invite", "true"), ("lang", "fr"),
        ]).await.leads();
        alice.get(&made).await.ok().says(&["Nina", "Roux"]);
        let link = app.mail_to("nina@exemple.fr").await.path("/invitation/");
        let visitor = app.visitor();
        visitor.get(&link).await.ok();
        visitor.post(&link, &[("password", "court"), ("again", "court")]).await
            .expect(StatusCode::UNPROCESSABLE_ENTITY);
        visitor.post(&link, &[("password", "trois vélos verts"), ("again", "trois vélos verts")]).await.leads();
        visitor.get("/accueil").await.ok();
        app.visitor().get(&link).await.expect(StatusCode::GONE);
        app.visitor().post("/connexion", &[
            ("identifier", "NINA@exemple.fr"), ("password", "trois vélos verts"),
        ]).await.leads();
        app.close().await;
    }
}

on_both_engines! {
    /// A person was written, then the invitation: what failed between the two left somebody who had
    /// no way in, and whom the form refused to add again.
    async fn a_person_and_the_invitation_are_one_write(engine) {
        let app = TestApp::new(engine).await;
        let alice = app.as_administrator().await;
        let form = [
            ("given_name", "Nina"), ("family_name", "Roux"), ("email", "nina@exemple.fr"),
            ("identifier", "nina@exemple.fr"), ("invite", "true"), ("lang", "fr"),
        ];
        app.run("ALTER TABLE job RENAME TO job_away", []).await;
        alice.post("/e/centre/gestion/personnes/nouvelle", &form).await
            .expect(StatusCode::INTERNAL_SERVER_ERROR);
        app.run("ALTER TABLE job_away RENAME TO job", []).await;
        let sql = "SELECT COUNT(*) FROM person WHERE family_name = 'Roux'";
        assert_eq!(app.count(sql, []).await, 0, "nobody half made");
        alice.post("/e/centre/gestion/personnes/nouvelle", &form).await.leads();
        app.mail_to("nina@exemple.fr").await.path("/invitation/");
        assert_eq!(app.count(sql, []).await, 1);
        app.close().await;
    }
}

on_both_engines! {
    async fn a_form_from_another_site_is_refused_whatever_its_cookies(engine) {
        let app = TestApp::new(engine).await;
        let alice = app.as_administrator().await;
        let kind = "application/x-www-form-urlencoded";
        let forged = [
            vec![("origin", "https://ailleurs.example")],
            vec![("origin", "null")],
            vec![("origin", "http://127.0.0.1:3001")],
            vec![("origin", "http://127.0.0.1:3000"), ("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![],
        ];
        for headers in forged {
            let mut request = alice.request("POST", "/mon-compte/deconnecter-partout");
            for (name, value) in &headers {
                request = request.header(*name, *value);
            }
            let request = request.header(header::CONTENT_TYPE, kind);
            let answer = alice.send(request, Body::empty()).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{headers:?}");
        }
        alice.get("/accueil").await.ok();
    }
}

on_both_engines! {
    async fn the_last_administrator_stays_and_a_role_that_is_taken_back_ends_at_once(engine) {
        let app = TestApp::new(engine).await;
        let alice = app.as_administrator().await;
        let bao = app.as_person(&app.person("Bao").await).await;
        let person = |id: passerelle_kernel::Uuid| format!("/e/centre/gestion/personnes/{id}");
        bao.get("/e/centre/gestion/personnes").await.expect(StatusCode::FORBIDDEN);
        let his = person(bao.person().id);
        alice.post(&format!("{his}/roles"), &[("role", Role::Administrator.code())]).await.leads();
        bao.get("/e/centre/gestion/espace").await.ok();
        let hers = person(alice.person().id);
        let administrator = [("role", Role::Administrator.code())];
        bao.post(&format!("{hers}/roles/retirer"), &administrator).await.leads();
        alice.get("/e/centre/gestion/espace").await.expect(StatusCode::FORBIDDEN);
        // Nobody would be left to manage the space.
        bao.post(&format!("{his}/roles/retirer"), &administrator).await;
        bao.get("/e/centre/gestion/espace").await.ok();
        app.close().await;
    }
}

on_both_engines! {
    async fn the_settings_of_a_space_are_kept_and_shown_on_its_legal_pages(engine) {
        let app = TestApp::new(engine).await;
        let alice = app.as_administrator().await;
        let page = alice.get("/e/centre/gestion/espace").await.ok();
        assert_eq!(page.field("siret"), "12345678200010");
        let wrong = [("name", "Centre"), ("zone", "Mars/Olympus"), ("lang", "fr"), ("siret", "123")];
        alice.post("/e/centre/gestion/espace", &wrong).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        let sent = [
            ("name", "Centre Garonne"), ("zone", "Indian/Reunion"), ("lang", "fr"),
            ("legal_name", "GIP Garonne & associés"), ("address", "1 rue <b>X</b>\r\n97400 Saint-Denis"),
            ("email", "contact@garonne.example"), ("representative", "Hélène Cazaux"),
        ];
        alice.post("/e/centre/gestion/espace", &sent).await.leads();
        let notice = app.visitor().get("/mentions-legales").await.ok();
        assert!(!notice.text().contains("<b>X</b>"), "what people type stays text");
        notice.says(&["GIP Garonne & associés", "1 rue <b>X</b>"]);
        for page in ["/confidentialite", "/accessibilite", "/aide"] {
            app.visitor().get(page).await.ok();
        }
        let zone = app.text("SELECT zone FROM space WHERE slug = 'centre'", []).await;
        assert_eq!(zone.as_deref(), Some("Indian/Reunion"));
        app.close().await;
    }
}
