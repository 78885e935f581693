//! Every problem of DKIM, DMARC, the reverse name and bounces.

use passerelle_standing::{About, Asked, Problem, Signing, Verdict, check};

use crate::zone::{Zone, behind_a_relay, good, ip, is, key, of, own_server};

const KEY: &str = "passerelle._domainkey.exemple.fr";
const DMARC: &str = "_dmarc.exemple.fr";

async fn dkim(record: &str) -> passerelle_standing::Finding {
    of(&good().only(KEY, record), &own_server(), About::Dkim).await
}

async fn dmarc(record: &str) -> passerelle_standing::Finding {
    of(&good().only(DMARC, record), &own_server(), About::Dmarc).await
}

fn ours() -> String {
    format!("v=DKIM1; k=rsa; p={}", key(2_048))
}

#[tokio::test]
async fn a_missing_key_is_proposed() {
    let finding = of(&good().without(KEY), &own_server(), About::Dkim).await;
    let write = is(&finding, Verdict::Missing, Problem::DkimMissing);
    assert_eq!(write, Some(ours().as_str()));
    assert_eq!(finding.name, KEY);
}

#[tokio::test]
async fn messages_that_nobody_signs_are_told_unless_a_relay_may() {
    let asked = Asked {
        dkim: None,
        ..own_server()
    };
    let finding = of(&good(), &asked, About::Dkim).await;
    assert_eq!(is(&finding, Verdict::Missing, Problem::DkimMissing), None);
    let asked = Asked {
        dkim: None,
        ..behind_a_relay()
    };
    let found = check(&good(), &asked).await;
    assert!(found.iter().all(|f| f.about != About::Dkim));
}

#[tokio::test]
async fn a_key_is_read_however_it_is_laid_out() {
    let whole = key(2_048);
    let (start, end) = whole.split_at(100);
    for record in [
        format!("p={start}{end}"),
        format!("v=DKIM1;k=rsa;h=sha1:sha256;s=email;t=s;p={start} {end}"),
        format!("v=DKIM1; n=note; p={}", key(2_048).trim_end_matches('=')),
    ] {
        let finding = dkim(&record).await;
        assert_eq!(finding.verdict, Verdict::Good, "{finding:?}");
    }
}

#[tokio::test]
async fn a_wrong_key_is_proposed_anew() {
    let key = key(2_048);
    let other = crate::zone::key(4_096);
    for (record, verdict, problem) in [
        (
            format!("v=DKIM1; p={other}"),
            Verdict::Wrong,
            Problem::DkimOtherKey,
        ),
        (
            "v=DKIM1; p=".to_owned(),
            Verdict::Wrong,
            Problem::DkimRevoked,
        ),
        (
            format!("v=DKIM1; t=y:s; p={key}"),
            Verdict::Weak,
            Problem::DkimTesting,
        ),
        (
            format!("v=DKIM2; p={key}"),
            Verdict::Wrong,
            Problem::DkimSyntax,
        ),
        (
            format!("k=rsa; v=DKIM1; p={key}"),
            Verdict::Wrong,
            Problem::DkimSyntax,
        ),
        (
            format!("v=DKIM1; k=ed25519; p={key}"),
            Verdict::Wrong,
            Problem::DkimSyntax,
        ),
        (
            format!("v=DKIM1; h=sha1; p={key}"),
            Verdict::Wrong,
            Problem::DkimSyntax,
        ),
        (
            format!("v=DKIM1; s=tlsrpt; p={key}"),
            Verdict::Wrong,
            Problem::DkimSyntax,
        ),
        (
            "v=DKIM1; k=rsa".to_owned(),
            Verdict::Wrong,
            Problem::DkimSyntax,
        ),
        ("bonjour".to_owned(), Verdict::Wrong, Problem::DkimSyntax),
    ] {
        let finding = dkim(&record).await;
        assert_eq!(
            is(&finding, verdict, problem),
            Some(ours().as_str()),
            "{record}"
        );
    }
    let zone = good().txt(KEY, &format!("v=DKIM1; p={other}"));
    let finding = of(&zone, &own_server(), About::Dkim).await;
    let write = is(&finding, Verdict::Wrong, Problem::DkimTwoRecords);
    assert_eq!(write, Some(ours().as_str()));
}

