//! The watch: feeds, sorting, alerts at one's rhythm.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use passerelle_kernel::Uuid;
use passerelle_kernel::env::{DAY, HOUR, MINUTE};
use passerelle_mailer::watch::beat;
use passerelle_tests::{Browser, TestApp, on_both_engines};

const WATCH: &str = "/e/centre/gestion/veille";

/// A site that says what the test wants.
#[derive(Clone, Default)]
struct Site {
    said: Arc<Mutex<(String, String)>>,
    asked: Arc<Mutex<Vec<String>>>,
    address: String,
}

impl Site {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let site = Self {
            address,
            ..Self::default()
        };
        let router = Router::new().fallback(answer).with_state(site.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        site
    }

    fn says(&self, kind: &str, text: impl Into<String>) {
        *self.said.lock().expect("a lock") = (kind.to_owned(), text.into());
    }
}

async fn answer(State(site): State<Site>, headers: HeaderMap, uri: axum::http::Uri) -> Response {
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|tag| tag.to_str().ok());
    site.asked
        .lock()
        .expect("a lock")
        .push(format!("{uri} {}", known.unwrap_or("-")));
    let (kind, text) = site.said.lock().expect("a lock").clone();
    if uri.path() == "/ailleurs" {
        return (StatusCode::FOUND, [(header::LOCATION, "/flux.xml")]).into_response();
    }
    if uri.path() == "/sans-fin" {
        return (StatusCode::FOUND, [(header::LOCATION, "/sans-fin")]).into_response();
    }
    let tag = format!("\"{}\"", text.len());
    if known == Some(tag.as_str()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    ([(header::CONTENT_TYPE, kind), (header::ETAG, tag)], text).into_response()
}

fn feed(items: &[(&str, &str)]) -> String {
    let items: String = items
        .iter()
        .map(|(id, title)| {
            format!("<item><guid>{id}</guid><title>{title}</title><link>https://exemple.fr/{id}?utm_source=x</link>\
                     <description>&lt;p&gt;Pour &lt;b&gt;tous&lt;/b&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;</description></item>")
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Actualités</title><link>https://exemple.fr</link>{items}</channel></rss>"
    )
}

async fn follow(manager: &Browser, address: &str, themes: &str) -> passerelle_tests::Answer {
    let form = [("address", address), ("themes", themes)];
    manager.post(&format!("{WATCH}/sources"), &form).await
}

async fn item(app: &TestApp, title: &str) -> Uuid {
    app.id("SELECT id FROM mail_item WHERE title = $1", [title.into()])
        .await
}

on_both_engines! {
    async fn a_feed_is_followed_read_again_politely_and_sorted(engine) {
        let site = Site::start().await;
        let app = TestApp::with(engine, |config| config.private_addresses = true).await;
        let manager = app.as_manager().await;
        // The address of a page: the feeds that it names are offered.
        site.says("text/html", "<html><head><link rel=alternate type=application/rss+xml title=Actus href=/flux.xml></head></html>");
        let page = follow(&manager, &site.address, "laïcité").await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        page.says(&["annonce un flux", "Actus", "/flux.xml"]);
        site.says("application/rss+xml", feed(&[("1", "Un guide"), ("2", "Une &lt;b&gt;journée")]));
        let address = format!("{}/ailleurs", site.address);
        follow(&manager, &address, "laïcité, FLE").await.leads_to(&format!("{WATCH}/sources"));
        follow(&manager, &address, "").await.expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["suivez déjà"]);
        manager.get(&format!("{WATCH}/sources")).await.ok().says(&["Actualités", "FLE, laïcité", "Lue"]);
        let page = manager.get(WATCH).await.ok().says(&["Un guide", "Une journée", "Pour tous", "Thèmes"]).never_says(&["alert(1)"]);
        assert!(page.text().contains("href=\"https://exemple.fr/1\""), "without what follows people");
        // An hour later, once, and only what has changed.
        site.asked.lock().expect("a lock").clear();
        beat(app.app()).await.expect("a beat");
        assert_eq!(app.run_jobs().await, 0, "not yet");
        for _ in 0..2 {
            app.clock().advance(HOUR);
            for _ in 0..3 {
                beat(app.app()).await.expect("a beat");
            }
            app.run_jobs().await;
        }
        let asked = site.asked.lock().expect("a lock").clone();
        assert_eq!(asked.len(), 4, "two hops, two times: {asked:?}");
        assert!(asked[3].contains('"'), "it is told what we have: {asked:?}");
        site.says("application/rss+xml", feed(&[("1", "Un guide"), ("3", "Du nouveau")]));
        app.clock().advance(HOUR);
        beat(app.app()).await.expect("a beat");
        app.run_jobs().await;
        assert_eq!(app.count("SELECT COUNT(*) FROM mail_item", []).await, 3);
        // What cannot be read is said beside it, and asked for less often.
        site.says("text/plain", "rien");
        let feed_id = app.id("SELECT id FROM mail_feed", []).await;
        manager.post(&format!("{WATCH}/sources/{feed_id}/lire"), &[]).await.leads_to(&format!("{WATCH}/sources"));
        manager.get(&format!("{WATCH}/sources")).await.ok().says(&["pas un flux RSS ou Atom"]);
        // Sorted: kept with a theme, dropped, put back.
        let (one, two) = (item(&app, "Un guide").await, item(&app, "Une journée").await);
        manager.post(&format!("{WATCH}/{two}"), &[("do", "drop"), ("quick", "yes")]).await.leads_to(&format!("{WATCH}?etat=a-trier"));
        manager.get(&format!("{WATCH}?etat=ecartees")).await.ok().says(&["Une journée"]);
        let bare = [("do", "keep"), ("title", "Un guide"), ("link", "javascript:alert(1)"), ("themes", "")];
        manager.post(&format!("{WATCH}/{one}"), &bare).await.expect(StatusCode::UNPROCESSABLE_ENTITY)
            .says(&["au moins un thème", "commencer par https"]);
        let kept = [("do", "keep"), ("title", "Un guide utile"), ("link", "https://exemple.fr/1"), ("summary", "Court."), ("themes", "Laïcité")];
        manager.post(&format!("{WATCH}/{one}"), &kept).await.leads_to(&format!("{WATCH}?etat=a-trier"));
        manager.get(&format!("{WATCH}?etat=retenues")).await.ok().says(&["Un guide utile"]);
        manager.post(&format!("{WATCH}/sources/{feed_id}/arreter"), &[]).await.leads_to(&format!("{WATCH}/sources"));
        assert_eq!(app.count("SELECT COUNT(*) FROM mail_item", []).await, 1, "what was kept stays");
        app.close().await;
    }
}

