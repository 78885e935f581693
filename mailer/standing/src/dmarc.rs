//! What the sender's domain asks of receivers (DMARC), and whether our messages would pass it.
//!
//! Where a record applies from, and which domains belong together, is found by walking up the
//! names as RFC 9989 does: no list of public suffixes is carried, which would be 2.6 MB of source
//! and old after a month.

use crate::Asked;
use crate::finding::{About, Finding, Problem, Verdict};
use crate::names::{Bounded, Unanswered};
use crate::text::{begins, tag, tags, within};

/// Names that a walk asks at most (RFC 9989, section 4.10).
const STEPS: usize = 8;

/// A record that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Policy {
    /// What is asked for messages of the domain itself.
    own: String,
    /// What is asked for messages of the domains below.
    below: String,
    /// Whether the domain of returns must be the very same.
    strict_spf: bool,
    /// Whether the domain that signs must be the very same.
    strict_dkim: bool,
    /// `y`: the domain is one under which others register; `n`: it is not.
    suffix: Option<bool>,
}

/// What stands at one name.
enum Stands {
    Nothing,
    One(String, Policy),
    Unreadable(Vec<String>),
    Several(Vec<String>),
}

fn read(record: &str) -> Option<Policy> {
    let tags = tags(record)?;
    if tags.first() != Some(&("v", "DMARC1")) {
        return None;
    }
    let policy = |name: &str| match tag(&tags, name).map(str::to_ascii_lowercase) {
        Some(value) if matches!(value.as_str(), "none" | "quarantine" | "reject") => {
            Some(Some(value))
        }
        Some(_) => None,
        None => Some(None),
    };
    // A record without a policy, but with an address for reports, asks for nothing.
    let own = match policy("p") {
        Some(Some(own)) => own,
        _ if tag(&tags, "rua").is_some_and(|rua| begins(rua, "mailto:")) => "none".to_owned(),
        _ => return None,
    };
    let below = policy("sp")?.unwrap_or_else(|| own.clone());
    let says = |name: &str, letter: &str| {
        tag(&tags, name).is_some_and(|value| value.eq_ignore_ascii_case(letter))
    };
    let suffix = match (says("psd", "y"), says("psd", "n")) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    Some(Policy {
        own,
        below,
        strict_spf: says("aspf", "s"),
        strict_dkim: says("adkim", "s"),
        suffix,
    })
}

async fn stands(names: &Bounded<'_>, domain: &str) -> Result<Stands, Unanswered> {
    let found = names.txt(&format!("_dmarc.{domain}")).await?;
    let near = |record: &&String| {
        let bare = record.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
        begins(bare, "v=dmarc1") || begins(bare, "v = dmarc1")
    };
    let records: Vec<String> = found.iter().filter(near).cloned().collect();
    Ok(match records.as_slice() {
        [] => Stands::Nothing,
        [one] => match read(one) {
            Some(policy) => Stands::One(one.clone(), policy),
            None => Stands::Unreadable(records),
        },
        _ => Stands::Several(records),
    })
}

/// The names of a walk, from `domain` up; of a long name, the lowest and the 7 highest.
fn steps(domain: &str) -> Vec<&str> {
    let mut names = vec![domain];
    let mut rest = domain;
    while let Some((_, parent)) = rest.split_once('.') {
        names.push(parent);
        rest = parent;
    }
    let skipped = names.len().saturating_sub(STEPS);
    names.drain(1..=skipped);
    names
}

/// Records from a domain up, where there is one that can be read.
async fn walk<'d>(
    names: &Bounded<'_>,
    domain: &'d str,
) -> Result<Vec<(&'d str, String, Policy)>, Unanswered> {
    let mut found = Vec::new();
    for name in steps(domain) {
        if let Stands::One(record, policy) = stands(names, name).await? {
            let last = policy.suffix.is_some();
            found.push((name, record, policy));
            if last {
                break;
            }
        }
    }
    Ok(found)
}

