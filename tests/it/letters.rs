//! Letters: from a file of contacts to what each of them reads, and to leaving with one click.

use axum::http::StatusCode;
use passerelle_kernel::env::{DAY, HOUR, MINUTE};
use passerelle_kernel::{Engine, Uuid};
use passerelle_tests::browser::Upload;
use passerelle_tests::{Browser, TestApp, on_both_engines};

const LETTERS: &str = "/e/centre/gestion/lettres";
pub(crate) const CONTACTS: &str = "/e/centre/gestion/contacts";
const LISTS: &str = "/e/centre/gestion/listes";

const FILE: &str = "Courriel;Prénom;Nom;Structure;Département;Réseaux\n\
    amina@exemple.fr;Amina;Benali;Association A;31;VRL\n\
    bruno@exemple.fr;Bruno;;Mairie B;81;VRL, FLE\n\
    pas-une-adresse;X;;;;\n\
    chloe@été.fr;Chloé;;;;\n";

/// A space with a list and the contacts of a file on it.
pub(crate) struct Scene {
    pub(crate) app: TestApp,
    pub(crate) manager: Browser,
    pub(crate) list: String,
}

impl Scene {
    pub(crate) async fn new(engine: Engine) -> Self {
        let app = TestApp::new(engine).await;
        let manager = app.as_manager().await;
        let list = [
            ("name", "Flash Info"),
            ("description", "Une fois par mois"),
            ("kind", "public"),
        ];
        manager.post(LISTS, &list).await.leads_to(LISTS);
        let id = app.id("SELECT id FROM mail_list", []).await.to_string();
        let scene = Self {
            app,
            manager,
            list: id,
        };
        scene.import(FILE).await;
        scene
    }

    /// Imports a file and subscribes everybody in it; what the preview said.
    pub(crate) async fn import(&self, text: &str) -> String {
        let (words, form) = self.previewed(text).await;
        self.press(&form).await;
        words
    }

