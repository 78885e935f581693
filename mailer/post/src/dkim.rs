//! DKIM signatures (RFC 6376): RSA with SHA-256, relaxed canonicalisation of both parts.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_auth::common::crypto::{RsaKey, Sha256};
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::{DkimSigner, Done};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;

/// What is signed where it is present. RFC 8058 asks for both headers of unsubscription.
const SIGNED: [&str; 16] = [
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
];

/// Why a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is not an RSA key of 2,048 bits or more, in PEM.
    #[error("the DKIM key is not an RSA key of at least 2,048 bits in PEM")]
    Malformed,
    /// The domain or the selector is not one.
    #[error("the DKIM domain and selector are names of letters, digits, hyphens and dots")]
    Name,
    /// The library refused to make one.
    #[error("a DKIM key could not be made")]
    Generation,
    /// The message could not be signed.
    #[error("the message could not be signed")]
    Signing,
}

/// A new key: its PEM text (PKCS #8).
///
/// # Errors
///
/// The system gives no randomness.
pub fn generate_key() -> Result<String, KeyError> {
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generation)?;
    let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> =
        pair.as_der().map_err(|_| KeyError::Generation)?;
    let body = STANDARD.encode(der.as_ref());
    let lines: Vec<&str> = (0..body.len())
        .step_by(64)
        .filter_map(|at| body.get(at..(at + 64).min(body.len())))
        .collect();
    Ok(format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        lines.join("\n")
    ))
}

/// Signs messages in the name of a domain.
pub struct Signer {
    inner: DkimSigner<RsaKey<Sha256>, Done>,
    domain: String,
    selector: String,
    record: String,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({})", self.name())
    }
}

impl Signer {
    /// With the key of `selector` in `domain`.
    ///
    /// # Errors
    ///
    /// The key or one of the names cannot be used.
    pub fn new(pem: &str, domain: &str, selector: &str) -> Result<Self, KeyError> {
        let named = |name: &str| {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.' || c == '_';
            !name.is_empty() && name.len() <= 200 && name.chars().all(plain)
        };
        if !named(domain) || !named(selector) {
            return Err(KeyError::Name);
        }
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| KeyError::Malformed)?;
        let pair = match &der {
            PrivateKeyDer::Pkcs8(der) => KeyPair::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => KeyPair::from_der(der.secret_pkcs1_der()),
            _ => return Err(KeyError::Malformed),
        }
        .map_err(|_| KeyError::Malformed)?;
        if pair.public_modulus_len() < 256 {
            return Err(KeyError::Malformed);
        }
        let public: aws_lc_rs::encoding::PublicKeyX509Der<'_> = pair
            .public_key()
            .as_der()
            .map_err(|_| KeyError::Malformed)?;
        let record = format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(public.as_ref()));
        let key = RsaKey::<Sha256>::from_key_der(der).map_err(|_| KeyError::Malformed)?;
        let inner = DkimSigner::from_key(key)
            .domain(domain)
            .selector(selector)
            .headers(SIGNED);
        Ok(Self {
            inner,
            domain: domain.to_owned(),
            selector: selector.to_owned(),
            record,
        })
    }

    /// Domain in whose name it signs.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Name of the DNS record that holds the public key: `selector._domainkey.domain`.
    pub fn name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// What that record must say.
    pub fn record(&self) -> &str {
        &self.record
    }

    /// The message with its signature before it.
    ///
    /// # Errors
    ///
    /// There is nothing to sign in it.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let signature = self.inner.sign(message).map_err(|_| KeyError::Signing)?;
        let mut out = Vec::with_capacity(message.len() + 800);
        signature.write_header(&mut out);
        let mut out = folded(out);
        out.extend_from_slice(message);
        Ok(out)
    }
}

/// Columns at most in a line of ours (RFC 5322, section 2.1.1).
const COLUMNS: usize = 76;