on_both_engines! {
    async fn hostile_sites_are_refused_with_a_reason(engine) {
        let site = Site::start().await;
        let app = TestApp::with(engine, |config| config.private_addresses = true).await;
        let manager = app.as_manager().await;
        let bomb = "<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><rss version=\"2.0\"><channel><title>&b;</title></channel></rss>";
        for (kind, text, said) in [
            ("application/xml", bomb.to_owned(), "déclarations dangereuses"),
            ("application/xml", "x".repeat(5 * 1024 * 1024), "trop volumineux"),
            ("application/xml", "<rss><channel><item>".to_owned(), "pas un flux"),
            ("application/xml", "\u{1f}\u{8b}zip".to_owned(), "pas un flux"),
            ("text/html", "<html><body>Bonjour</body></html>".to_owned(), "n’annonce aucun flux"),
        ] {
            site.says(kind, text);
            follow(&manager, &format!("{}/flux", site.address), "").await
                .expect(StatusCode::UNPROCESSABLE_ENTITY).says(&[said]);
        }
        follow(&manager, &format!("{}/sans-fin", site.address), "").await
            .expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["sans fin"]);
        for address in ["", "javascript:alert(1)", "http://127.0.0.1:1/"] {
            follow(&manager, address, "").await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(app.count("SELECT COUNT(*) FROM mail_feed", []).await, 0);
        app.close().await;
        // Elsewhere than in a test, neither private addresses nor unencrypted ones are asked.
        let app = TestApp::new(engine).await;
        let manager = app.as_manager().await;
        follow(&manager, &format!("{}/flux", site.address), "").await
            .expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["pas sécurisée"]);
        follow(&manager, "https://127.0.0.1/", "").await
            .expect(StatusCode::UNPROCESSABLE_ENTITY).says(&["réseau privé"]);
        app.close().await;
    }
}

async fn keep_by_hand(manager: &Browser, title: &str, themes: &str, departments: &str) {
    let form = [
        ("title", title),
        ("themes", themes),
        ("departments", departments),
        ("source", "Centre"),
    ];
    manager
        .post(&format!("{WATCH}/nouvelle"), &form)
        .await
        .leads_to(&format!("{WATCH}?etat=retenues"));
}

