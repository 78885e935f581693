//! Discussion lists: members write to each other by mail, somebody looks at what must be looked at.

use axum::http::StatusCode;
use passerelle_kernel::Engine;
use passerelle_kernel::env::{DAY, HOUR};
use passerelle_mailer::returns::{Taken, take};
use passerelle_tests::mails::Mail;
use passerelle_tests::postal::Talk;
use passerelle_tests::{Browser, TestApp, on_both_engines};
use tokio::net::TcpListener;
use tokio::sync::watch;

const ADDRESS: &str = "reseau@exemple.test";

/// Three members, and whoever manages them.
struct Scene {
    app: TestApp,
    manager: Browser,
    page: String,
}

impl Scene {
    async fn new(engine: Engine, moderation: &str) -> Self {
        let app = TestApp::with(engine, |config| {
            config.mail_from = "centre@exemple.test".to_owned();
            config.mail_return = "retours@exemple.test".to_owned();
            config.mail_lmtp = "127.0.0.1:0".to_owned();
        })
        .await;
        app.bulletin(3).await;
        app.run_jobs().await;
        let manager = app.as_manager().await;
        let list = app.id("SELECT id FROM mail_list", []).await;
        let base = format!("/e/centre/gestion/listes/{list}");
        manager
            .get(&format!("{base}/discussion"))
            .await
            .expect(StatusCode::NOT_FOUND);
        let kind = [
            ("name", "Réseau FLE"),
            ("description", ""),
            ("kind", "discussion"),
        ];
        manager.post(&base, &kind).await.leads_to(&base);
        manager.get(&base).await.ok().says(&["Voir la discussion"]);
        let page = format!("{base}/discussion");
        let proposed = manager.get(&page).await.ok().field("address");
        assert_eq!(
            proposed, "retours+flash-info@exemple.test",
            "it works as it is"
        );
        let settings = [
            ("address", ADDRESS),
            ("moderation", moderation),
            ("moderators", "moderatrice@exemple.fr"),
        ];
        manager.post(&page, &settings).await.leads_to(&page);
        Self { app, manager, page }
    }

    /// Hands over what somebody wrote to the list.
    async fn written(&self, message: &str) -> Taken {
        let to = [ADDRESS.to_owned()];
        take(self.app.app(), &to, message.as_bytes())
            .await
            .expect("a database")
    }

    /// The copies that left since, to whoever.
    async fn left(&self, before: usize) -> Vec<Mail> {
        self.app.run_jobs().await;
        self.app.mails().split_off(before)
    }

    async fn posts(&self, state: &str) -> i64 {
        self.app
            .count(
                "SELECT COUNT(*) FROM mail_post WHERE state = $1",
                [state.into()],
            )
            .await
    }

    async fn post_id(&self, subject: &str) -> String {
        self.app
            .id(
                "SELECT id FROM mail_post WHERE subject = $1",
                [subject.into()],
            )
            .await
            .to_string()
    }
}

fn message(from: &str, subject: &str, head: &str, text: &str) -> String {
    format!(
        "From: Quelqu'un <{from}>\r\nTo: {ADDRESS}\r\nSubject: {subject}\r\nMessage-ID: <{}@ailleurs.test>\r\n{head}\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n",
        subject.len() * 7 + text.len()
    )
}

fn header<'a>(mail: &'a Mail, name: &str) -> &'a str {
    let line = mail
        .raw
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{name}: ")));
    line.unwrap_or_default().trim()
}

