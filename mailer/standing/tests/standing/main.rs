//! What a person is told of the DNS of their domain.

#![expect(
    clippy::expect_used,
    reason = "a helper of a test stops at the first surprise, as the test does"
)]

mod hostile;
mod others;
mod spf;
mod zone;

use passerelle_standing::{About, Asked, Verdict, check};
use zone::{behind_a_relay, behind_gandi, good, own_server};

#[tokio::test]
async fn a_server_that_delivers_itself_is_told_that_all_is_well() {
    let found = check(&good(), &own_server()).await;
    assert!(
        found.iter().all(|f| f.verdict == Verdict::Good),
        "{found:?}"
    );
    let about: Vec<About> = found.iter().map(|f| f.about).collect();
    assert_eq!(about, About::ALL);
    assert!(
        found
            .iter()
            .all(|f| f.problem.is_none() && f.write.is_none())
    );
    assert_eq!(found[3].name, "5.113.0.203.in-addr.arpa");
    assert_eq!(found[4].found, ["10 mx.exemple.fr"]);
}

#[tokio::test]
async fn a_server_behind_a_relay_is_told_that_all_is_well() {
    for asked in [behind_a_relay(), behind_gandi()] {
        let found = check(&good(), &asked).await;
        assert!(
            found.iter().all(|f| f.verdict == Verdict::Good),
            "{found:?}"
        );
        let about: Vec<About> = found.iter().map(|f| f.about).collect();
        assert_eq!(
            about,
            [About::Spf, About::Dkim, About::Dmarc, About::ReturnMx]
        );
    }
}

#[tokio::test]
async fn names_are_compared_whatever_their_case_and_final_dot() {
    let asked = Asked {
        domain: "Exemple.FR.".to_owned(),
        return_domain: "Retours.exemple.fr.".to_owned(),
        hello: " MAIL.exemple.fr. ".to_owned(),
        ..own_server()
    };
    let found = check(&good(), &asked).await;
    assert!(
        found.iter().all(|f| f.verdict == Verdict::Good),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_check_can_run_in_a_task_of_its_own() {
    let task = tokio::spawn(async { check(&good(), &own_server()).await });
    assert_eq!(task.await.expect("no panic").len(), 5);
}
