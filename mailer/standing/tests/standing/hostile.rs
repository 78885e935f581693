//! Zones that mean harm, and those that say nothing.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use passerelle_standing::{About, LONGEST, Problem, Verdict, check};
use tokio::time::Instant;

use crate::zone::{Zone, behind_a_relay, good, is, of, own_server};

const AT: &str = "retours.exemple.fr";
const PLACES: [&str; 3] = [AT, "passerelle._domainkey.exemple.fr", "_dmarc.exemple.fr"];

#[tokio::test]
async fn a_record_of_a_megabyte_is_neither_followed_nor_shown_whole() {
    for (start, unit) in [
        ("v=spf1 ", "include:exemple.fr "),
        ("v=spf1 ", "é"),
        ("v=DKIM1; p=", "A"),
        ("v=DMARC1; ", "p=none;"),
        ("\"v=spf1 ", "\""),
        ("", ";"),
        ("", "\u{1b}"),
    ] {
        let record = format!("{start}{}", unit.repeat(1_000_000 / unit.len()));
        let mut zone = good();
        for place in PLACES {
            zone = zone.only(place, &record);
        }
        let found = check(&zone, &own_server()).await;
        assert_ne!(found[0].verdict, Verdict::Good);
        for shown in found.iter().flat_map(|f| &f.found) {
            assert!(shown.chars().count() <= 1_001);
            assert!(!shown.contains('\u{1b}'));
        }
        assert!(zone.asked.load(Ordering::Relaxed) < 40);
    }
}

#[tokio::test]
async fn records_that_include_themselves_end() {
    let zone = good().only(AT, "v=spf1 include:retours.exemple.fr -all");
    let finding = of(&zone, &own_server(), About::Spf).await;
    is(&finding, Verdict::Wrong, Problem::SpfTooManyLookups);
    let zone = good()
        .only(AT, "v=spf1 include:a.fr -all")
        .txt("a.fr", "v=spf1 a:mail.exemple.fr include:b.fr -all")
        .txt("b.fr", "v=spf1 include:a.fr redirect=a.fr");
    let finding = of(&zone, &own_server(), About::Spf).await;
    is(&finding, Verdict::Wrong, Problem::SpfTooManyLookups);
    let zone = good().only(AT, "v=spf1 redirect=retours.exemple.fr");
    let finding = of(&zone, &own_server(), About::Spf).await;
    is(&finding, Verdict::Wrong, Problem::SpfTooManyLookups);
}

#[tokio::test]
async fn two_hundred_includes_are_not_followed() {
    let includes: String = (0..200).map(|n| format!("include:i{n}.fr ")).collect();
    let mut zone = good().only(AT, &format!("v=spf1 {includes}-all"));
    for n in 0..200 {
        // Each leads to two hundred more.
        zone = zone.txt(&format!("i{n}.fr"), &format!("v=spf1 {includes}-all"));
    }
    let finding = of(&zone, &own_server(), About::Spf).await;
    is(&finding, Verdict::Wrong, Problem::SpfTooManyLookups);
    assert!(zone.asked.load(Ordering::Relaxed) < 40);
}

#[tokio::test]
async fn thousands_of_records_are_answers_like_others() {
    let mut zone = good();
    for n in 0..2_000 {
        for place in PLACES {
            zone = zone.txt(place, &format!("v=spf1 ip4:192.0.2.1 -all {n}"));
        }
        zone = zone.mx(AT, 10, "mx.absent.fr").ptr("203.0.113.5", "x.fr");
    }
    let found = check(&zone, &own_server()).await;
    assert!(found.iter().all(|f| f.found.len() <= 10));
    assert!(zone.asked.load(Ordering::Relaxed) < 60);
}