async fn round(app: &TestApp) -> Vec<(String, String)> {
    let before = app.mails().len();
    beat(app.app()).await.expect("a beat");
    app.run_jobs().await;
    let mut told: Vec<_> = app
        .mails()
        .split_off(before)
        .into_iter()
        .map(|mail| (mail.to, mail.subject))
        .collect();
    told.sort();
    told
}

on_both_engines! {
    async fn each_is_told_of_what_is_new_in_their_themes_at_their_rhythm(engine) {
        let app = TestApp::new(engine).await;
        let manager = app.as_manager().await;
        for (name, themes) in [("amina", "laïcité"), ("bruno", "laïcité, FLE"), ("dina", "numérique")] {
            let email = format!("{name}@exemple.fr");
            let form = [("email", email.as_str()), ("given_name", name), ("lang", "fr"), ("basis", "consent"), ("source", "salon"), ("purpose", "lettres"), ("themes", themes)];
            manager.post("/e/centre/gestion/contacts/nouveau", &form).await.leads();
        }
        let links = passerelle_mailer::links::Links::of(app.app());
        let visitor = app.visitor();
        let mut pages = Vec::new();
        for (name, rhythm, departments) in [("amina", "once", ""), ("bruno", "weekly", "31"), ("dina", "weekly", "")] {
            let contact = app.id("SELECT id FROM mail_contact WHERE given_name = $1", [name.into()]).await;
            let page = format!("/lettres/{}", links.token(contact, Uuid::nil()));
            visitor.get(&page).await.ok().says(&["Alertes", "Chaque semaine", "laïcité"]);
            let theme = if name == "dina" { "numérique" } else { "laïcité" };
            let form = [("rhythm", rhythm), ("theme", theme), ("departments", departments), ("given_name", name), ("lang", "fr")];
            visitor.post(&page, &form).await.leads_to(&page);
            pages.push(page);
        }
        assert_eq!(app.facts().await.get("mail.consented.v1"), Some(&3));
        // A reader chooses among the themes of the space, and makes none.
        let made = [("rhythm", "weekly"), ("theme", "numérique"), ("theme", "piège"), ("given_name", "dina"), ("lang", "fr")];
        visitor.post(&pages[2], &made).await.leads_to(&pages[2]);
        assert_eq!(app.count("SELECT COUNT(*) FROM mail_tag WHERE name = 'piège'", []).await, 0);
        assert_eq!(round(&app).await, []);
        app.clock().advance(MINUTE);
        keep_by_hand(&manager, "Un guide", "laïcité", "").await;
        keep_by_hand(&manager, "Dans le Tarn", "Laïcité", "81").await;
        assert_eq!(round(&app).await, [], "what else is kept is waited for");
        app.clock().advance(11 * MINUTE);
        let told = round(&app).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].0 == "amina@exemple.fr" && told[0].1.contains("2 nouvelles"), "{told:?}");
        assert_eq!(round(&app).await, [], "once");
        // On Monday, one item for who is of another department, nothing for other themes.
        app.clock().advance(8 * DAY);
        let told = round(&app).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].0 == "bruno@exemple.fr" && told[0].1.contains("Une nouvelle"), "{told:?}");
        app.clock().advance(7 * DAY);
        assert_eq!(round(&app).await, [], "nothing is new");
        // Out of an alert at once, by the button of the mail program, and only out of it.
        let mail = app.mails().into_iter().find(|mail| mail.to.starts_with("bruno")).expect("an alert");
        assert!(mail.raw.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
        let stop = mail.path("/lettres/").lines().next().expect("a link").to_owned();
        let stop = if stop.ends_with("/arret") { stop } else { format!("{stop}/arret") };
        visitor.get(&stop).await.ok().says(&["les alertes"]);
        visitor.post(&stop, &[("List-Unsubscribe", "One-Click")]).await.leads();
        assert_eq!(app.text("SELECT rhythm FROM mail_alert WHERE departments = '' AND rhythm = 'never'", []).await.as_deref(), Some("never"));
        assert_eq!(app.count("SELECT COUNT(*) FROM mail_contact WHERE status = 'enabled'", []).await, 3);
        assert_eq!(app.facts().await.get("mail.unsubscribed.v1"), Some(&1));
        // What belongs to a space that is gone is not looked at without end.
        app.run("UPDATE mail_alert SET space_id = contact_id, next_at = 0", []).await;
        assert_eq!(round(&app).await, []);
        assert_eq!(app.count("SELECT COUNT(*) FROM mail_alert", []).await, 0);
        app.close().await;
    }
}