on_both_engines! {
    async fn members_write_to_each_other_and_their_programs_see_a_conversation(engine) {
        let scene = Scene::new(engine, "free").await;
        let app = &scene.app;
        let before = app.mails().len();
        let question = message("lectrice.0@exemple.test", "Une question", "", "Bonjour {{prenom}},\r\nqui a un jeu de cartes ? https://exemple.fr/?a=1&b=2\r\n<b>merci</b>");
        assert_eq!(scene.written(&question).await, Taken::Done);
        assert_eq!(scene.written(&question).await, Taken::Done, "the same again");
        let copies = scene.left(before).await;
        assert_eq!(copies.len(), 3, "every member, once");
        let ids: Vec<&str> = copies.iter().map(|mail| header(mail, "Message-ID")).collect();
        assert!(ids[0] == ids[1] && ids[1] == ids[2], "{ids:?}");
        let first = &copies[0];
        assert_eq!(first.subject, "[Réseau FLE] Une question");
        assert!(first.text.contains("qui a un jeu de cartes") && !first.text.contains("Bonjour ,"), "{}", first.text);
        assert!(first.text.contains("https://exemple.fr/?a=1&b=2"), "{}", first.text);
        assert!(header(first, "Reply-To").contains(ADDRESS) && header(first, "List-Post").contains(ADDRESS));
        assert!(header(first, "List-Unsubscribe").contains("/arret") && header(first, "Precedence") == "list");
        // An answer joins the conversation, without what it quotes.
        let head = format!("In-Reply-To: {}\r\n", ids[0]);
        let text = "J'en ai un.\r\n\r\nLe lun. 2 nov. 2026 à 09:00, Lectrice <reseau@exemple.test> a écrit :\r\n> qui a un jeu de cartes ?";
        let answer = message("lectrice.1@exemple.test", "Re: [Réseau FLE] Une question", &head, text);
        let at = app.mails().len();
        assert_eq!(scene.written(&answer).await, Taken::Done);
        let answers = scene.left(at).await;
        assert_eq!(answers.len(), 3);
        assert_eq!(header(&answers[0], "In-Reply-To"), ids[0]);
        assert_eq!(header(&answers[0], "References"), ids[0]);
        assert_eq!(answers[0].subject, "[Réseau FLE] Re: Une question");
        assert!(!answers[0].text.contains("qui a un jeu de cartes"), "{}", answers[0].text);
        // What members write to each other is theirs, and whose who look after the list.
        let sent = app.id("SELECT campaign_id FROM mail_post WHERE subject = $1", ["Une question".into()]).await;
        let letter = format!("/e/centre/gestion/lettres/{sent}");
        scene.manager.get(&letter).await.ok();
        let auditor = app.as_auditor().await;
        for path in ["", "/apercu", "/destinataires", "/destinataires.csv"] {
            auditor.get(&format!("{letter}{path}")).await.expect(StatusCode::FORBIDDEN);
        }
        // What goes round, absences and bounces are no conversation.
        for (from, head) in [("lectrice.0@exemple.test", "Auto-Submitted: auto-replied\r\n"), ("MAILER-DAEMON@mx.test", "")] {
            assert_eq!(scene.written(&message(from, "Absence", head, "Je suis en congé")).await, Taken::Done);
        }
        let round = message("lectrice.0@exemple.test", "Tour", "", "encore").replace("Message-ID: <", "X-Was: <")
            .replacen("MIME-Version", &format!("Message-ID: {}\r\nMIME-Version", ids[0]), 1);
        assert_eq!(scene.written(&round).await, Taken::Done);
        assert_eq!(scene.posts("passed").await + scene.posts("held").await, 2);
        // They are no letters that somebody wrote, and each is proved as one.
        scene.manager.get("/e/centre/gestion/lettres").await.ok().never_says(&["Une question"]);
        scene.manager.get(&scene.page).await.ok().says(&["Une question", "J'en ai un", "Voir l’envoi"]);
        assert_eq!(app.facts().await.get("mail.campaign.finished.v1"), Some(&3));
        // A long one is whole, in several blocks; one too long says so.
        let long = format!("début\r\n{}\r\nfin", "mot *étoile*\r\n".repeat(1_200));
        let at = app.mails().len();
        assert_eq!(scene.written(&message("lectrice.1@exemple.test", "Un long message", "", &long)).await, Taken::Done);
        let copies = scene.left(at).await;
        assert_eq!(copies[0].text.matches("mot *étoile*").count(), 1_200);
        assert!(copies[0].text.contains("fin") && !copies[0].text.contains("sa fin manque"));
        let longer = message("lectrice.1@exemple.test", "Trop long", "", &"mot ".repeat(9_000));
        let at = app.mails().len();
        assert_eq!(scene.written(&longer).await, Taken::Done);
        assert!(scene.left(at).await[0].text.contains("sa fin manque"));
        // What looks like a template is words, wherever it is written.
        let braces = message("lectrice.1@exemple.test", "{{{#if x}}", "", "{{#if prenom}} &#123;&#123;prenom}} {{{{nom").replace("Quelqu'un", "{{x");
        let at = app.mails().len();
        assert_eq!(scene.written(&braces).await, Taken::Done);
        let copies = scene.left(at).await;
        assert_eq!(copies.len(), 3);
        assert!(copies[0].text.contains("prenom") && copies[0].text.contains("#123;"), "{}", copies[0].text);
        // The address that a mail server leads the other to is the list's as well; the same message
        // by another way is the same.
        let to = ["retours+flash-info@exemple.test".to_owned()];
        let again = format!("Received: by mx.exemple.test\r\n{braces}");
        assert_eq!(take(app.app(), &to, again.as_bytes()).await.expect("a database"), Taken::Done);
        assert_eq!(scene.left(app.mails().len()).await.len(), 0);
        // Who leaves the list writes to it no more.
        app.run("UPDATE mail_subscription SET state = 'unsubscribed' WHERE contact_id = (SELECT id FROM mail_contact WHERE email_key = 'lectrice.0@exemple.test')", []).await;
        assert_eq!(scene.written(&message("lectrice.0@exemple.test", "Partie", "", "Encore moi")).await, Taken::Done);
        assert_eq!(scene.posts("held").await, 1);
        scene.manager.get(&scene.page).await.ok().says(&["n’est pas membre de la liste"]);
        // What a forgotten person wrote is forgotten.
        let contact = app.id("SELECT id FROM mail_contact WHERE email_key = 'lectrice.1@exemple.test'", []).await;
        let forget = format!("/e/centre/gestion/contacts/{contact}/oublier");
        scene.manager.post(&forget, &[]).await.leads();
        scene.manager.get(&scene.page).await.ok().says(&["Personne oubliée"]).never_says(&["J'en ai un", "lectrice.1@"]);
        assert_eq!(app.count("SELECT COUNT(*) FROM mail_campaign WHERE blocks LIKE '%en ai un%' OR composed LIKE '%en ai un%'", []).await, 0);
        app.close().await;
    }
}