#[tokio::test]
async fn a_short_key_asks_for_another_one() {
    for (bits, verdict) in [(512, Verdict::Wrong), (1_024, Verdict::Weak)] {
        let mut asked = own_server();
        let signing = asked.dkim.as_mut().expect("it signs");
        signing.key = key(bits);
        let zone = good().only(KEY, &format!("v=DKIM1; p={}", key(bits)));
        let finding = of(&zone, &asked, About::Dkim).await;
        assert_eq!(is(&finding, verdict, Problem::DkimShortKey), None);
    }
}

#[tokio::test]
async fn an_ed25519_key_is_one_too() {
    let key = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    let mut asked = own_server();
    asked.dkim.as_mut().expect("it signs").key = key.to_owned();
    let record = format!("v=DKIM1; k=ed25519; p={key}");
    let finding = of(&good().only(KEY, &record), &asked, About::Dkim).await;
    assert_eq!(finding.verdict, Verdict::Good);
    let finding = of(&good().without(KEY), &asked, About::Dkim).await;
    assert_eq!(finding.write, Some(record));
}

#[tokio::test]
async fn a_missing_policy_is_proposed() {
    let finding = of(&good().without(DMARC), &own_server(), About::Dmarc).await;
    let write = is(&finding, Verdict::Missing, Problem::DmarcMissing);
    let usual = "v=DMARC1; p=none; rua=mailto:postmaster@exemple.fr";
    assert_eq!(write, Some(usual));
    assert_eq!(finding.name, DMARC);
    let under = good().without(DMARC);
    let under = under.txt("_dmarc.fr", "v=DMARC1; p=reject; psd=y");
    let finding = of(&under, &own_server(), About::Dmarc).await;
    is(&finding, Verdict::Missing, Problem::DmarcMissing);
}

#[tokio::test]
async fn a_policy_that_cannot_be_read_is_proposed_anew() {
    let usual = "v=DMARC1; p=none; rua=mailto:postmaster@exemple.fr";
    for record in [
        "v=DMARC1; p=rejeter",
        "v=dmarc1; p=none",
        "\"v=DMARC1; p=none\"",
    ] {
        let finding = dmarc(record).await;
        assert_eq!(
            is(&finding, Verdict::Wrong, Problem::DmarcSyntax),
            Some(usual)
        );
    }
    let zone = good().txt(DMARC, "v=DMARC1; p=none");
    let finding = of(&zone, &own_server(), About::Dmarc).await;
    assert_eq!(is(&finding, Verdict::Wrong, Problem::DmarcTwoRecords), None);
}

#[tokio::test]
async fn a_policy_that_asks_for_nothing_is_a_beginning() {
    let finding = dmarc("v=DMARC1; p=none; rua=mailto:a@exemple.fr").await;
    assert_eq!(is(&finding, Verdict::Weak, Problem::DmarcNone), None);
}

#[tokio::test]
async fn a_policy_of_the_organisation_is_the_one_for_its_domains() {
    let asked = Asked {
        domain: "lettres.exemple.fr".to_owned(),
        ..own_server()
    };
    let zone = good().only(DMARC, "v=DMARC1; p=reject; sp=none");
    let finding = of(&zone, &asked, About::Dmarc).await;
    is(&finding, Verdict::Weak, Problem::DmarcNone);
    assert_eq!(finding.name, DMARC);
    let finding = of(&good(), &asked, About::Dmarc).await;
    assert_eq!(finding.verdict, Verdict::Good);
    let own = zone.txt("_dmarc.lettres.exemple.fr", "v=DMARC1; p=reject");
    let finding = of(&own, &asked, About::Dmarc).await;
    assert_eq!(finding.verdict, Verdict::Good);
    assert_eq!(finding.name, "_dmarc.lettres.exemple.fr");
}