/// The domain of the organisation that a domain belongs to (RFC 9989, section 4.10.2).
fn organisation<'d>(domain: &'d str, found: &[(&'d str, String, Policy)]) -> &'d str {
    match found.last() {
        None => domain,
        Some((name, _, policy)) if policy.suffix == Some(true) && *name != domain => {
            let below = |step: &&str| step.split_once('.').is_some_and(|(_, up)| up == *name);
            steps(domain).into_iter().find(below).unwrap_or(domain)
        }
        Some((name, _, _)) => name,
    }
}

/// Checks the record that applies to the sender's domain; a second finding says when our
/// messages would not pass it.
pub(crate) async fn check(names: &Bounded<'_>, asked: &Asked) -> Vec<Finding> {
    let domain = asked.domain.as_str();
    let at = |name: &str| Finding::at(About::Dmarc, format!("_dmarc.{name}"), "TXT");
    let usual = format!("v=DMARC1; p=none; rua=mailto:postmaster@{domain}");
    let own = match stands(names, domain).await {
        Err(_) => return vec![at(domain).unanswered()],
        Ok(Stands::Unreadable(records)) => {
            return vec![
                at(domain)
                    .found(&records)
                    .is(Verdict::Wrong, Problem::DmarcSyntax)
                    .write(usual),
            ];
        }
        Ok(Stands::Several(records)) => {
            return vec![
                at(domain)
                    .found(&records)
                    .is(Verdict::Wrong, Problem::DmarcTwoRecords),
            ];
        }
        Ok(Stands::One(record, policy)) => Some((domain, record, policy)),
        Ok(Stands::Nothing) => None,
    };
    let walked = walk(names, domain).await;
    let organisation = walked
        .as_ref()
        .ok()
        .map(|found| organisation(domain, found));
    // The domain's own record, or else its organisation's. That of a suffix above (`psd=y`) is not
    // counted: older receivers do not look at it, and nobody here can write it.
    let applies = match (own, walked) {
        (Some(own), _) => Some(own),
        (None, Err(_)) => return vec![at(domain).unanswered()],
        (None, Ok(found)) => found
            .into_iter()
            .find(|(name, ..)| Some(*name) == organisation),
    };
    let Some((name, record, policy)) = applies else {
        return vec![
            at(domain)
                .is(Verdict::Missing, Problem::DmarcMissing)
                .write(usual),
        ];
    };
    let asks = if name == domain {
        &policy.own
    } else {
        &policy.below
    };
    let mut finding = at(name).found(&[record]);
    if asks == "none" {
        finding = finding.is(Verdict::Weak, Problem::DmarcNone);
    }
    let mut findings = vec![finding];
    findings.extend(alignment(names, asked, &policy, organisation, at(name)).await);
    findings
}

/// Whether the domain of returns, or the one that signs, counts as the sender's.
async fn alignment(
    names: &Bounded<'_>,
    asked: &Asked,
    policy: &Policy,
    theirs: Option<&str>,
    finding: Finding,
) -> Option<Finding> {
    let signs = asked
        .dkim
        .as_ref()
        .map(|s| (s.domain.as_str(), policy.strict_dkim));
    let returns = Some((asked.return_domain.as_str(), policy.strict_spf));
    let candidates = [returns, signs];
    let same = |(other, _): &(&str, bool)| *other == asked.domain;
    if candidates.iter().flatten().any(same) {
        return None;
    }
    let Some(theirs) = theirs else {
        return Some(finding.unanswered());
    };
    let mut unanswered = false;
    for (other, _) in candidates.iter().flatten().filter(|(_, strict)| !strict) {
        // A domain of the same organisation is the organisation's or below it.
        if !within(other, theirs) {
            continue;
        }
        match walk(names, other).await {
            Ok(found) if organisation(other, &found) == theirs => return None,
            Ok(_) => {}
            Err(_) => unanswered = true,
        }
    }
    let not = finding.clone().is(Verdict::Wrong, Problem::DmarcNotAligned);
    Some(if unanswered {
        finding.unanswered()
    } else if asked.relay.is_some() && asked.dkim.is_none() {
        // The relay may sign in the sender's name: it cannot be seen from here.
        finding.is(Verdict::Unknown, Problem::DmarcNotAligned)
    } else {
        not
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_record_is_read() {
        let policy = read("v=DMARC1; p=Reject; sp=none; aspf=s; psd=n;").expect("a record");
        assert_eq!(
            (policy.own.as_str(), policy.below.as_str()),
            ("reject", "none")
        );
        assert!(policy.strict_spf && !policy.strict_dkim);
        assert_eq!(policy.suffix, Some(false));
        let report = read("v=DMARC1; rua=mailto:a@exemple.fr").expect("a record");
        assert_eq!(report.own, "none");
        for record in [
            "v=DMARC1",
            "v=DMARC1; p=",
            "v=DMARC1; p=rejet",
            "v=DMARC1; p=none; sp=rejet",
            "v=dmarc1; p=none",
            "p=none; v=DMARC1",
            "v=DMARC1 p=none",
            "v=DMARC1; p=none; p=reject",
        ] {
            assert_eq!(read(record), None, "{record}");
        }
    }

    #[test]
    fn a_walk_goes_up_in_eight_steps_at_most() {
        assert_eq!(steps("a.exemple.fr"), ["a.exemple.fr", "exemple.fr", "fr"]);
        assert_eq!(steps("fr"), ["fr"]);
        assert_eq!(
            steps("a.b.c.d.e.f.g.h"),
            [
                "a.b.c.d.e.f.g.h",
                "b.c.d.e.f.g.h",
                "c.d.e.f.g.h",
                "d.e.f.g.h",
                "e.f.g.h",
                "f.g.h",
                "g.h",
                "h",
            ]
        );
        let long = steps("a.b.c.d.e.f.g.h.i.j.mail.exemple.fr");
        assert_eq!(long.len(), STEPS);
        assert_eq!(long[0], "a.b.c.d.e.f.g.h.i.j.mail.exemple.fr");
        assert_eq!(long[1], "g.h.i.j.mail.exemple.fr");
    }

    #[test]
    fn an_theirsis_the_highest_name_with_a_record_below_a_suffix() {
        let policy = |suffix| Policy {
            suffix,
            ..read("v=DMARC1; p=none").expect("a record")
        };
        let at = |name, suffix| (name, String::new(), policy(suffix));
        assert_eq!(organisation("a.b.fr", &[]), "a.b.fr");
        let both = [at("a.b.fr", None), at("b.fr", None)];
        assert_eq!(organisation("a.b.fr", &both), "b.fr");
        let suffix = [at("a.b.fr", None), at("fr", Some(true))];
        assert_eq!(organisation("a.b.fr", &suffix), "b.fr");
        assert_eq!(
            organisation("a.b.fr", &[at("a.b.fr", Some(false))]),
            "a.b.fr"
        );
        assert_eq!(organisation("fr", &[at("fr", Some(true))]), "fr");
    }

    proptest! {
        #[test]
        fn reading_never_panics(record in "(v=DMARC1;)?\\PC{0,200}", domain in "[a-z.]{0,60}") {
            let _ = read(&record);
            prop_assert!(steps(&domain).len() <= STEPS);
        }
    }
}