#[tokio::test]
async fn bytes_that_are_not_text_and_quotes_are_shown_and_do_no_harm() {
    for record in [
        "v=spf1 \u{fffd}\u{fffd} -all",
        "v=spf1 \"ip4:203.0.113.5\" -all",
        "v=spf1 include:<script>alert(1)</script> -all",
        "v=spf1 include:'; -all",
        "v=spf1\t-all",
        "v=spf1 ip4:203.0.113.5\r\n -all",
    ] {
        let zone = good().only(AT, record);
        let finding = of(&zone, &own_server(), About::Spf).await;
        assert_eq!(finding.verdict, Verdict::Wrong, "{record:?}: {finding:?}");
        assert_eq!(finding.problem, Some(Problem::SpfSyntax), "{record:?}");
        // Nothing of a stranger's is proposed to be pasted, but what was read as SPF.
        let proposed = finding.write.unwrap_or_default();
        assert!(
            !proposed.contains(['"', '<', '\'', '\n', '\t']),
            "{proposed:?}"
        );
    }
}

#[tokio::test]
async fn two_pasted_records_are_for_a_person() {
    let zone = good()
        .only(AT, "\"v=spf1 -all\"")
        .txt(AT, "«v=spf1 mx -all»");
    let finding = of(&zone, &own_server(), About::Spf).await;
    assert_eq!(is(&finding, Verdict::Wrong, Problem::SpfSyntax), None);
    assert_eq!(finding.found.len(), 2);
}

/// Names that never answer.
struct Silence;

#[async_trait::async_trait]
impl passerelle_standing::Names for Silence {
    async fn txt(&self, _: &str) -> Result<Vec<String>, passerelle_standing::Unanswered> {
        std::future::pending().await
    }

    async fn addresses(
        &self,
        _: &str,
    ) -> Result<Vec<std::net::IpAddr>, passerelle_standing::Unanswered> {
        std::future::pending().await
    }

    async fn mx(&self, _: &str) -> Result<Vec<(u16, String)>, passerelle_standing::Unanswered> {
        std::future::pending().await
    }

    async fn names_of(
        &self,
        _: std::net::IpAddr,
    ) -> Result<Vec<String>, passerelle_standing::Unanswered> {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_dns_that_never_answers_is_told_within_ten_seconds() {
    for asked in [own_server(), behind_a_relay()] {
        let began = Instant::now();
        let found = check(&Silence, &asked).await;
        assert!(began.elapsed() <= LONGEST + Duration::from_millis(50));
        assert!(found.len() >= 4);
        for finding in &found {
            assert_eq!(is(finding, Verdict::Unknown, Problem::NotAnswered), None);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn one_name_that_never_answers_does_not_hide_the_others() {
    let zone = good().silent("passerelle._domainkey.exemple.fr");
    let began = Instant::now();
    let found = check(&zone, &own_server()).await;
    assert!(began.elapsed() <= LONGEST + Duration::from_millis(50));
    for finding in &found {
        let expected = if finding.about == About::Dkim {
            Some(Problem::NotAnswered)
        } else {
            None
        };
        assert_eq!(finding.problem, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn an_include_that_never_answers_is_told() {
    let zone = good()
        .only(AT, "v=spf1 include:x.fr include:y.fr -all")
        .silent("x.fr")
        .txt("y.fr", "v=spf1 -all");
    let finding = of(&zone, &own_server(), About::Spf).await;
    assert_eq!(is(&finding, Verdict::Unknown, Problem::NotAnswered), None);
}

/// The problems that the stories of this folder tell.
#[test]
fn every_problem_has_a_story() {
    let stories = [
        include_str!("spf.rs"),
        include_str!("others.rs"),
        include_str!("hostile.rs"),
    ];
    let untold: BTreeSet<String> = Problem::ALL
        .iter()
        .map(|problem| format!("Problem::{problem:?}"))
        .filter(|problem| !stories.iter().any(|story| story.contains(problem.as_str())))
        .collect();
    assert!(untold.is_empty(), "{untold:?}");
}

/// A zone without anything is no reason to panic.
#[tokio::test]
async fn an_empty_zone_and_empty_names_are_answered() {
    let mut asked = own_server();
    for name in ["", ".", "..", "é", "a b", "xn--"] {
        asked.domain = name.to_owned();
        asked.return_domain = name.to_owned();
        asked.hello = name.to_owned();
        let found = check(&Zone::default(), &asked).await;
        assert!(found.len() >= 5);
        assert!(found.iter().all(|f| f.verdict != Verdict::Good));
    }
}