on_both_engines! {
    async fn what_must_be_looked_at_waits_and_moderators_are_told_once_an_hour(engine) {
        let scene = Scene::new(engine, "new").await;
        let (app, manager) = (&scene.app, &scene.manager);
        let before = app.mails().len();
        for subject in ["Un", "Deux", "Trois"] {
            scene.written(&message("lectrice.2@exemple.test", subject, "", "Bonjour")).await;
        }
        scene.written(&message("inconnu@ailleurs.test", "Achetez", "", "Des montres")).await;
        let told = scene.left(before).await;
        assert_eq!((told.len(), scene.posts("held").await), (1, 4), "{told:?}");
        assert_eq!(told[0].to, "moderatrice@exemple.fr");
        manager.get(&scene.page).await.ok().says(&["son premier message", "n’est pas membre", "Des montres", "Envoyer aux membres"]);
        let decide = async |subject: &str, what: &[(&str, &str)]| {
            let to = format!("{}/{}", scene.page, scene.post_id(subject).await);
            manager.post(&to, what).await.leads_to(&scene.page);
        };
        let at = app.mails().len();
        decide("Un", &[("do", "pass")]).await;
        decide("Un", &[("do", "refuse"), ("reason", "Trop tard")]).await;
        decide("Deux", &[("do", "refuse"), ("reason", "Déjà dit\r\nBcc: x@exemple.fr")]).await;
        decide("Achetez", &[("do", "refuse"), ("reason", "Non")]).await;
        let sent = scene.left(at).await;
        assert_eq!(sent.iter().filter(|mail| mail.subject.starts_with("[Réseau FLE]")).count(), 3);
        let refusals: Vec<&Mail> = sent.iter().filter(|mail| mail.subject.starts_with("Votre message")).collect();
        assert_eq!((refusals.len(), refusals[0].to.as_str()), (1, "lectrice.2@exemple.test"), "strangers are not written to");
        assert!(refusals[0].text.contains("Déjà dit") && !refusals[0].raw.contains("\nBcc:"));
        // One of theirs was let through: the next leaves at once.
        let at = app.mails().len();
        scene.written(&message("lectrice.2@exemple.test", "Quatre", "", "Merci")).await;
        assert_eq!(scene.left(at).await.len(), 3);
        // Within the hour nobody is told again; then once.
        let at = app.mails().len();
        for subject in ["Cinq", "Sixième"] {
            scene.written(&message("lectrice.0@exemple.test", subject, "", "Bonjour à toutes")).await;
        }
        assert_eq!(scene.left(at).await.len(), 0);
        app.clock().advance(HOUR);
        assert_eq!(scene.left(at).await.len(), 1);
        assert_eq!(app.facts().await.get("mail.post.decided.v1"), Some(&3));
        // What nobody decides of is forgotten.
        app.clock().advance(31 * DAY);
        scene.written(&message("lectrice.1@exemple.test", "Sept", "", "Bonsoir")).await;
        passerelle_mailer::terms::apply(app.app()).await.expect("cleaned");
        assert_eq!((scene.posts("held").await, scene.posts("refused").await, scene.posts("passed").await), (1, 0, 2));
        app.close().await;
    }
}

