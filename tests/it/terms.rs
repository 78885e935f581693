//! What letters keep for a while only.

use passerelle_kernel::env::DAY;
use passerelle_mailer::terms;
use passerelle_people::spaces::retention::{self, Unit};
use passerelle_tests::on_both_engines;

use crate::imports::CONTACT_COUNT;
use crate::letters::Scene;

on_both_engines! {
    async fn who_never_confirms_is_forgotten(engine) {
        let scene = Scene::new(engine).await;
        let (app, visitor) = (&scene.app, scene.app.visitor());
        let page = "/e/centre/abonnement";
        let ask = async |email: &str| {
            visitor.post(page, &[("email", email), ("list", scene.list.as_str())]).await.ok();
            app.mail_to(email).await.path("/abonnement/")
        };
        let late = ask("tard@exemple.fr").await;
        let confirmed = ask("dina@exemple.fr").await;
        visitor.post(&confirmed, &[]).await.leads_to(&confirmed);
        // One who receives other lists, and never said that they want this one.
        app.run("DELETE FROM mail_subscription WHERE contact_id = (SELECT id FROM mail_contact WHERE email_key = 'amina@exemple.fr')", []).await;
        ask("amina@exemple.fr").await;
        app.clock().advance(20 * DAY);
        ask("insiste@exemple.fr").await;
        let insisting = ask("revient@exemple.fr").await;
        app.clock().advance(11 * DAY);
        visitor.post(page, &[("email", "revient@exemple.fr"), ("list", scene.list.as_str())]).await.ok();
        assert_eq!(app.count(CONTACT_COUNT, []).await, 7);
        terms::apply(app.app()).await.expect("applied");
        assert_eq!(app.count(CONTACT_COUNT, []).await, 6, "who asked thirty-one days ago");
        assert_eq!(app.facts().await.get("mail.contact.forgotten.v1"), Some(&1));
        let standing = "SELECT u.state FROM mail_subscription u JOIN mail_contact c ON c.id = u.contact_id WHERE c.email_key = $1";
        for (key, state) in [
            ("amina@exemple.fr", "unsubscribed"),
            ("dina@exemple.fr", "subscribed"),
            ("insiste@exemple.fr", "unconfirmed"),
        ] {
            assert_eq!(app.text(standing, [key.into()]).await.as_deref(), Some(state), "{key}");
        }
        visitor.get(&late).await.leads_to(page);
        visitor.get(page).await.ok().says(&["Ce lien ne sert plus"]);
        visitor.post(&late, &[]).await.leads_to(page);
        app.clock().advance(20 * DAY);
        terms::apply(app.app()).await.expect("applied");
        assert_eq!(app.count(CONTACT_COUNT, []).await, 5, "who asked again has thirty days more");
        visitor.post(&insisting, &[]).await.leads_to(&insisting);
        terms::apply(app.app()).await.expect("applied");
        assert_eq!(app.count(CONTACT_COUNT, []).await, 5);
        scene.app.close().await;
    }
}

#[test]
fn the_privacy_notice_tells_the_terms_of_letters() {
    let table = retention::current().expect("the table is readable");
    let told = |class: &str| {
        let line = table.classes.iter().find(|line| line.class == class);
        let line = line.unwrap_or_else(|| panic!("{class}"));
        match line.unit {
            Unit::Day => line.count * DAY,
            // The shortest twelve months.
            Unit::Month | Unit::Year => line.count * 365 * DAY / 12,
        }
    };
    assert_eq!(told("letter-unconfirmed"), terms::UNCONFIRMED);
    assert_eq!(told("letter-import"), terms::UNDOING);
    assert_eq!(told("letter-post"), terms::POSTS);
    assert_eq!(told("letter-answer"), terms::CAME_BACK);
}
