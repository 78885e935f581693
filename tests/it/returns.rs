//! What comes back, by the three doors.

use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use passerelle_kernel::Engine;
use passerelle_kernel::env::DAY;
use passerelle_tests::postal::{Dovecot, Postfix, Talk};
use passerelle_tests::{TestApp, on_both_engines};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// A header of a message, folded lines put together.
fn header(message: &str, name: &str) -> String {
    let unfolded = message
        .replace("\r\n", "\n")
        .replace("\n ", " ")
        .replace("\n\t", " ");
    let line = unfolded
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{name}: ")));
    line.unwrap_or_else(|| panic!("{name} in {message}"))
        .to_owned()
}

/// A report as mail servers write it.
fn report(to: &str, status: &str, action: &str, said: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.exemple.test\nTo: {to}\nSubject: Undelivered Mail\nMIME-Version: 1.0\n\
         Message-ID: <{status}.{action}@mx.exemple.test>\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n\
         --b\nContent-Type: text/plain\n\nSorry.\n\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.exemple.test\n\n\
         Final-Recipient: rfc822; quelquun@exemple.test\nAction: {action}\nStatus: {status}\n\
         Diagnostic-Code: smtp; {said}\n\n--b--\n"
    )
}

/// A complaint as mailbox providers write it, about a message.
fn complaint(about: &str) -> String {
    format!(
        "From: plaintes@fournisseur.test\nTo: retours@exemple.test\nSubject: Abuse\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=\"b\"\n\n\
         --b\nContent-Type: text/plain\n\nThis is a complaint.\n\n\
         --b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: Fournisseur/1\nVersion: 1\n\n\
         --b\nContent-Type: message/rfc822\n\n{}\n--b--\n",
        about.replace("\r\n", "\n")
    )
}