/// The first offer of that kind on a page.
fn chosen(page: &str, kind: &str) -> String {
    let from = page.find(&format!("value=\"{kind}")).expect("an offer") + "value=\"".len();
    page[from..].split('"').next().expect("its end").to_owned()
}

on_both_engines! {
    async fn what_is_kept_or_taught_becomes_a_block_of_a_letter(engine) {
        let app = TestApp::new(engine).await;
        let manager = app.as_manager().await;
        app.course("Lire et écrire").await;
        keep_by_hand(&manager, "Un [guide](https://piege.test)", "laïcité", "").await;
        let lead = manager.post("/e/centre/gestion/lettres/nouvelle", &[]).await.leads();
        let composing = manager.get(&lead).await.ok();
        assert!(composing.statements <= 8, "{}", composing.statements);
        let offers = format!("{lead}/contenus");
        let version = composing.field("version");
        let form = [("version", version.as_str()), ("name", "Essai"), ("lang", "fr"), ("do", "offers")];
        manager.post(&lead, &form).await.leads_to(&offers);
        let page = manager.get(&offers).await.ok().says(&["Veille", "Un [guide]", "Formation"]);
        assert!(page.statements <= 8, "{}", page.statements);
        let version = page.field("version");
        let text = page.text();
        let course = chosen(&text, "course:");
        let item = chosen(&text, "item:");

        // Nothing ticked, then a letter that somebody else has changed meanwhile.
        manager.post(&offers, &[("version", &version)]).await.expect(StatusCode::UNPROCESSABLE_ENTITY)
            .says(&["Cochez au moins un contenu"]);
        manager.post(&offers, &[("version", "1"), ("offer", &item)]).await.expect(StatusCode::CONFLICT);
        manager.post(&offers, &[("version", &version), ("offer", &item), ("offer", &course)]).await
            .leads_to(&format!("{lead}#bloc-0"));
        let letter = manager.get(&lead).await.ok().says(&["1. Formation", "2. Veille"]);
        assert_eq!(letter.field("b0.title"), "Lire et écrire");
        assert_eq!(letter.field("b1.title"), "Un [guide](https://piege.test)");
        assert_eq!(letter.field("b1.when"), "Centre");

        let gone = [("version", letter.field("version")), ("offer", format!("item:{}", Uuid::nil()))];
        let gone = gone.each_ref().map(|(name, value)| (*name, value.as_str()));
        manager.post(&offers, &gone).await.leads_to(&lead);
        let same = manager.get(&lead).await.ok().says(&["n’est plus proposé"]).never_says(&["3. "]);
        assert_eq!(same.field("version"), letter.field("version"), "nothing was written");
        app.close().await;
    }
}

/// One entry of a feed, on a site of ours.
fn entry(title: &str, link: &str, id: &str, at: &str) -> String {
    let id = if id.is_empty() {
        String::new()
    } else {
        format!("<guid isPermaLink=\"false\">{id}</guid>")
    };
    format!(
        "<item><title>{title}</title><link>https://actus.exemple.fr/{link}</link>{id}<pubDate>{at}</pubDate></item>"
    )
}

fn of(entries: &[String]) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>Actualités</title>{}</channel></rss>",
        entries.concat()
    )
}

