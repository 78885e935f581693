//! Every problem of SPF.

use passerelle_standing::{About, Asked, Problem, Verdict};

use crate::zone::{behind_a_relay, behind_gandi, good, ip, is, of, own_server};

const AT: &str = "retours.exemple.fr";

async fn told(record: &str, asked: &Asked) -> passerelle_standing::Finding {
    of(&good().only(AT, record), asked, About::Spf).await
}

#[tokio::test]
async fn a_missing_record_is_proposed_whole() {
    let zone = good().without(AT);
    let missing = (Verdict::Missing, Problem::SpfMissing);
    for (asked, expected) in [
        (own_server(), "v=spf1 ip4:203.0.113.5 ~all"),
        (behind_a_relay(), "v=spf1 a:smtp.relais.fr ~all"),
        (behind_gandi(), "v=spf1 include:_mailcust.gandi.net ~all"),
    ] {
        let finding = of(&zone, &asked, About::Spf).await;
        assert_eq!(is(&finding, missing.0, missing.1), Some(expected));
        assert_eq!((finding.name.as_str(), finding.record), (AT, "TXT"));
    }
    let six = Asked {
        public_ip: Some(ip("2001:db8::5")),
        ..own_server()
    };
    let finding = of(&zone, &six, About::Spf).await;
    assert_eq!(
        finding.write.as_deref(),
        Some("v=spf1 ip6:2001:db8::5 ~all")
    );
}

#[tokio::test]
async fn without_an_address_the_name_said_in_hello_is_taken() {
    let asked = Asked {
        public_ip: None,
        ..own_server()
    };
    let finding = of(&good().without(AT), &asked, About::Spf).await;
    assert_eq!(
        finding.write.as_deref(),
        Some("v=spf1 a:mail.exemple.fr ~all")
    );
    let good = of(&good(), &asked, About::Spf).await;
    assert_eq!(good.verdict, Verdict::Good);
}