on_both_engines! {
    async fn settings_are_checked_and_only_lists_have_an_address_by_lmtp(engine) {
        let scene = Scene::new(engine, "all").await;
        let (app, manager) = (&scene.app, &scene.manager);
        for (address, moderators, said) in [
            ("reseau", "", "Écrivez une adresse"),
            ("Retours@exemple.test", "", "l’adresse des retours"),
            (ADDRESS, "moderatrice", "jusqu’à cinq"),
            (ADDRESS, "a@exemple.fr, b@exemple.fr, c@exemple.fr, d@exemple.fr, e@exemple.fr, f@exemple.fr", "jusqu’à cinq"),
        ] {
            let form = [("address", address), ("moderation", "all"), ("moderators", moderators)];
            manager.post(&scene.page, &form).await.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&[said]);
        }
        let other = [("name", "Autre"), ("description", ""), ("kind", "discussion")];
        manager.post("/e/centre/gestion/listes", &other).await.leads_to("/e/centre/gestion/listes");
        let other = app.id("SELECT id FROM mail_list WHERE name = 'Autre'", []).await;
        let form = [("address", "Reseau@EXEMPLE.test"), ("moderation", "all"), ("moderators", "")];
        let taken = format!("/e/centre/gestion/listes/{other}/discussion");
        manager.post(&taken, &form).await.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["a déjà cette adresse"]);
        // The mail server hands over what is for the list, and for nobody else.
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (_stop, stopped) = watch::channel(false);
        tokio::spawn(passerelle_mailer::returns::receive(app.app().clone(), listener, stopped));
        let hand = async |to: &str| {
            let (to, text) = (to.to_owned(), message("lectrice.0@exemple.test", "Par la poste", "", "Bonjour"));
            let talk = move || Talk::with(port, "LHLO mx.exemple.test").message("lectrice.0@exemple.test", &[&to], &text);
            tokio::task::spawn_blocking(talk).await.expect("a talk")
        };
        assert!(hand("autre@exemple.test").await[0].starts_with("550 5.1.1"));
        assert!(hand(ADDRESS).await[0].starts_with("250"));
        assert_eq!(scene.posts("held").await, 1);
        // A closed list has no address any more.
        let base = scene.page.trim_end_matches("/discussion").to_owned();
        manager.post(&format!("{base}/fermer"), &[]).await.leads();
        assert!(hand(ADDRESS).await[0].starts_with("550 5.1.1"));
        // What waits is bounded, whoever writes.
        manager.post(&format!("{base}/rouvrir"), &[]).await.leads();
        for n in 0..205 {
            let spam = message(&format!("x{n}@ailleurs.test"), &"Spam".repeat(n + 1), "", "Achetez");
            scene.written(&spam).await;
        }
        assert_eq!(scene.posts("held").await, 200);
        manager.get(&scene.page).await.ok();
        app.close().await;
    }
}