fn answer(from: &str, to: &str, text: &str) -> String {
    format!(
        "From: Quelqu'un <{from}>\nTo: {to}\nSubject: Re: Flash Info\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    )
}

async fn recipients(app: &TestApp, condition: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM mail_recipient WHERE {condition}");
    app.count(&sql, []).await
}

async fn contacts(app: &TestApp, status: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM mail_contact WHERE status = '{status}'");
    app.count(&sql, []).await
}

on_both_engines! {
    async fn a_mailbox_is_read_by_imap_and_what_is_not_ours_stays_in_it(engine) {
        let post = Postfix::start();
        let dovecot = Dovecot::start(&post);
        let app = TestApp::sending(engine, &post.url(), |config| {
            config.mail_from = "centre@exemple.test".to_owned();
            config.mail_return = "retours@exemple.test".to_owned();
            config.mail_imap_url = format!("imap://retours:secret@127.0.0.1:{}/INBOX", dovecot.port);
        })
        .await;
        app.bulletin(6).await;
        for (at, name) in ["rebond", "plein", "inconnu"].iter().enumerate() {
            let key = format!("{name}@exemple.test");
            let sql = "UPDATE mail_contact SET email = $1, email_key = $1 WHERE email_key = $2";
            app.run(sql, [key.into(), format!("lectrice.{at}@exemple.test").into()]).await;
        }
        app.run_jobs().await;
        post.settle();
        // Refused as it left: known at once. The two others come back.
        assert_eq!((contacts(&app, "bounced").await, recipients(&app, "state = 3").await), (1, 1));
        let received: Vec<String> = post.files("tout").iter().map(|path| std::fs::read_to_string(path).expect("a message")).collect();
        assert_eq!(received.len(), 3);
        // One answers, one stops by mail, somebody writes to the mailbox, somebody forges.
        let reply_to = header(&received[0], "Reply-To");
        let text = "Bonjour, peut-on venir à deux ?\n\nLe lun. 23 nov. 2026 à 09:00, Centre <centre@exemple.test> a écrit :\n> Flash Info\n> Bonne lecture";
        post.send("lectrice@exemple.test", &reply_to, &answer("lectrice@exemple.test", &reply_to, text));
        let stop = header(&received[1], "List-Unsubscribe");
        let stop = stop.split("mailto:").nth(1).and_then(|rest| rest.split('?').next()).expect("an address").to_owned();
        post.send("lecteur@exemple.test", &stop, &answer("lecteur@exemple.test", &stop, "stop"));
        post.send("elu@exemple.test", "retours@exemple.test", &answer("elu@exemple.test", "retours@exemple.test", "Bonjour à toute l’équipe"));
        let forged = stop.replace("retours+", "retours+a");
        post.send("", &forged, &report(&forged, "5.1.1", "failed", "550 5.1.1 no"));
        post.settle();
        assert_eq!(post.files("retours").len(), 6);
        let read = passerelle_mailer::returns::read_mailbox(app.app()).await.expect("a mailbox");
        assert_eq!(read, Ok(4), "two bounces, an answer, a stop");
        assert_eq!(post.files("retours").len(), 2, "what is not ours stays");
        assert_eq!(recipients(&app, "state = 6").await, 2);
        assert_eq!(recipients(&app, "state = 6 AND detail LIKE '%5.1.1%'").await, 1);
        assert_eq!(contacts(&app, "bounced").await, 2, "a full box is not yet a dead one");
        let left = "SELECT COUNT(*) FROM mail_subscription WHERE state = 'unsubscribed'";
        assert_eq!(app.count(left, []).await, 1);
        assert_eq!(app.facts().await.get("mail.unsubscribed.v1"), Some(&1));
        let again = passerelle_mailer::returns::read_mailbox(app.app()).await.expect("a mailbox");
        assert_eq!(again, Ok(0));
        // Numbered anew, the mailbox is read again from its beginning; nothing is done twice.
        app.run("UPDATE mail_door SET validity = 1", []).await;
        assert_eq!(passerelle_mailer::returns::read_mailbox(app.app()).await, Some(Ok(0)));
        let manager = app.as_manager().await;
        let id = app.id("SELECT id FROM mail_campaign", []).await;
        let page = format!("/e/centre/gestion/lettres/{id}");
        manager.get(&page).await.ok().says(&["Réponses", "1 à traiter", "Revenues"]);
        let answers = manager.get(&format!("{page}/reponses")).await.ok().says(&["peut-on venir à deux"]).never_says(&["Bonne lecture"]);
        assert!(answers.text().contains("mailto:"));
        let one = app.id("SELECT id FROM mail_answer", []).await;
        manager.post(&format!("{page}/reponses/{one}"), &[("done", "yes")]).await.leads_to(&format!("{page}/reponses"));
        manager.get(&page).await.ok().says(&["0 à traiter"]);
        let contact = app.id("SELECT id FROM mail_contact WHERE email_key = 'rebond@exemple.test'", []).await;
        manager.get(&format!("/e/centre/gestion/contacts/{contact}")).await.ok().says(&["Adresse inconnue ou fermée"]);
        let administrator = app.as_administrator().await;
        administrator.get("/e/centre/gestion/courrier").await.ok().says(&["4 reconnus, 4 laissés"]);
        drop(dovecot);
        assert!(matches!(passerelle_mailer::returns::read_mailbox(app.app()).await, Some(Err(_))));
        administrator.get("/e/centre/gestion/courrier").await.ok().says(&["La boîte n’a pas pu être lue"]);
        app.close().await;
    }
}

/// An application whose mail is kept by the test, with somebody who listens by LMTP.
struct Scene {
    app: TestApp,
    port: u16,
    _stop: watch::Sender<bool>,
}

impl Scene {
    async fn new(engine: Engine, readers: usize) -> Self {
        let app = TestApp::with(engine, |config| {
            config.mail_from = "centre@exemple.test".to_owned();
            config.mail_return = "retours@exemple.test".to_owned();
            config.mail_lmtp = "127.0.0.1:0".to_owned();
        })
        .await;
        app.bulletin(readers).await;
        app.run_jobs().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(passerelle_mailer::returns::receive(
            app.app().clone(),
            listener,
            stopped,
        ));
        Self {
            app,
            port,
            _stop: stop,
        }
    }

    /// Where the copy of that place comes back.
    fn returns_to(&self, place: i32) -> String {
        let links = passerelle_mailer::links::Links::of(self.app.app());
        links
            .returns_to("retours@exemple.test", 1, place)
            .expect("an address")
    }

    /// Hands over a message by LMTP; what is answered.
    async fn hand(&self, to: &[&str], message: &str) -> Vec<String> {
        let (port, message) = (self.port, message.to_owned());
        let to: Vec<String> = to.iter().map(|to| (*to).to_owned()).collect();
        let talk = tokio::task::spawn_blocking(move || {
            let to: Vec<&str> = to.iter().map(String::as_str).collect();
            Talk::with(port, "LHLO mx.exemple.test").message("", &to, &message)
        });
        tokio::time::timeout(Duration::from_mins(1), talk)
            .await
            .expect("in time")
            .expect("a conversation")
    }

    /// The same, about one copy.
    async fn bounce(&self, place: i32, status: &str, action: &str) -> String {
        let to = self.returns_to(place);
        let message = report(&to, status, action, "said so");
        self.hand(&[&to], &message).await.remove(0)
    }
}

on_both_engines! {
    async fn a_mail_server_hands_over_by_lmtp_and_forgeries_are_refused(engine) {
        let scene = Scene::new(engine, 8).await;
        let app = &scene.app;
        assert!(scene.bounce(1, "5.1.1", "failed").await.starts_with("250"));
        assert!(scene.bounce(1, "5.1.1", "failed").await.starts_with("250"), "twice the same");
        assert!(scene.bounce(2, "4.4.7", "delayed").await.starts_with("250"));
        assert!(scene.bounce(3, "2.0.0", "delivered").await.starts_with("250"));
        assert!(scene.bounce(4, "5.7.1", "failed").await.starts_with("250"));
        assert_eq!(contacts(app, "bounced").await, 1);
        assert_eq!(recipients(app, "state = 6").await, 2);
        assert_eq!(app.count("SELECT COUNT(*) FROM mail_return", []).await, 2);
        // Nobody else's address is taken, nor one whose token is not ours.
        let forged = scene.returns_to(5).replace('+', "+b");
        for to in ["quelquun@exemple.test", forged.as_str(), "retours+@exemple.test", "retours+zz@exemple.test"] {
            let answers = scene.hand(&[to], &report(to, "5.1.1", "failed", "no")).await;
            assert!(answers[0].starts_with("550 5.1.1"), "{to}: {answers:?}");
        }
        // Out of the office is nothing; a letter that is about nothing is refused.
        let to = scene.returns_to(5);
        let absent = format!("Auto-Submitted: auto-replied\n{}", answer("a@exemple.test", &to, "Je suis en congé"));
        assert!(scene.hand(&[&to], &absent).await[0].starts_with("250"));
        let lost = scene.hand(&["retours@exemple.test"], &answer("a@exemple.test", "retours@exemple.test", "Bonjour")).await;
        assert!(lost[0].starts_with("550 5.6.0"), "{lost:?}");
        // Each recipient is answered for.
        let two = scene.hand(&[&scene.returns_to(6), "retours@exemple.test"], &answer("a@exemple.test", "x@exemple.test", "Bonjour")).await;
        assert!(two[0].starts_with("250") && two[1].starts_with("550"), "{two:?}");
        let large = format!("Subject: x\n\n{}", "a".repeat(6 * 1024 * 1024));
        assert!(scene.hand(&[&to], &large).await[0].starts_with("552"));
        assert_eq!(contacts(app, "enabled").await, 7);
        // Kept for a year.
        let kept = ["SELECT COUNT(*) FROM mail_return", "SELECT COUNT(*) FROM mail_answer"];
        for (days, left) in [(365, (2, 1)), (1, (0, 0))] {
            app.clock().advance(days * DAY);
            passerelle_mailer::terms::apply(app.app()).await.expect("applied");
            assert_eq!((app.count(kept[0], []).await, app.count(kept[1], []).await), left, "{days}");
        }
        assert_eq!(contacts(app, "bounced").await, 1);
        app.close().await;
    }
}

on_both_engines! {
    async fn four_full_boxes_or_one_complaint_end_it_and_a_repaired_address_begins_anew(engine) {
        let scene = Scene::new(engine, 3).await;
        let app = &scene.app;
        let name = "SELECT contact_id FROM mail_recipient WHERE place = 1";
        let contact = app.id(name, []).await;
        for campaign in 0..4 {
            // As many messages of the same address, each told once.
            let to = scene.returns_to(1);
            let message = format!("X-Nth: {campaign}\n{}", report(&to, "4.2.2", "failed", "452 4.2.2 full"));
            assert_eq!(contacts(app, "bounced").await, 0, "after {campaign}");
            assert!(scene.hand(&[&to], &message).await[0].starts_with("250"));
        }
        assert_eq!(contacts(app, "bounced").await, 1);
        let manager = app.as_manager().await;
        let page = format!("/e/centre/gestion/contacts/{contact}");
        manager.get(&page).await.ok().says(&["reviennent", "Boîte pleine"]);
        manager.post(&format!("{page}/debloquer"), &[]).await.leads_to(&page);
        assert!(scene.bounce(1, "4.2.2", "failed").await.starts_with("250"));
        assert_eq!(contacts(app, "bounced").await, 0, "what came back before counts no more");
        // A complaint comes to no address of ours: the copy that it encloses says whose it is.
        let mail = app.mails().into_iter().last().expect("a copy");
        let enclosed = mail.raw;
        assert!(scene.hand(&["retours@exemple.test"], &complaint(&enclosed)).await[0].starts_with("250"));
        assert_eq!((contacts(app, "blocked").await, recipients(app, "state = 7").await), (1, 1));
        assert_eq!(app.facts().await.get("mail.unsubscribed.v1"), Some(&1));
        let forged = enclosed.replace("/arret", "x/arret");
        let answers = scene.hand(&["retours@exemple.test"], &complaint(&forged)).await;
        assert!(answers[0].starts_with("550"), "{answers:?}");
        assert_eq!(contacts(app, "blocked").await, 1);
        app.close().await;
    }
}

on_both_engines! {
    async fn a_relay_tells_by_a_page_whose_address_is_secret(engine) {
        let scene = Scene::new(engine, 5).await;
        let app = &scene.app;
        let administrator = app.as_administrator().await;
        let page = administrator.get("/e/centre/gestion/courrier").await.ok().text();
        let path = page.split("/courrier/retours/").nth(1).and_then(|rest| rest.split('<').next()).expect("its address");
        let path = format!("/courrier/retours/{path}");
        let visitor = app.visitor();
        let post = async |path: &str, kind: &str, body: &str| {
            let request = visitor.request("POST", path).header("content-type", kind);
            visitor.send(request, Body::from(body.to_owned())).await
        };
        let to = scene.returns_to(1);
        let bounce = report(&to, "5.1.1", "failed", "no");
        post("/courrier/retours/autre", "message/rfc822", &bounce).await.expect(StatusCode::NOT_FOUND);
        post(&path, "message/rfc822", &bounce).await.expect(StatusCode::NO_CONTENT);
        assert_eq!(contacts(app, "bounced").await, 1);
        post(&path, "message/rfc822", "n’importe quoi").await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        let campaign = app.id("SELECT id FROM mail_campaign", []).await.simple().to_string();
        let events = format!(
            "[{{\"event\": \"hard_bounce\", \"message-id\": \"<{campaign}.2@exemple.test>\", \"reason\": \"550 quelquun@exemple.test\"}}, \
              {{\"event\": \"spam\", \"message-id\": \"<{campaign}.3@exemple.test>\"}}, \
              {{\"event\": \"opened\", \"message-id\": \"<{campaign}.4@exemple.test>\"}}, \
              {{\"event\": \"hard_bounce\", \"message-id\": \"<{campaign}.99@exemple.test>\"}}]"
        );
        let told = post(&path, "application/json", &events).await.ok().text();
        assert!(told.contains("\"taken\":3") && told.contains("\"unknown\":1"), "{told}");
        assert_eq!((contacts(app, "bounced").await, contacts(app, "blocked").await), (2, 1));
        assert_eq!(recipients(app, "detail LIKE '%quelquun@%'").await, 0, "no address in what is kept");
        post(&path, "application/json", "{").await.expect(StatusCode::BAD_REQUEST);
        post(&path, "application/json", "3").await.expect(StatusCode::BAD_REQUEST);
        app.close().await;
    }
}

on_both_engines! {
    async fn a_mail_that_is_no_bulletin_comes_back_to_the_administration(engine) {
        let scene = Scene::new(engine, 1).await;
        let app = &scene.app;
        let visitor = app.visitor();
        let lists = app.id("SELECT id FROM mail_list", []).await.to_string();
        let form = [("email", "dina@exemple.test"), ("list", lists.as_str())];
        visitor.post("/e/centre/abonnement", &form).await.ok();
        let mail = app.mail_to("dina@exemple.test").await;
        let id = header(&mail.raw, "Message-ID");
        let id = id.trim_matches(['<', '>']).split('@').next().and_then(|id| id.parse().ok()).expect("an identifier");
        let links = passerelle_mailer::links::Links::of(app.app());
        let to = links.mail_returns_to("retours@exemple.test", id).expect("an address");
        assert!(scene.hand(&[&to], &report(&to, "5.1.1", "failed", "550 5.1.1 dina@exemple.test unknown")).await[0].starts_with("250"));
        let administrator = app.as_administrator().await;
        administrator.get("/e/centre/gestion/courrier").await.ok()
            .says(&["Courriels revenus", "Adresse inconnue ou fermée", "unknown"])
            .never_says(&["dina@exemple.test"]);
        app.close().await;
    }
}

/// A report on one message, about one recipient, as a relay writes it.
fn refusal(to: &str, recipient: &str, nth: usize, status: &str, said: &str) -> String {
    format!(
        "X-Nth: {nth}\n{}",
        report(to, status, "failed", said).replace("quelquun@exemple.test", recipient)
    )
}

const BLOCKED: &str =
    "550 mwinf5c00 ME Adresse IP source bloquee. Client host blocked. OFR006_102 [102]";
const HURRIED: &str =
    "421 mwinf5c00 ME Trop de connexions. Too many connections, slow down. OFR004_104 [104]";

on_both_engines! {
    /// What a provider says of our server was counted against the readers: after four letters they
    /// were cut off, and nobody was told.
    async fn refusals_of_our_server_cost_no_reader_anything_and_the_administration_is_told(engine) {
        let scene = Scene::new(engine, 6).await;
        let app = &scene.app;
        let administrator = app.as_administrator().await;
        app.run_jobs().await;
        let before = app.mails().len();
        let address = app.text("SELECT address FROM mail_recipient WHERE place = 1", []).await.expect("an address");
        for (nth, (status, said)) in [("4.0.0", BLOCKED), ("4.4.7", HURRIED)].into_iter().cycle().take(10).enumerate() {
            let to = scene.returns_to(1);
            assert!(scene.hand(&[&to], &refusal(&to, &address, nth, status, said)).await[0].starts_with("250"));
        }
        assert_eq!((contacts(app, "bounced").await, contacts(app, "enabled").await), (0, 6));
        let noted = "SELECT COUNT(*) FROM mail_return WHERE kind = 'sender'";
        assert_eq!(app.count(noted, []).await, 10);
        app.run_jobs().await;
        let told = app.mails().split_off(before);
        assert!(!told.is_empty(), "the administration is told");
        assert!(told.iter().all(|mail| mail.subject.contains("refuse le nôtre")), "{told:?}");
        assert!(told[0].text.contains("OFR006_102"), "{}", told[0].text);
        administrator.get("/e/centre/gestion/courrier").await.ok().says(&["Des serveurs de courrier refusent le nôtre", "OFR004_104"]);
        // Told once a day, however many.
        let at = app.mails().len();
        let to = scene.returns_to(2);
        scene.hand(&[&to], &refusal(&to, &address, 99, "5.7.1", "550 5.7.1 Client host blocked using zen.spamhaus.org")).await;
        app.run_jobs().await;
        assert_eq!(app.mails().len(), at);
        app.close().await;
    }
}

on_both_engines! {
    /// A provider that refuses us goes on refusing: a letter that is leaving went on all the same.
    async fn a_letter_that_one_provider_refuses_because_of_us_waits_for_somebody(engine) {
        let scene = Scene::new(engine, 8).await;
        let app = &scene.app;
        // As in the middle of a large one: still running, the first copies taken.
        app.run("UPDATE mail_campaign SET state = 'running', finished_at = NULL, root = NULL", []).await;
        app.run("UPDATE mail_recipient SET provider = 1", []).await;
        app.run("UPDATE mail_recipient SET provider = 0 WHERE place = 8", []).await;
        for (nth, place) in [1, 1, 8, 2].into_iter().enumerate() {
            let to = scene.returns_to(place);
            scene.hand(&[&to], &refusal(&to, "x@exemple.test", nth, "5.0.0", BLOCKED)).await;
        }
        let state = async || app.text("SELECT state FROM mail_campaign", []).await;
        assert_eq!(state().await.as_deref(), Some("running"), "two mailboxes of it, and one of another");
        assert_eq!(recipients(app, "state = 0 AND attempts = 1").await, 3, "nobody read it: it leaves again");
        let to = scene.returns_to(3);
        scene.hand(&[&to], &refusal(&to, "x@exemple.test", 9, "5.0.0", BLOCKED)).await;
        assert_eq!(state().await.as_deref(), Some("paused"));
        let id = app.id("SELECT id FROM mail_campaign", []).await;
        let page = format!("/e/centre/gestion/lettres/{id}");
        let manager = app.as_manager().await;
        manager.get(&page).await.ok().says(&["mis en pause tout seul", "refuse l’adresse de notre serveur"]);
        // Once it is mended, they receive it.
        manager.post(&format!("{page}/reprendre"), &[]).await.leads_to(&page);
        app.clock().advance(DAY);
        app.run_jobs().await;
        app.clock().advance(DAY);
        app.run_jobs().await;
        assert_eq!((state().await.as_deref(), recipients(app, "state = 2").await), (Some("finished"), 8));
        app.close().await;
    }
}

on_both_engines! {
    /// A report on two recipients killed the subscriber whose copy was delivered.
    async fn a_report_on_two_recipients_says_only_what_it_says_of_each(engine) {
        let scene = Scene::new(engine, 2).await;
        let app = &scene.app;
        let address = app.text("SELECT address FROM mail_recipient WHERE place = 1", []).await.expect("an address");
        let to = scene.returns_to(1);
        let two = report(&to, "5.1.1", "failed", "550 5.1.1 no such user").replace(
            "\n\n--b--",
            &format!("\n\nFinal-Recipient: rfc822; {address}\nAction: delivered\nStatus: 2.0.0\n\n--b--"),
        );
        assert!(two.contains(&address));
        assert!(scene.hand(&[&to], &two).await[0].starts_with("250"));
        assert_eq!((contacts(app, "enabled").await, recipients(app, "state = 2").await), (2, 2));
        app.close().await;
    }
}

on_both_engines! {
    /// "I have left" was taken for an absence, and read by nobody.
    async fn an_answer_that_says_that_somebody_left_reaches_a_person(engine) {
        let scene = Scene::new(engine, 2).await;
        let app = &scene.app;
        let to = scene.returns_to(1);
        let gone = format!("Auto-Submitted: auto-replied\n{}", answer("a@exemple.test", &to, "Bonjour, je ne travaille plus ici, écrivez à Zoé."));
        assert!(scene.hand(&[&to], &gone).await[0].starts_with("250"));
        let id = app.id("SELECT id FROM mail_campaign", []).await;
        let manager = app.as_manager().await;
        manager.get(&format!("/e/centre/gestion/lettres/{id}/reponses")).await.ok().says(&["je ne travaille plus ici"]);
        assert_eq!(contacts(app, "enabled").await, 2);
        app.close().await;
    }
}
