//! Whether receivers find the key that our signatures are verified with (RFC 6376).

use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::finding::{About, Finding, Problem, Verdict};
use crate::names::Bounded;
use crate::text::{begins, tag, tags};
use crate::{Asked, Signing};

/// Bits of an RSA key below which receivers must not accept it (RFC 8301).
const REFUSED: usize = 1_024;
/// Bits that an RSA key should have (RFC 8301).
const ADVISED: usize = 2_048;

/// Base 64 as receivers read it: with padding or without.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Checks the record of the selector; none when a relay delivers and we sign nothing.
pub(crate) async fn check(names: &Bounded<'_>, asked: &Asked) -> Option<Finding> {
    let Some(signing) = &asked.dkim else {
        let name = format!("_domainkey.{}", asked.domain);
        let finding = Finding::at(About::Dkim, name, "TXT");
        let unsigned = finding.is(Verdict::Missing, Problem::DkimMissing);
        return asked.relay.is_none().then_some(unsigned);
    };
    let name = format!("{}._domainkey.{}", signing.selector, signing.domain);
    let answer = names.txt(&name).await;
    let finding = Finding::at(About::Dkim, name, "TXT");
    let Ok(found) = answer else {
        return Some(finding.unanswered());
    };
    let ours = record(signing);
    let finding = finding.found(&found);
    let mut keys = found.iter().filter(|found| is_key(found));
    Some(match (keys.next(), keys.next()) {
        (None, _) if found.is_empty() => finding
            .is(Verdict::Missing, Problem::DkimMissing)
            .write(ours),
        (None, _) => finding.is(Verdict::Wrong, Problem::DkimSyntax).write(ours),
        (Some(_), Some(_)) => finding
            .is(Verdict::Wrong, Problem::DkimTwoRecords)
            .write(ours),
        (Some(one), None) => match judge(one, signing) {
            None => finding,
            // Only a new key cures a short one.
            Some((verdict, Problem::DkimShortKey)) => finding.is(verdict, Problem::DkimShortKey),
            Some((verdict, problem)) => finding.is(verdict, problem).write(ours),
        },
    })
}

/// What must stand at the name.
fn record(signing: &Signing) -> String {
    let kind = if is_ed25519(&signing.key) {
        "ed25519"
    } else {
        "rsa"
    };
    format!("v=DKIM1; k={kind}; p={}", signing.key)
}

/// Whether a record means to be a key.
fn is_key(record: &str) -> bool {
    begins(record.trim_start(), "v=dkim") || tags(record).is_some_and(|t| tag(&t, "p").is_some())
}

fn judge(record: &str, signing: &Signing) -> Option<(Verdict, Problem)> {
    let syntax = Some((Verdict::Wrong, Problem::DkimSyntax));
    let Some(tags) = tags(record) else {
        return syntax;
    };
    let first = tags.first().map(|(name, _)| *name);
    let version = tag(&tags, "v");
    if version.is_some_and(|v| v != "DKIM1") || (version.is_some() && first != Some("v")) {
        return syntax;
    }
    let Some(published) = tag(&tags, "p") else {
        return syntax;
    };
    let published: String = published.split_whitespace().collect();
    if published.is_empty() {
        return Some((Verdict::Wrong, Problem::DkimRevoked));
    }
    let bare = |key: &str| key.trim_end_matches('=').to_owned();
    if bare(&published) != bare(&signing.key) {
        return Some((Verdict::Wrong, Problem::DkimOtherKey));
    }
    let among = |name: &str, wanted: &[&str]| {
        tag(&tags, name).is_none_or(|value| value.split(':').any(|v| wanted.contains(&v.trim())))
    };
    let ed25519 = is_ed25519(&signing.key);
    let kind = tag(&tags, "k").unwrap_or("rsa");
    let right_kind = kind == if ed25519 { "ed25519" } else { "rsa" };
    if !right_kind || !among("h", &["sha256"]) || !among("s", &["email", "*"]) {
        return syntax;
    }
    let bits = if ed25519 {
        None
    } else {
        rsa_bits(&signing.key)
    };
    if bits.is_some_and(|bits| bits < REFUSED) {
        return Some((Verdict::Wrong, Problem::DkimShortKey));
    }
    if tag(&tags, "t").is_some_and(|flags| flags.split(':').any(|f| f.trim() == "y")) {
        return Some((Verdict::Weak, Problem::DkimTesting));
    }
    bits.filter(|bits| *bits < ADVISED)
        .map(|_| (Verdict::Weak, Problem::DkimShortKey))
}

/// An Ed25519 key is its 32 bytes and nothing else (RFC 8463).
fn is_ed25519(key: &str) -> bool {
    LENIENT.decode(key).is_ok_and(|bytes| bytes.len() == 32)
}

/// Bits of the modulus of an RSA key, in DER: a `SubjectPublicKeyInfo`, or the bare
/// `RSAPublicKey` that some publish.
fn rsa_bits(key: &str) -> Option<usize> {
    let der = LENIENT.decode(key).ok()?;
    let (inside, _) = element(&der, 0x30)?;
    let public = match element(inside, 0x30) {
        Some((_algorithm, rest)) => {
            let (bits, _) = element(rest, 0x03)?;
            element(bits.get(1..)?, 0x30)?.0
        }
        None => inside,
    };
    let (modulus, _) = element(public, 0x02)?;
    let first = modulus.iter().position(|byte| *byte != 0)?;
    let significant = modulus.get(first..)?;
    let high = significant.first()?.leading_zeros();
    (significant.len() * 8).checked_sub(usize::try_from(high).ok()?)
}

/// The content of an element of DER, and what comes after it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, length], rest) = der.split_first_chunk::<2>()?;
    if found != tag {
        return None;
    }
    if length < 0x80 {
        return rest.split_at_checked(usize::from(length));
    }
    let (bytes, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
    if bytes.len() > 2 {
        return None;
    }
    let length = bytes
        .iter()
        .fold(0, |length, byte| length << 8 | usize::from(*byte));
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_not_a_key_has_no_size() {
        for key in ["", "AAAA", "MIIB", "é", "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"] {
            assert_eq!(rsa_bits(key), None, "{key}");
        }
        // The example of RFC 6376, section 3.6.2.2: 1,024 bits.
        let old = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/z\
                   YtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMq\
                   JGpD1KHiKNVb26q8uZ2x9FxfUTzrTWqLEhHmPMzxbnIcz7QSxZ4wIDAQAB";
        assert_eq!(rsa_bits(old), Some(1_024));
        // The example of RFC 8463.
        assert!(is_ed25519("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="));
        assert!(is_ed25519("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
    }

    proptest! {
        #[test]
        fn reading_never_panics(record in "\\PC{0,200}", bytes: Vec<u8>) {
            let key = LENIENT.encode(bytes);
            let _ = rsa_bits(&key);
            let signing = Signing { domain: String::new(), selector: String::new(), key };
            let _ = judge(&record, &signing);
        }
    }
}