on_both_engines! {
    /// Of nine articles six were kept: three bore `N/A`, two led to one page. A title that was
    /// corrected stayed wrong, and what was left out was said nowhere.
    async fn entries_are_told_apart_and_corrected_whatever_a_feed_calls_them(engine) {
        let site = Site::start().await;
        let app = TestApp::with(engine, |config| config.private_addresses = true).await;
        let manager = app.as_manager().await;
        let day = "Mon, 02 Nov 2026 09:00:00 +0100";
        let first = [
            entry("Un", "na/1", "N/A", day), entry("Deux", "na/2", "N/A", day), entry("Trois", "na/3", "modele", day),
            entry("Quatre", "na/4", "modele", day), entry("Titre d’origine", "slug-origine", "stable-42", day),
            entry("Sans identifiant", "sans", "", day), entry("Sondage 1", "sondages", "", day), entry("Sondage 2", "sondages", "", day),
            entry("Suivi", "suivi?utm_source=rss&amp;s=1", "", day), entry("Ancien", "ancien", "a-1", "Mon, 05 Jan 2015 09:00:00 +0100"),
            "<item><link>https://actus.exemple.fr/vide</link></item>".to_owned(),
        ];
        site.says("application/rss+xml", of(&first));
        follow(&manager, &format!("{}/flux.xml", site.address), "").await.leads_to(&format!("{WATCH}/sources"));
        let count = async || app.count("SELECT COUNT(*) FROM mail_item", []).await;
        assert_eq!(count().await, 9);
        manager.get(&format!("{WATCH}/sources")).await.ok().says(&["un article laissé de côté", "un article de plus de 60 jours"]);
        // What a person has written of one is theirs.
        let kept = app.id("SELECT id FROM mail_item WHERE title = 'Sans identifiant'", []).await;
        let form = [("do", "keep"), ("title", "Nos mots"), ("link", "https://actus.exemple.fr/sans"), ("summary", "Court."), ("themes", "FLE")];
        manager.post(&format!("{WATCH}/{kept}"), &form).await.leads();
        // Another day: some are gone, some corrected, some at another address; one is new.
        let later = "Wed, 04 Nov 2026 09:00:00 +0100";
        let second = [
            entry("Deux", "na/2", "N/A", day), entry("Quatre", "na/4", "modele", day), entry("Cinq", "na/5", "modele", later),
            entry("Titre corrigé", "slug-corrige", "stable-42", day), entry("Sans identifiant, corrigé", "sans", "", day),
            entry("Sondage 2", "sondages", "", day), entry("Suivi", "suivi?utm_source=mail&amp;s=1", "", day).replace("https:", "http:"),
        ];
        site.says("application/rss+xml", of(&second));
        app.clock().advance(HOUR);
        beat(app.app()).await.expect("a beat");
        app.run_jobs().await;
        assert_eq!(count().await, 10, "one new");
        let titled = async |title: &str| app.count("SELECT COUNT(*) FROM mail_item WHERE title = $1", [title.into()]).await;
        for (title, n) in [("Titre corrigé", 1), ("Titre d’origine", 0), ("Cinq", 1), ("Nos mots", 1), ("Sans identifiant, corrigé", 0), ("Sondage 1", 1), ("Suivi", 1)] {
            assert_eq!(titled(title).await, n, "{title}");
        }
        assert_eq!(app.text("SELECT link FROM mail_item WHERE title = 'Titre corrigé'", []).await.as_deref(), Some("https://actus.exemple.fr/slug-corrige"));
        app.close().await;
    }
}

on_both_engines! {
    /// Beyond the thirtieth, as many were passed over as had been sorted meanwhile.
    async fn items_beyond_the_first_page_are_all_seen_while_one_sorts(engine) {
        let site = Site::start().await;
        let app = TestApp::with(engine, |config| config.private_addresses = true).await;
        let manager = app.as_manager().await;
        let many: Vec<String> = (0..45).map(|n| entry(&format!("Article {n:02}"), &n.to_string(), &format!("g-{n}"), "Mon, 02 Nov 2026 09:00:00 +0100")).collect();
        site.says("application/rss+xml", of(&many));
        follow(&manager, &format!("{}/flux.xml", site.address), "").await.leads_to(&format!("{WATCH}/sources"));
        let page = manager.get(WATCH).await.ok().says(&["Article 00", "Article 29"]).never_says(&["Article 30"]);
        let text = page.text().replace("&#x3D;", "=");
        let next = text.split("apres=").nth(1).and_then(|rest| rest.split('"').next()).expect("the next page").to_owned();
        for n in 0..10 {
            let id = item(&app, &format!("Article {n:02}")).await;
            manager.post(&format!("{WATCH}/{id}"), &[("do", "drop"), ("quick", "yes")]).await.leads();
        }
        let beyond = manager.get(&format!("{WATCH}?etat=a-trier&apres={next}")).await.ok();
        beyond.says(&["Article 30", "Article 44"]).never_says(&["Article 29"]);
        // Sorted there, one stays there.
        let id = item(&app, "Article 30").await;
        let here = format!("{WATCH}?etat=a-trier&apres={next}");
        manager.post(&format!("{WATCH}/{id}?apres={next}"), &[("do", "drop"), ("quick", "yes")]).await.leads_to(&here);
        app.close().await;
    }
}