/// What is said of alignment, if anything.
async fn aligned(zone: &Zone, returns: &str, signs: Option<&str>, relay: bool) -> Option<Verdict> {
    let asked = Asked {
        return_domain: returns.to_owned(),
        dkim: signs.map(|domain| Signing {
            domain: domain.to_owned(),
            selector: "s".to_owned(),
            key: key(2_048),
        }),
        relay: relay.then(|| "smtp.relais.fr".to_owned()),
        ..own_server()
    };
    let found = check(zone, &asked).await;
    let finding = found
        .iter()
        .find(|f| f.problem == Some(Problem::DmarcNotAligned));
    finding.map(|f| f.verdict)
}

#[tokio::test]
async fn one_of_both_domains_must_be_the_senders() {
    let (zone, wrong) = (good(), Some(Verdict::Wrong));
    assert_eq!(aligned(&zone, "exemple.fr", None, false).await, None);
    assert_eq!(
        aligned(&zone, "retours.exemple.fr", None, false).await,
        None
    );
    assert_eq!(
        aligned(&zone, "relais.fr", Some("exemple.fr"), false).await,
        None
    );
    assert_eq!(
        aligned(&zone, "relais.fr", Some("relais.fr"), false).await,
        wrong
    );
    assert_eq!(aligned(&zone, "contrexemple.fr", None, false).await, wrong);
    let unknown = Some(Verdict::Unknown);
    assert_eq!(aligned(&zone, "relais.fr", None, true).await, unknown);
    // A domain with a record of its own that says so is another organisation.
    let apart = good().txt("_dmarc.retours.exemple.fr", "v=DMARC1; p=none; psd=n");
    assert_eq!(
        aligned(&apart, "retours.exemple.fr", None, false).await,
        wrong
    );
    let strict = good().only(DMARC, "v=DMARC1; p=reject; aspf=s; adkim=s");
    assert_eq!(
        aligned(&strict, "retours.exemple.fr", None, false).await,
        wrong
    );
    assert_eq!(aligned(&strict, "exemple.fr", None, false).await, None);
}

#[tokio::test]
async fn two_domains_under_one_suffix_are_strangers() {
    let zone = good().txt("_dmarc.fr", "v=DMARC1; p=reject; psd=y");
    let wrong = Some(Verdict::Wrong);
    assert_eq!(aligned(&zone, "relais.fr", None, false).await, wrong);
    assert_eq!(
        aligned(&zone, "retours.exemple.fr", None, false).await,
        None
    );
}

#[tokio::test]
async fn an_address_without_a_name_is_given_one() {
    let zone = good().without("203.0.113.5");
    let finding = of(&zone, &own_server(), About::Reverse).await;
    let write = is(&finding, Verdict::Missing, Problem::ReverseMissing);
    assert_eq!(write, Some("mail.exemple.fr"));
    assert_eq!(finding.record, "PTR");
    assert_eq!(finding.name, "5.113.0.203.in-addr.arpa");
    let short = Asked {
        hello: "conteneur".to_owned(),
        ..own_server()
    };
    let finding = of(&zone, &short, About::Reverse).await;
    assert_eq!(
        is(&finding, Verdict::Missing, Problem::ReverseMissing),
        None
    );
}

#[tokio::test]
async fn a_name_that_does_not_come_back_is_told() {
    let problem = Problem::ReverseDoesNotComeBack;
    let other = good()
        .without("203.0.113.5")
        .ptr("203.0.113.5", "vps.hebergeur.fr");
    let finding = of(&other, &own_server(), About::Reverse).await;
    assert_eq!(
        is(&finding, Verdict::Wrong, problem),
        Some("mail.exemple.fr")
    );
    assert_eq!(finding.found, ["vps.hebergeur.fr"]);
    // Our own name, whose address is missing: that is what must be written.
    let zone = good().without("mail.exemple.fr");
    let finding = of(&zone, &own_server(), About::Reverse).await;
    assert_eq!(is(&finding, Verdict::Wrong, problem), Some("203.0.113.5"));
    assert_eq!(
        (finding.name.as_str(), finding.record),
        ("mail.exemple.fr", "A")
    );
}