    /// Has a file read; what the preview says, and the form that imports it.
    pub(crate) async fn previewed(&self, text: &str) -> (String, Vec<(String, String)>) {
        let file = Upload {
            field: "file",
            name: "contacts.csv",
            bytes: text.as_bytes(),
        };
        let path = format!("{CONTACTS}/importer");
        let preview = self.manager.upload(&path, &[], file).await.ok();
        let file_id = preview.field("file_id");
        let mut form: Vec<(String, String)> = [
            ("file_id", file_id.as_str()),
            ("file_name", "contacts.csv"),
            ("source", "Salon 2026"),
            ("purpose", "Lettre"),
            ("basis", "professional"),
            ("merge", "fill"),
            ("list", self.list.as_str()),
            ("do", "apply"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        let columns = [
            "email",
            "given_name",
            "family_name",
            "organisation",
            "department",
            "networks",
        ];
        for (at, name) in columns.iter().enumerate() {
            form.push((format!("m{at}"), (*name).to_owned()));
        }
        (preview.words(), form)
    }

    /// Presses the button that imports.
    pub(crate) async fn press(&self, form: &[(String, String)]) {
        let pairs: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let path = format!("{CONTACTS}/importer");
        self.manager
            .post(&format!("{path}/faire"), &pairs)
            .await
            .leads_to(&path);
    }

    /// A draft for the list, with one paragraph; its address.
    async fn draft(&self, subject: &str, text: &str) -> String {
        let page = self
            .manager
            .post(&format!("{LETTERS}/nouvelle"), &[])
            .await
            .leads();
        let form = [
            ("name", "Novembre"),
            ("list", &self.list),
            ("subject", subject),
            ("from_name", "Centre de ressources"),
            ("reply_to", "contact@exemple.fr"),
            ("lang", "fr"),
            ("is_public", "true"),
            ("version", "1"),
            ("b0.kind", "text"),
            ("b0.text", text),
            ("do", "save"),
        ];
        self.manager.post(&page, &form).await.leads_to(&page);
        page
    }

    /// A letter that is approved.
    async fn approved(&self, subject: &str, text: &str) -> String {
        let page = self.draft(subject, text).await;
        let check = format!("{page}/verifier");
        self.manager
            .get(&check)
            .await
            .ok()
            .says(&["personnes recevraient cette lettre"]);
        self.manager
            .post(&format!("{page}/approuver"), &[])
            .await
            .leads_to(&check);
        page
    }

    async fn send(&self, page: &str) {
        self.manager
            .post(&format!("{page}/envoyer"), &[])
            .await
            .leads_to(page);
        self.app.run_jobs().await;
    }

    async fn state(&self) -> String {
        let sql = "SELECT state FROM mail_campaign ORDER BY number DESC LIMIT 1";
        self.app.text(sql, []).await.expect("a campaign")
    }
}

on_both_engines! {
    async fn a_letter_goes_to_each_contact_of_a_file_and_each_may_leave(engine) {
        let scene = Scene::new(engine).await;
        let page = scene.approved("Bonjour {{prenom}}", "{{#if prenom}}Bonjour {{prenom}},{{else}}Bonjour,{{/if}}\n\n[Le guide](https://exemple.fr/guide)").await;
        scene.send(&page).await;
        assert_eq!(scene.state().await, "finished");
        let mails = scene.app.mails();
        let mut to: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
        to.sort_unstable();
        assert_eq!(to, ["amina@exemple.fr", "bruno@exemple.fr", "chloe@xn--t-9fab.fr"]);
        let amina = mails.iter().find(|mail| mail.to.starts_with("amina")).expect("hers");
        assert_eq!(amina.subject, "Bonjour Amina");
        assert!(amina.text.contains("Bonjour Amina,"), "{}", amina.text);
        assert!(amina.text.contains("Le guide (https://exemple.fr/guide)"), "{}", amina.text);

        // A link shows and changes nothing; a button, or a mail program, stops at once.
        let stop = amina.path("/lettres/");
        let stop = if stop.ends_with("/arret") { stop } else { format!("{stop}/arret") };
        let visitor = scene.app.visitor();
        visitor.get(&stop).await.ok().says(&["amina@exemple.fr", "Ne plus recevoir"]);
        let receives = "SELECT COUNT(*) FROM mail_subscription WHERE state = 'subscribed'";
        assert_eq!(scene.app.count(receives, []).await, 3);
        visitor.post(&stop, &[("List-Unsubscribe", "One-Click")]).await.leads_to(&stop);
        visitor.post(&stop, &[("List-Unsubscribe", "One-Click")]).await.leads_to(&stop);
        assert_eq!(scene.app.count(receives, []).await, 2);
        visitor.get(&stop).await.ok().says(&["ne reçoit plus"]);
        let facts = scene.app.facts().await;
        assert_eq!(facts["mail.unsubscribed.v1"], 1);
        assert_eq!(facts["mail.consented.v1"], 3);
        assert_eq!((facts["mail.campaign.approved.v1"], facts["mail.campaign.finished.v1"]), (1, 1));

        // The letter is a page, and in the feed.
        visitor.get("/e/centre/lettres").await.ok().says(&["Bonjour"])
            .never_says(&["{{prenom}}"]);
        visitor.get("/e/centre/lettres/1").await.ok();
        visitor.get("/e/centre/lettres/1/page").await.ok().says(&["Bonjour,"]).never_says(&["Amina", "arret"]);
        let feed = visitor.get("/e/centre/lettres.xml").await.ok().text();
        assert!(feed.contains("<feed") && feed.contains("/e/centre/lettres/1\""), "{feed}");
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn an_auditor_reads_what_has_left_and_nothing_that_is_being_written(engine) {
        let scene = Scene::new(engine).await;
        let auditor = scene.app.as_auditor().await;
        let draft = scene.draft("À venir", "Pas encore.").await;
        auditor.get(LETTERS).await.ok().says(&["Les lettres parties"]).never_says(&["À venir", "Compter"]);
        auditor.get(&draft).await.expect(StatusCode::FORBIDDEN);
        auditor.get(&format!("{draft}/apercu")).await.expect(StatusCode::FORBIDDEN);

        let page = scene.approved("Bonjour", "Un mot.").await;
        scene.send(&page).await;
        auditor.get(LETTERS).await.ok().says(&["Bonjour"]).never_says(&["À venir"]);
        auditor.get(&page).await.ok()
            .says(&["Empreinte des destinataires", "Lire la lettre"])
            .never_says(&["Repartir de cette lettre"]);
        // What left, whatever the list is called since, and nobody's copy.
        let renamed = [("name", "Autre nom"), ("description", "")];
        scene.manager.post(&format!("{LISTS}/{}", scene.list), &renamed).await.leads();
        auditor.get(&format!("{page}/apercu?contact=amina@exemple.fr")).await.ok()
            .says(&["Un mot.", "Flash Info"])
            .never_says(&["Autre nom", "Amina"]);
        auditor.get(&format!("{page}/destinataires")).await.ok().says(&["amina@exemple.fr"]);
        auditor.get(&format!("{page}/destinataires.csv")).await.ok();
        for what in ["pause", "arreter", "supprimer", "envoyer"] {
            auditor.post(&format!("{page}/{what}"), &[]).await.expect(StatusCode::FORBIDDEN);
        }
        auditor.get(&format!("{page}/reponses")).await.expect(StatusCode::FORBIDDEN);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn anybody_subscribes_and_confirms_by_a_button(engine) {
        let scene = Scene::new(engine).await;
        let visitor = scene.app.visitor();
        let page = "/e/centre/abonnement";
        visitor.get(page).await.ok().says(&["Flash Info", "Une fois par mois"]);
        visitor.post(page, &[("email", "dina@exemple.fr")]).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        let form = [("email", "dina@exemple.fr"), ("given_name", "Dina"), ("list", scene.list.as_str())];
        for _ in 0..2 {
            visitor.post(page, &form).await.ok().says(&["dina@exemple.fr"]);
        }
        let mail = scene.app.mail_to("dina@exemple.fr").await;
        assert_eq!(scene.app.mails().len(), 1, "asked twice, one mail");
        // However long somebody insists, no more than a mail each ten minutes.
        scene.app.clock().advance(11 * MINUTE);
        for _ in 0..3 {
            visitor.post(page, &form).await.ok();
        }
        scene.app.run_jobs().await;
        assert_eq!(scene.app.mails().len(), 2);
        let link = mail.path("/abonnement/");
        visitor.get(&link).await.ok().says(&["Confirmer"]);
        let on = "SELECT COUNT(*) FROM mail_subscription u JOIN mail_contact c ON c.id = u.contact_id \
                  WHERE c.email_key = 'dina@exemple.fr' AND c.status = 'enabled' AND u.state = 'subscribed'";
        assert_eq!(scene.app.count(on, []).await, 0);
        visitor.post(&link, &[]).await.leads_to(&link);
        assert_eq!(scene.app.count(on, []).await, 1);
        visitor.get(&link).await.ok().says(&["C’est fait"]);
        // Who is known gets the same answer, and no mail.
        let known = [("email", "amina@exemple.fr"), ("list", scene.list.as_str())];
        visitor.post(page, &known).await.ok().says(&["amina@exemple.fr"]);
        scene.app.run_jobs().await;
        assert_eq!(scene.app.mails().len(), 2);
        // Who wants nothing more may be asked once, not flooded.
        scene.app.run("UPDATE mail_contact SET status = 'blocked' WHERE email_key = 'amina@exemple.fr'", []).await;
        for _ in 0..3 {
            visitor.post(page, &known).await.ok();
        }
        scene.app.run_jobs().await;
        assert_eq!(scene.app.mails().len(), 3);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn a_reader_chooses_without_an_account(engine) {
        let scene = Scene::new(engine).await;
        let page = scene.approved("Lettre", "Bonjour").await;
        scene.send(&page).await;
        let bruno = scene.app.mails().into_iter().find(|mail| mail.to.starts_with("bruno")).expect("his");
        let choices = bruno.path("/lettres/");
        let choices = choices.trim_end_matches("/arret").to_owned();
        let visitor = scene.app.visitor();
        visitor.get(&choices).await.ok().says(&["bruno@exemple.fr", "Flash Info"]);
        let form = [("given_name", "Brunon"), ("lang", "en")];
        visitor.post(&choices, &form).await.leads_to(&choices);
        let standing = "SELECT u.state FROM mail_subscription u JOIN mail_contact c ON c.id = u.contact_id WHERE c.given_name = 'Brunon'";
        assert_eq!(scene.app.text(standing, []).await.as_deref(), Some("unsubscribed"));
        let again = [("list", scene.list.as_str()), ("given_name", "Brunon"), ("lang", "fr")];
        visitor.post(&choices, &again).await.leads_to(&choices);
        assert_eq!(scene.app.text(standing, []).await.as_deref(), Some("subscribed"));
        visitor.post(&choices, &[("stop", "all")]).await.leads_to(&choices);
        let status = "SELECT status FROM mail_contact WHERE given_name = 'Brunon'";
        assert_eq!(scene.app.text(status, []).await.as_deref(), Some("blocked"));
        // Correcting a name is not asking to be written to again.
        visitor.post(&choices, &[("given_name", "Brunon"), ("lang", "fr")]).await.leads_to(&choices);
        assert_eq!(scene.app.text(status, []).await.as_deref(), Some("blocked"));
        let page = visitor.get(&choices).await.ok().text();
        assert!(!page.contains(" checked"), "nothing is ticked for who wants nothing");
        visitor.post(&choices, &again).await.leads_to(&choices);
        assert_eq!(scene.app.text(status, []).await.as_deref(), Some("enabled"));
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn who_leaves_during_a_campaign_receives_no_more_of_it(engine) {
        let scene = Scene::new(engine).await;
        let page = scene.approved("Lettre", "Bonjour").await;
        scene.manager.post(&format!("{page}/envoyer"), &[("at", "2030-01-01T09:00")]).await.leads_to(&format!("{page}/verifier"));
        assert_eq!(scene.state().await, "scheduled");
        scene.app.run_jobs().await;
        assert!(scene.app.mails().is_empty());
        // Recipients are fixed when it starts; one of them leaves before their turn.
        let contact = scene.app.id("SELECT id FROM mail_contact WHERE given_name = 'Amina'", []).await;
        let sql = "INSERT INTO mail_recipient (campaign_id, place, contact_id, address, provider, state, attempts, repeats, due_at) \
                   SELECT id, 1, $1, 'amina@exemple.fr', 0, 0, 0, 0, 0 FROM mail_campaign";
        scene.app.run(sql, [contact.into()]).await;
        scene.app.run("UPDATE mail_campaign SET prepared = 1, is_prepared = 1", []).await;
        scene.manager.post(&format!("{CONTACTS}/{contact}/listes"), &[]).await.leads();
        scene.app.clock().set(scene.app.now() + 2000 * DAY);
        scene.app.run_jobs().await;
        assert!(scene.app.mails().is_empty(), "{:?}", scene.app.mails());
        assert_eq!(scene.state().await, "finished");
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn a_letter_is_held_taken_up_and_stopped(engine) {
        let scene = Scene::new(engine).await;
        let page = scene.approved("Lettre", "Bonjour").await;
        scene.manager.post(&format!("{page}/envoyer"), &[]).await.leads_to(&page);
        scene.manager.post(&format!("{page}/pause"), &[]).await.leads_to(&page);
        scene.app.run_jobs().await;
        assert!(scene.app.mails().is_empty());
        scene.manager.get(&page).await.ok().says(&["En pause"]);
        scene.manager.post(&format!("{page}/pause"), &[]).await.expect(StatusCode::CONFLICT);
        scene.manager.post(&format!("{page}/reprendre"), &[]).await.leads_to(&page);
        scene.app.run_jobs().await;
        assert_eq!(scene.app.mails().len(), 3);
        let second = scene.approved("Deuxième", "Bonjour").await;
        scene.manager.post(&format!("{second}/envoyer"), &[]).await.leads_to(&second);
        scene.manager.post(&format!("{second}/arreter"), &[]).await.leads_to(&second);
        scene.app.run_jobs().await;
        assert_eq!(scene.app.mails().len(), 3, "stopped before it began");
        scene.app.clock().advance(HOUR);
        scene.app.run_jobs().await;
        let root = scene.app.text("SELECT root FROM mail_campaign WHERE state = 'cancelled'", []).await;
        assert_eq!(root.map(|root| root.len()), Some(64));
        assert_eq!(scene.app.facts().await["mail.campaign.finished.v1"], 2);
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn what_was_in_flight_at_a_crash_leaves_again_and_is_counted(engine) {
        let scene = Scene::new(engine).await;
        let page = scene.approved("Lettre", "Bonjour").await;
        scene.manager.post(&format!("{page}/envoyer"), &[]).await.leads_to(&page);
        scene.app.run_jobs().await;
        // As a process leaves it that was killed between a server's answer and our record of it.
        let sql = "UPDATE mail_recipient SET state = 1, at = $1 WHERE place = 1";
        scene.app.run(sql, [scene.app.now().into()]).await;
        scene.app.run("UPDATE mail_campaign SET state = 'paused', finished_at = NULL, root = NULL", []).await;
        scene.manager.post(&format!("{page}/reprendre"), &[]).await.leads_to(&page);
        scene.app.run_jobs().await;
        assert_eq!(scene.state().await, "running", "in doubt for some minutes");
        scene.app.clock().advance(5 * MINUTE);
        scene.app.run_jobs().await;
        assert_eq!(scene.state().await, "finished");
        assert_eq!(scene.app.count("SELECT COUNT(*) FROM mail_recipient WHERE repeats = 1 AND state = 2", []).await, 1);
        scene.manager.get(&page).await.ok().says(&["Peut-être reçues deux fois"]);
    }
}

on_both_engines! {
    async fn what_would_shame_does_not_leave(engine) {
        let scene = Scene::new(engine).await;
        let page = scene.draft("Bonjour {{prenon}}", "Un <script>alert(1)</script>\n\n[ici](javascript:alert(1))").await;
        let check = format!("{page}/verifier");
        scene.manager.get(&check).await.ok().says(&["prenon", "HTML", "javascript:alert(1)"]);
        scene.manager.post(&format!("{page}/approuver"), &[]).await.leads_to(&check);
        assert_eq!(scene.state().await, "draft");
        scene.manager.post(&format!("{page}/envoyer"), &[]).await.expect(StatusCode::CONFLICT);
        // Somebody else saved meanwhile: what was typed comes back.
        let late = [("name", "Tard"), ("version", "1"), ("subject", "Mon texte"), ("do", "save")];
        let back = scene.manager.post(&page, &late).await.expect(StatusCode::CONFLICT);
        assert_eq!(back.field("subject"), "Mon texte");
    }
}

on_both_engines! {
    async fn forged_links_open_nothing(engine) {
        let scene = Scene::new(engine).await;
        let page = scene.approved("Lettre", "Bonjour").await;
        scene.send(&page).await;
        let link = scene.app.mails()[0].path("/lettres/");
        let token = link.trim_end_matches("/arret").rsplit('/').next().expect("a token").to_owned();
        let visitor = scene.app.visitor();
        let mut forged = token.clone().into_bytes();
        forged[60] = if forged[60] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).expect("ascii");
        for wrong in [forged.as_str(), "x", &"A".repeat(64), &token[1..]] {
            for path in [format!("/lettres/{wrong}"), format!("/lettres/{wrong}/arret"), format!("/abonnement/{wrong}")] {
                visitor.get(&path).await.expect(StatusCode::NOT_FOUND);
                visitor.post(&path, &[]).await.expect(StatusCode::NOT_FOUND);
            }
        }
        // A token for one thing opens no other.
        visitor.get(&format!("/abonnement/{token}")).await.expect(StatusCode::NOT_FOUND);
        assert_eq!(scene.app.count("SELECT COUNT(*) FROM mail_subscription WHERE state <> 'subscribed'", []).await, 0);
    }
}

on_both_engines! {
    async fn a_contact_who_is_forgotten_leaves_the_proof_whole(engine) {
        let scene = Scene::new(engine).await;
        let page = scene.approved("Lettre", "Bonjour").await;
        scene.send(&page).await;
        let contact = scene.app.id("SELECT id FROM mail_contact WHERE given_name = 'Amina'", []).await;
        scene.manager.post(&format!("{CONTACTS}/{contact}/oublier"), &[]).await.leads_to(CONTACTS);
        let left = "SELECT COUNT(*) FROM mail_recipient WHERE address LIKE '%amina%'";
        assert_eq!(scene.app.count(left, []).await, 0);
        scene.manager.get(&format!("{page}/destinataires")).await.ok().says(&["Contact oublié", "bruno@exemple.fr"]);
        let known = scene.app.text("SELECT root FROM mail_campaign", []).await;
        let id = scene.app.id("SELECT id FROM mail_campaign", []).await;
        let again = passerelle_mailer::campaigns::recipients_root(scene.app.db(), id).await.expect("a root");
        assert_eq!(known, Some(again));
        // What the page says is in the journal is read there, not in the table.
        let known = known.unwrap();
        scene.manager.get(&page).await.ok().says(&[&known]).never_says(&["Ce n’est pas ce qui a été scellé"]);
        scene.app.run("UPDATE mail_campaign SET root = $1", ["0".repeat(64).into()]).await;
        scene.manager.get(&page).await.ok().says(&[&known, "Ce n’est pas ce qui a été scellé"]);
        scene.app.run("UPDATE mail_campaign SET root = $1", [known.into()]).await;
        scene.app.close().await;
    }
}

on_both_engines! {
    async fn people_of_a_group_are_a_segment(engine) {
        let scene = Scene::new(engine).await;
        let course = scene.app.course("Lire").await;
        let cohort = scene.app.cohort(&course, "2026-11-02", &["Ada", "Bao"]).await;
        scene.import("Courriel;Prénom;Nom;S;D;R\nada@exemple.fr;Ada;;;;\n").await;
        let segments = "/e/centre/gestion/segments/nouveau";
        let id = cohort.id.to_string();
        let form = [("any", "all"), ("c0.field", "in-group"), ("c0.how", "is"), ("c0.value", id.as_str()), ("do", "count")];
        scene.manager.post(segments, &form).await.ok().says(&["Un contact remplit", "Groupe du 2026-11-02"]);
        let not = [("any", "all"), ("c0.field", "in-group"), ("c0.how", "is_not"), ("c0.value", id.as_str()), ("do", "count")];
        scene.manager.post(segments, &not).await.ok().says(&["3 contacts remplissent"]);
        let account = [("any", "all"), ("c0.field", "account"), ("c0.how", "is"), ("do", "count")];
        scene.manager.post(segments, &account).await.ok().says(&["Un contact remplit"]);
        // Another space learns nothing of it.
        let other = scene.app.other_space("voisine").await;
        let max = scene.app.person_in(other, "Max", &[passerelle_web::Role::Manager]).await;
        let max = scene.app.as_person(&max).await;
        max.post("/e/voisine/gestion/segments/nouveau", &form).await.ok().says(&["Aucun contact ne remplit"]);
    }
}

on_both_engines! {
    async fn a_segment_narrows_a_list_and_counts_as_it_is_built(engine) {
        let scene = Scene::new(engine).await;
        let tag = scene.app.id("SELECT id FROM mail_tag WHERE name = 'FLE'", []).await.to_string();
        let segments = "/e/centre/gestion/segments";
        let form = [("name", "FLE du Tarn"), ("any", "all"), ("c0.field", "tag"), ("c0.how", "is"), ("c0.value", tag.as_str()),
            ("c1.field", "department"), ("c1.how", "is"), ("c1.value", "81")];
        let building: Vec<(&str, &str)> = form.into_iter().chain([("do", "count")]).collect();
        scene.manager.post(&format!("{segments}/nouveau"), &building).await.ok().says(&["Un contact remplit"]);
        let saving: Vec<(&str, &str)> = form.into_iter().chain([("do", "save")]).collect();
        let segment = scene.manager.post(&format!("{segments}/nouveau"), &saving).await.leads();
        let id: Uuid = segment.rsplit('/').next().expect("an id").parse().expect("an id");
        scene.manager.get(segments).await.ok().says(&["FLE du Tarn"]);
        let page = scene.draft("Lettre", "Bonjour").await;
        let id = id.to_string();
        let form = [("name", "N"), ("list", scene.list.as_str()), ("segment", id.as_str()), ("subject", "Lettre"), ("from_name", "Centre"),
            ("lang", "fr"), ("version", "2"), ("b0.kind", "text"), ("b0.text", "Bonjour"), ("do", "save")];
        scene.manager.post(&page, &form).await.leads_to(&page);
        let check = format!("{page}/verifier");
        scene.manager.get(&check).await.ok().says(&["Une personne recevrait", "hors du segment"]);
        scene.manager.post(&format!("{page}/approuver"), &[]).await.leads_to(&check);
        scene.send(&page).await;
        let to: Vec<String> = scene.app.mails().into_iter().map(|mail| mail.to).collect();
        assert_eq!(to, ["bruno@exemple.fr"]);
    }
}

on_both_engines! {
    /// A letter could be approved while it was being saved: what was shown, what was sent and to
    /// whom could differ. Each button says which version its page showed.
    async fn only_what_was_shown_is_approved_sent_or_forgotten(engine) {
        let scene = Scene::new(engine).await;
        let page = scene.draft("Première", "Bonjour").await;
        let check = format!("{page}/verifier");
        let shown = scene.manager.get(&check).await.ok().field("version");
        let form = [("name", "N"), ("list", scene.list.as_str()), ("subject", "Deuxième"), ("from_name", "Centre"), ("lang", "fr"),
            ("version", shown.as_str()), ("b0.kind", "text"), ("b0.text", "Au revoir"), ("do", "save")];
        scene.manager.post(&page, &form).await.leads_to(&page);
        for what in ["approuver", "supprimer", "essai"] {
            let stale = [("version", shown.as_str()), ("to", "moi@exemple.fr")];
            scene.manager.post(&format!("{page}/{what}"), &stale).await.expect(StatusCode::CONFLICT);
        }
        assert_eq!(scene.state().await, "draft");
        let now = scene.manager.get(&check).await.ok().field("version");
        scene.manager.post(&format!("{page}/approuver"), &[("version", &now)]).await.leads_to(&check);
        // Opened again, it is another letter, even before anything is changed in it.
        scene.manager.post(&format!("{page}/rouvrir"), &[("version", &now)]).await.leads();
        let again = scene.manager.get(&check).await.ok().field("version");
        scene.manager.post(&format!("{page}/approuver"), &[("version", &again)]).await.leads_to(&check);
        scene.manager.post(&format!("{page}/envoyer"), &[("version", &now)]).await.expect(StatusCode::CONFLICT);
        assert_eq!(scene.state().await, "approved");
        scene.app.close().await;
    }
}

on_both_engines! {
    /// Saved and approved at the same instant: what leaves is what the approved row says.
    async fn a_letter_is_saved_or_approved_never_half_of_each(engine) {
        let scene = Scene::new(engine).await;
        for round in 0..12 {
            let page = scene.draft(&format!("Avant {round}"), "Bonjour").await;
            let id: Uuid = page.rsplit('/').next().expect("an id").parse().expect("an id");
            let subject = format!("Après {round}");
            let form = [("name", "N"), ("list", scene.list.as_str()), ("subject", subject.as_str()), ("from_name", "Centre"), ("lang", "fr"),
                ("version", "2"), ("b0.kind", "text"), ("b0.text", "Au revoir"), ("do", "save")];
            let approve = format!("{page}/approuver");
            tokio::join!(scene.manager.post(&page, &form), scene.manager.post(&approve, &[]));
            let sql = "SELECT COUNT(*) FROM mail_campaign WHERE id = $1 AND composed IS NOT NULL AND \
                       ((subject LIKE 'Avant%' AND composed NOT LIKE '%Avant%') OR (subject LIKE 'Apr%' AND composed LIKE '%Avant%'))";
            assert_eq!(scene.app.count(sql, [id.into()]).await, 0, "round {round}");
        }
        scene.app.close().await;
    }
}

on_both_engines! {
    /// A test copy left inside the request, for minutes when the server was slow, without a trace.
    async fn a_test_copy_leaves_by_a_job_and_its_fate_is_on_the_page(engine) {
        let scene = Scene::new(engine).await;
        let page = scene.draft("Lettre", "Bonjour").await;
        let check = format!("{page}/verifier");
        scene.manager.post(&format!("{page}/essai"), &[("to", "moi@exemple.fr, toi@exemple.fr")]).await.leads_to(&check);
        assert!(scene.app.mails().is_empty(), "not in the request");
        let shown = scene.manager.get(&check).await.ok().says(&["Derniers essais", "m•••@exemple.fr", "Part"]);
        assert!(shown.statements <= 8, "{}", shown.statements);
        scene.app.run_jobs().await;
        let mails = scene.app.mails();
        assert_eq!(mails.len(), 2);
        assert!(mails.iter().all(|mail| mail.subject == "[Essai] Lettre"), "{mails:?}");
        scene.manager.get(&check).await.ok().says(&["Parti", "t•••@exemple.fr"]).never_says(&["moi@exemple.fr"]);
        scene.app.clock().advance(31 * DAY);
        passerelle_mailer::terms::apply(scene.app.app()).await.expect("applied");
        assert_eq!(scene.app.count("SELECT COUNT(*) FROM mail_trial", []).await, 0);
        scene.app.close().await;
    }
}

on_both_engines! {
    /// One network could have confirmations leave to as many addresses as it liked, each with words
    /// of its own in the recipient's name.
    async fn one_place_asks_for_so_many_subscriptions_and_its_words_do_not_leave(engine) {
        let scene = Scene::new(engine).await;
        let visitor = scene.app.visitor();
        let page = "/e/centre/abonnement";
        let mut asked = 0;
        loop {
            let email = format!("victime.{asked}@exemple.fr");
            let form = [("email", email.as_str()), ("given_name", "Gagnez 1000 euros"), ("family_name", "https://piege.test"), ("list", scene.list.as_str())];
            let answer = visitor.post(page, &form).await;
            if answer.status == StatusCode::TOO_MANY_REQUESTS {
                break;
            }
            asked += 1;
            assert!(asked <= 60, "without end");
        }
        assert_eq!(asked, 40, "a training room may subscribe");
        scene.app.run_jobs().await;
        let mails = scene.app.mails();
        assert_eq!(mails.len(), 40);
        assert!(mails.iter().all(|mail| !mail.raw.contains("Gagnez") && !mail.raw.contains("piege")));
        scene.app.clock().advance(HOUR);
        let form = [("email", "plus-tard@exemple.fr"), ("list", scene.list.as_str())];
        visitor.post(page, &form).await.ok();
        scene.app.close().await;
    }
}

on_both_engines! {
    /// A control character pasted in a subject made the whole feed unreadable.
    async fn the_feed_of_letters_is_always_well_formed(engine) {
        let scene = Scene::new(engine).await;
        let page = scene.approved("Lettre", "Bonjour").await;
        scene.send(&page).await;
        let odd = "Bon\u{b}jour \u{1}\u{ffff}& <vous>";
        scene.app.run("UPDATE mail_campaign SET subject = $1, preheader = $1", [odd.into()]).await;
        let feed = scene.app.visitor().get("/e/centre/lettres.xml").await.ok().text();
        assert!(feed.contains("Bon jour &amp; &lt;vous&gt;"), "{feed}");
        assert!(!feed.contains(|c: char| c.is_control() && !c.is_whitespace() || c == '\u{b}' || c == '\u{ffff}'), "{feed:?}");
        scene.app.close().await;
    }
}