/// The header with its last value, `b=`, folded so that nothing but base64 stands before the last
/// `;`. What a verifier takes out of `b=` before it computes differs (RFC 6376, section 3.7, asks
/// for the white space around the value as well): where there is none, all take out the same.
fn folded(header: Vec<u8>) -> Vec<u8> {
    const MARK: &[u8] = b"; b=";
    const END: &[u8] = b";\r\n";
    let found = header.windows(MARK.len()).rposition(|at| at == MARK);
    let (Some(at), Some(whole)) = (found, header.strip_suffix(END)) else {
        return header;
    };
    let Some((before, value)) = whole.split_at_checked(at + MARK.len()) else {
        return header;
    };
    let mut out = before.to_vec();
    let mut column = before
        .iter()
        .rev()
        .take_while(|byte| **byte != b'\n')
        .count();
    for byte in value.iter().filter(|byte| !byte.is_ascii_whitespace()) {
        if column >= COLUMNS {
            out.extend_from_slice(b"\r\n\t");
            column = 1;
        }
        out.push(*byte);
        column += 1;
    }
    out.extend_from_slice(END);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some verifiers take only the value of `b=` out, not the white space after it, and refuse a
    /// signature that others accept: where the value's last line was full, white space stood before
    /// the last `;`. It depends on the length of what is before, so all lengths are tried.
    #[test]
    fn nothing_but_the_signature_stands_before_its_end() {
        let pem = generate_key().expect("a key");
        for length in 1..=80 {
            let domain = format!("{}.exemple.fr", "a".repeat(length));
            let signer = Signer::new(&pem, &domain, "passerelle").expect("a signer");
            let signed = String::from_utf8(signer.sign(MESSAGE).expect("signed")).expect("text");
            let (header, rest) = signed.split_once("\r\nFrom: ").expect("a message");
            assert!(rest.ends_with("Texte\r\n"));
            let value = header.strip_suffix(';').expect("an end");
            assert!(!value.ends_with(char::is_whitespace), "{header}");
            let (_, signature) = value.rsplit_once("; b=").expect("a signature");
            let base64: String = signature.split_ascii_whitespace().collect();
            assert_eq!(STANDARD.decode(base64).expect("base64").len(), 256);
            for line in header.split("\r\n").skip(1) {
                assert!(
                    line.len() <= COLUMNS + 1 && line.trim().len() > 1,
                    "{header}"
                );
            }
        }
    }

    const MESSAGE: &[u8] =
        b"From: a@exemple.fr\r\nTo: b@exemple.fr\r\nSubject: Bonjour\r\n\r\nTexte\r\n";

    #[test]
    fn a_message_is_signed_with_a_key_of_ours() {
        let pem = generate_key().expect("a key");
        let signer = Signer::new(&pem, "exemple.fr", "passerelle").expect("a signer");
        let signed = String::from_utf8(signer.sign(MESSAGE).expect("signed")).expect("text");
        assert!(signed.starts_with("DKIM-Signature: "), "{signed}");
        assert!(signed.ends_with("Texte\r\n"));
        for part in [
            "d=exemple.fr",
            "s=passerelle",
            "a=rsa-sha256",
            "c=relaxed/relaxed",
        ] {
            assert!(signed.contains(part), "{part} in {signed}");
        }
        assert!(signer.record().starts_with("v=DKIM1; k=rsa; p=MIIBIjAN"));
        assert_eq!(signer.name(), "passerelle._domainkey.exemple.fr");
    }

    #[test]
    fn what_is_not_a_key_or_a_name_is_refused() {
        let pem = generate_key().expect("a key");
        assert_eq!(
            Signer::new("rien", "exemple.fr", "s").err(),
            Some(KeyError::Malformed)
        );
        for (domain, selector) in [
            ("", "s"),
            ("exemple.fr", ""),
            ("exemple.fr;", "s"),
            ("a b", "s"),
        ] {
            assert_eq!(
                Signer::new(&pem, domain, selector).err(),
                Some(KeyError::Name)
            );
        }
    }
}