#[tokio::test]
async fn a_name_other_than_the_one_said_in_hello_is_weak() {
    let zone = good()
        .without("203.0.113.5")
        .ptr("203.0.113.5", "vps.hebergeur.fr")
        .host("vps.hebergeur.fr", "203.0.113.5");
    let finding = of(&zone, &own_server(), About::Reverse).await;
    let write = is(&finding, Verdict::Weak, Problem::ReverseDiffersFromHello);
    assert_eq!(write, Some("mail.exemple.fr"));
}

#[tokio::test]
async fn an_address_is_looked_for_behind_the_name_said_in_hello() {
    let asked = Asked {
        public_ip: None,
        ..own_server()
    };
    let finding = of(&good(), &asked, About::Reverse).await;
    assert_eq!(finding.verdict, Verdict::Good);
    let zone = good()
        .without("mail.exemple.fr")
        .host("mail.exemple.fr", "10.0.0.2");
    let finding = of(&zone, &asked, About::Reverse).await;
    assert_eq!(
        is(&finding, Verdict::Unknown, Problem::AddressUnknown),
        None
    );
    let mapped = Asked {
        public_ip: Some(ip("::ffff:203.0.113.5")),
        ..own_server()
    };
    let finding = of(&good(), &mapped, About::Reverse).await;
    assert_eq!(finding.verdict, Verdict::Good);
}

#[tokio::test]
async fn bounces_need_somewhere_to_go() {
    let at = "retours.exemple.fr";
    let bare = Zone::default();
    let told = async |zone: Zone| of(&zone, &own_server(), About::ReturnMx).await;
    let missing = Problem::ReturnMxMissing;
    let finding = told(bare.clone()).await;
    assert_eq!(is(&finding, Verdict::Missing, missing), None);
    assert_eq!((finding.name.as_str(), finding.record), (at, "MX"));
    is(
        &told(bare.clone().host(at, "203.0.113.80")).await,
        Verdict::Weak,
        missing,
    );
    is(
        &told(bare.clone().mx(at, 0, ".")).await,
        Verdict::Wrong,
        missing,
    );
    let nowhere = told(bare.clone().mx(at, 10, "mx.absent.fr")).await;
    is(&nowhere, Verdict::Wrong, Problem::ReturnMxNowhere);
    let second = bare.mx(at, 10, "mx.absent.fr").mx(at, 20, "mx2.fr");
    let finding = told(second.host("mx2.fr", "2001:db8::9")).await;
    assert_eq!(finding.verdict, Verdict::Good);
}

#[tokio::test]
async fn a_failing_dns_is_no_verdict() {
    for (name, about) in [
        (KEY, About::Dkim),
        (DMARC, About::Dmarc),
        ("203.0.113.5", About::Reverse),
        ("retours.exemple.fr", About::ReturnMx),
        ("mx.exemple.fr", About::ReturnMx),
    ] {
        let finding = of(&good().failing(name), &own_server(), about).await;
        assert_eq!(
            is(&finding, Verdict::Unknown, Problem::NotAnswered),
            None,
            "{name}"
        );
    }
    // The domain's own record is enough to know what it asks, and that a signature is its own.
    let finding = check(&good().failing("_dmarc.fr"), &own_server()).await;
    assert!(finding.iter().all(|f| f.verdict == Verdict::Good));
    let below = Asked {
        domain: "lettres.exemple.fr".to_owned(),
        ..own_server()
    };
    let finding = of(&good().failing("_dmarc.fr"), &below, About::Dmarc).await;
    is(&finding, Verdict::Unknown, Problem::NotAnswered);
    for name in ["_dmarc.fr", "_dmarc.retours.exemple.fr"] {
        second_is_unanswered(&good().failing(name)).await;
    }
}

/// Says that it is not known whether messages that nobody signs are the sender's.
async fn second_is_unanswered(zone: &Zone) {
    let asked = Asked {
        dkim: None,
        ..own_server()
    };
    let found = check(zone, &asked).await;
    let told = found.iter().filter(|f| f.about == About::Dmarc).nth(1);
    is(
        told.expect("a second one"),
        Verdict::Unknown,
        Problem::NotAnswered,
    );
}
