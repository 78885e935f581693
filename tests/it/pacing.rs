//! How many letters may leave in a time, and how the sender's domain stands.

use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use passerelle_kernel::env::{DAY, HOUR, MINUTE};
use passerelle_mailer::NamesSource;
use passerelle_standing::{Names, Unanswered};
use passerelle_tests::{TestApp, on_both_engines};

async fn gone(app: &TestApp) -> i64 {
    app.run_jobs().await;
    app.count("SELECT COUNT(*) FROM mail_recipient WHERE state = 2", [])
        .await
}

on_both_engines! {
    async fn a_window_lets_so_many_leave_and_the_rest_later(engine) {
        let app = TestApp::with(engine, |config| config.mail_window = "3/1h".to_owned()).await;
        app.bulletin(8).await;
        assert_eq!(gone(&app).await, 3);
        app.clock().advance(30 * MINUTE);
        assert_eq!(gone(&app).await, 3, "the window has not passed");
        app.clock().advance(31 * MINUTE);
        assert_eq!(gone(&app).await, 6);
        app.clock().advance(HOUR + MINUTE);
        assert_eq!(gone(&app).await, 8);
        assert_eq!(app.text("SELECT state FROM mail_campaign", []).await.as_deref(), Some("finished"));
        app.close().await;
    }
}

on_both_engines! {
    /// Each of two campaigns that ran read alone what remained: together they exceeded it.
    async fn two_campaigns_share_one_window_and_one_plan(engine) {
        let app = TestApp::with(engine, |config| {
            config.mail_window = "30/1h".to_owned();
            config.mail_warm_up = "2026-01-01".to_owned();
        })
        .await;
        app.bulletin(40).await;
        let space = app.app().directory().space_by_slug(app.db(), "centre").await.expect("a space").expect("a space");
        let list = app.id("SELECT id FROM mail_list", []).await;
        let list = passerelle_mailer::audience::store::list(app.db().read(), list).await.expect("a list").expect("a list");
        for _ in 0..2 {
            passerelle::demo::readers::send_bulletin(app.app(), &space, &list).await.expect("a letter");
        }
        let most = "SELECT CAST(SUM(gone) AS BIGINT) FROM mail_departure WHERE length = 60000000";
        assert_eq!((gone(&app).await, app.count(most, []).await), (30, 30), "the window");
        app.clock().advance(62 * MINUTE);
        assert_eq!(gone(&app).await, 50, "the plan of the first day");
        app.clock().advance(DAY);
        assert_eq!(gone(&app).await, 80);
        for _ in 0..4 {
            app.clock().advance(62 * MINUTE);
            gone(&app).await;
        }
        assert_eq!(gone(&app).await, 100, "fifty on the second day");
        app.close().await;
    }
}

on_both_engines! {
    async fn a_new_address_sends_a_few_a_day_then_more(engine) {
        let app = TestApp::with(engine, |config| config.mail_warm_up = "2026-01-01".to_owned()).await;
        app.bulletin(230).await;
        let mut days = Vec::new();
        for _ in 0..4 {
            days.push(gone(&app).await);
            app.clock().advance(DAY);
        }
        assert_eq!(days, [50, 100, 200, 230], "fifty twice, then a hundred");
        app.close().await;
    }
}

/// A DNS that knows two records of one domain.
struct Zone;

#[async_trait]
impl Names for Zone {
    async fn txt(&self, name: &str) -> Result<Vec<String>, Unanswered> {
        Ok(match name.trim_end_matches('.') {
            "exemple.test" => vec!["v=spf1 +all".to_owned()],
            "_dmarc.exemple.test" => vec!["v=DMARC1; p=quarantine".to_owned()],
            _ => Vec::new(),
        })
    }
    async fn addresses(&self, _: &str) -> Result<Vec<IpAddr>, Unanswered> {
        Ok(Vec::new())
    }
    async fn mx(&self, _: &str) -> Result<Vec<(u16, String)>, Unanswered> {
        Err(Unanswered::Late)
    }
    async fn names_of(&self, _: IpAddr) -> Result<Vec<String>, Unanswered> {
        Ok(Vec::new())
    }
}

on_both_engines! {
    async fn the_domain_of_the_sender_is_checked_and_what_to_write_is_said(engine) {
        let app = TestApp::with(engine, |config| {
            config.mail_from = "centre@exemple.test".to_owned();
            config.mail_dkim_selector = "essai".to_owned();
        })
        .await;
        app.app().provide(NamesSource(Arc::new(Zone)));
        let administrator = app.as_administrator().await;
        let page = administrator.get("/e/centre/gestion/courrier/domaine").await.ok();
        page.says(&[
            "n’importe qui d’envoyer en votre nom",
            "La clé n’est pas publiée",
            "essai._domainkey.exemple.test",
            "v=DKIM1",
            "En ordre",
            "Le DNS n’a pas répondu à temps",
            "13 jours d’envoi",
        ]);
        app.close().await;
    }
}