#[tokio::test]
async fn two_records_are_for_a_person_to_join() {
    let zone = good().txt(AT, "v=spf1 mx -all");
    let finding = of(&zone, &own_server(), About::Spf).await;
    assert_eq!(is(&finding, Verdict::Wrong, Problem::SpfTwoRecords), None);
    assert_eq!(finding.found.len(), 2);
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_shown() {
    let finding = told("v=spf1 ip4:203.0.113.500 -all", &own_server()).await;
    assert_eq!(is(&finding, Verdict::Wrong, Problem::SpfSyntax), None);
    assert_eq!(finding.found, ["v=spf1 ip4:203.0.113.500 -all"]);
}

#[tokio::test]
async fn a_record_pasted_with_its_quotes_is_proposed_without() {
    let finding = told("\"v=spf1 mx -all\"", &own_server()).await;
    let write = is(&finding, Verdict::Wrong, Problem::SpfSyntax);
    assert_eq!(write, Some("v=spf1 mx ip4:203.0.113.5 -all"));
}

#[tokio::test]
async fn more_than_ten_questions_are_too_many() {
    let asking = |count: usize| {
        let includes: String = (0..count).map(|n| format!("include:i{n}.fr ")).collect();
        let mut zone = good().only(AT, &format!("v=spf1 ip4:203.0.113.5 {includes}-all"));
        for n in 0..count {
            zone = zone.txt(&format!("i{n}.fr"), "v=spf1 ip4:192.0.2.1 -all");
        }
        zone
    };
    let finding = of(&asking(11), &own_server(), About::Spf).await;
    assert_eq!(
        is(&finding, Verdict::Wrong, Problem::SpfTooManyLookups),
        None
    );
    let finding = of(&asking(10), &own_server(), About::Spf).await;
    assert_eq!(finding.verdict, Verdict::Good);
    // One more would be too many: nothing is proposed rather than a record that fails.
    let finding = of(&asking(10), &behind_gandi(), About::Spf).await;
    assert_eq!(
        is(&finding, Verdict::Wrong, Problem::SpfDoesNotNameRelay),
        None
    );
}

#[tokio::test]
async fn more_than_ten_hosts_of_mail_are_too_many() {
    let mut zone = good().only(AT, "v=spf1 mx ip4:203.0.113.5 -all");
    for n in 0..10 {
        zone = zone.mx(AT, 20, &format!("mx{n}.fr"));
    }
    let finding = of(&zone, &own_server(), About::Spf).await;
    is(&finding, Verdict::Wrong, Problem::SpfTooManyLookups);
}

#[tokio::test]
async fn more_than_two_names_without_records_are_too_many() {
    let record = "v=spf1 ip4:203.0.113.5 a:x.vide.fr mx:y.vide.fr exists:z.vide.fr -all";
    let finding = told(record, &own_server()).await;
    assert_eq!(
        is(&finding, Verdict::Wrong, Problem::SpfTooManyVoidLookups),
        None
    );
    let finding = told(
        "v=spf1 a:x.vide.fr mx:y.vide.fr ip4:203.0.113.5 -all",
        &own_server(),
    )
    .await;
    assert_eq!(finding.verdict, Verdict::Good);
}

#[tokio::test]
async fn an_included_record_that_is_missing_or_unreadable_breaks_the_whole() {
    for zone in [
        good(),
        good().txt("x.fr", "v=spf1 oups -all"),
        good().txt("x.fr", "v=spf1 -all").txt("x.fr", "v=spf1 -all"),
    ] {
        for end in ["include:x.fr -all", "redirect=x.fr"] {
            let record = format!("v=spf1 ip4:203.0.113.5 {end}");
            let zone = zone.clone().only(AT, &record);
            let finding = of(&zone, &own_server(), About::Spf).await;
            assert_eq!(
                is(&finding, Verdict::Wrong, Problem::SpfIncludeBroken),
                None
            );
        }
    }
}

#[tokio::test]
async fn a_record_without_our_server_is_proposed_with_it() {
    let lacking = |verdict, asked: Asked, record: &'static str, expected: &'static str| async move {
        let finding = told(record, &asked).await;
        let write = is(&finding, verdict, Problem::SpfDoesNotNameRelay);
        assert_eq!(write, Some(expected));
    };
    lacking(
        Verdict::Wrong,
        own_server(),
        "v=spf1 mx -all",
        "v=spf1 mx ip4:203.0.113.5 -all",
    )
    .await;
    // It may send from addresses that its name does not give.
    lacking(
        Verdict::Weak,
        behind_a_relay(),
        "v=spf1 mx",
        "v=spf1 mx a:smtp.relais.fr ~all",
    )
    .await;
    lacking(
        Verdict::Wrong,
        behind_gandi(),
        "v=spf1 mx redirect=smtp.autre.fr",
        "v=spf1 mx include:_mailcust.gandi.net redirect=smtp.autre.fr",
    )
    .await;
    // Named, but to be refused.
    lacking(
        Verdict::Wrong,
        behind_gandi(),
        "v=spf1 -include:_mailcust.gandi.net -all",
        "v=spf1 -include:_mailcust.gandi.net include:_mailcust.gandi.net -all",
    )
    .await;
}

#[tokio::test]
async fn a_server_is_found_however_the_record_names_it() {
    let zone = good()
        .txt("_spf.exemple.fr", "v=spf1 include:_bloc.exemple.fr -all")
        .txt("_bloc.exemple.fr", "v=spf1 ip4:203.0.112.0/23 -all")
        .host(AT, "203.0.113.5");
    for record in [
        "v=spf1 a -all",
        "v=spf1 a:mail.exemple.fr -all",
        "v=spf1 mx/24 -all",
        "v=spf1 include:_spf.exemple.fr -all",
        "v=spf1 redirect=_spf.exemple.fr",
        "v=spf1 ptr exists:%{i}.x.fr ip4:203.0.113.5 ~all",
        "v=spf1 -ip4:203.0.113.6 +ip4:203.0.113.5 ~all",
    ] {
        let zone = zone.clone().only(AT, record);
        let finding = of(&zone, &own_server(), About::Spf).await;
        assert_eq!(finding.verdict, Verdict::Good, "{record}: {finding:?}");
    }
}

#[tokio::test]
async fn what_depends_on_the_message_is_not_known() {
    for record in [
        "v=spf1 include:%{d}.x.fr -all",
        "v=spf1 -exists:%{i}.x.fr ip4:203.0.113.5 -all",
        "v=spf1 ptr -all",
        "v=spf1 redirect=%{d}.x.fr",
    ] {
        let finding = told(record, &own_server()).await;
        is(&finding, Verdict::Unknown, Problem::SpfDoesNotNameRelay);
    }
}

#[tokio::test]
async fn a_record_that_lets_anyone_in_is_closed() {
    for (record, expected) in [
        ("v=spf1 mx +all", Some("v=spf1 mx ip4:203.0.113.5 ~all")),
        (
            "v=spf1 ip4:203.0.113.5 all",
            Some("v=spf1 ip4:203.0.113.5 ~all"),
        ),
        ("v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all", None),
        ("v=spf1 exists:mail.exemple.fr -all", None),
        ("v=spf1 ip6:::/0 ip4:203.0.113.5 -all", None),
    ] {
        let finding = told(record, &own_server()).await;
        let write = is(&finding, Verdict::Wrong, Problem::SpfAllOpen);
        assert_eq!(write, expected, "{record}");
    }
}

#[tokio::test]
async fn a_record_without_an_end_is_given_one() {
    for record in ["v=spf1 ip4:203.0.113.5", "v=spf1 ip4:203.0.113.5 ?all"] {
        let finding = told(record, &own_server()).await;
        let write = is(&finding, Verdict::Weak, Problem::SpfAllMissing);
        assert_eq!(write, Some("v=spf1 ip4:203.0.113.5 ~all"));
    }
}

#[tokio::test]
async fn an_address_that_strangers_cannot_see_says_nothing() {
    let zone = good().host("poste.interne.fr", "10.0.0.3");
    for relay in ["poste.interne.fr", "postfix", "10.0.0.3", "absent.fr"] {
        let asked = Asked {
            relay: Some(relay.to_owned()),
            ..behind_a_relay()
        };
        let finding = of(&zone, &asked, About::Spf).await;
        assert_eq!(
            is(&finding, Verdict::Unknown, Problem::AddressUnknown),
            None
        );
    }
    let literal = Asked {
        relay: Some("203.0.113.99".to_owned()),
        ..behind_a_relay()
    };
    let finding = of(&zone, &literal, About::Spf).await;
    assert_eq!(finding.verdict, Verdict::Good);
}

#[tokio::test]
async fn a_failing_dns_is_no_verdict() {
    let finding = of(&good().failing(AT), &own_server(), About::Spf).await;
    is(&finding, Verdict::Unknown, Problem::NotAnswered);
    let zone = good().only(AT, "v=spf1 include:x.fr -all").failing("x.fr");
    let finding = of(&zone, &own_server(), About::Spf).await;
    is(&finding, Verdict::Unknown, Problem::NotAnswered);
    // What is answered is enough when it lets us through.
    let zone = good()
        .only(AT, "v=spf1 include:x.fr ip4:203.0.113.5 -all")
        .failing("x.fr");
    let finding = of(&zone, &own_server(), About::Spf).await;
    assert_eq!(finding.verdict, Verdict::Good);
    let zone = good().failing("smtp.relais.fr");
    let finding = of(&zone, &behind_a_relay(), About::Spf).await;
    is(&finding, Verdict::Unknown, Problem::NotAnswered);
}
