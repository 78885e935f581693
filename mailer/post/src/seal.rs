//! Short tokens that only we can have made.
//!
//! They travel in addresses of links and of mail. A mail address is read in lower case by some
//! servers and has 64 characters at most before its `@`: tokens for it are in base 32, and name a
//! copy by the number of its campaign and its place in it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Bytes of proof in a token of a link.
const LONG: usize = 16;
/// Bytes of proof in a token of a mail address.
const SHORT: usize = 10;

/// What a link in a copy gives back: whom it was for, and what made it leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// The contact.
    pub contact: [u8; 16],
    /// The campaign; zeros for a link that belongs to none.
    pub campaign: [u8; 16],
}

/// What an address that comes back gives: which copy it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Number of the campaign.
    pub campaign: u32,
    /// Place of the recipient in it.
    pub place: u32,
}

/// Makes and reads tokens; the key is 32 secret bytes.
#[derive(Clone)]
pub struct Seal([u8; 32]);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    /// With that key.
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    fn proof(&self, purpose: &str, body: &[u8]) -> [u8; 32] {
        // HMAC pads a short key with zeros to the block of 64 bytes (RFC 2104).
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.0);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(body);
        mac.finalize().into_bytes().into()
    }

    /// A token for a link; `purpose` keeps a token for one thing from opening another.
    pub fn link(&self, purpose: &str, ballot: &Ballot) -> String {
        let mut bytes = [0; 32 + LONG];
        bytes[..16].copy_from_slice(&ballot.contact);
        bytes[16..32].copy_from_slice(&ballot.campaign);
        let proof = self.proof(purpose, &bytes[..32]);
        bytes[32..].copy_from_slice(&proof[..LONG]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a link's token says; none when it is not one of ours for that purpose.
    pub fn read_link(&self, purpose: &str, token: &str) -> Option<Ballot> {
        if token.len() != 64 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (body, proof) = bytes.split_at_checked(32)?;
        let expected = self.proof(purpose, body);
        if !bool::from(expected[..LONG].ct_eq(proof)) {
            return None;
        }
        Some(Ballot {
            contact: body[..16].try_into().ok()?,
            campaign: body[16..].try_into().ok()?,
        })
    }

    /// A mail address that bounces or answers about a copy come back to: `base`, whose local part
    /// is lengthened by `+` and a token. None when `base` is not an address.
    pub fn address(&self, purpose: &str, base: &str, of: Returned) -> Option<String> {
        let mut body = [0; 8];
        body[..4].copy_from_slice(&of.campaign.to_be_bytes());
        body[4..].copy_from_slice(&of.place.to_be_bytes());
        self.lengthen(purpose, base, &body)
    }

    /// Which copy an address is about, whatever the case of its letters; none when it is not one
    /// of ours for that purpose.
    pub fn read_address(&self, purpose: &str, address: &str) -> Option<Returned> {
        let body: [u8; 8] = self.token_of(purpose, address)?;
        Some(Returned {
            campaign: u32::from_be_bytes(body[..4].try_into().ok()?),
            place: u32::from_be_bytes(body[4..].try_into().ok()?),
        })
    }

    /// A mail address like that of a copy, about one thing that has an identifier.
    pub fn address_about(&self, purpose: &str, base: &str, id: [u8; 16]) -> Option<String> {
        self.lengthen(purpose, base, &id)
    }

    /// What an address is about; none when it is not one of ours for that purpose.
    pub fn read_address_about(&self, purpose: &str, address: &str) -> Option<[u8; 16]> {
        self.token_of(purpose, address)
    }

    /// A token that stands for no more than its purpose, for the address of a page.
    pub fn word(&self, purpose: &str) -> String {
        let proof = self.proof(purpose, &[]);
        URL_SAFE_NO_PAD.encode(&proof[..LONG])
    }

    /// Whether a word is the one of that purpose.
    pub fn is_word(&self, purpose: &str, word: &str) -> bool {
        self.word(purpose).as_bytes().ct_eq(word.as_bytes()).into()
    }

    fn lengthen(&self, purpose: &str, base: &str, body: &[u8]) -> Option<String> {
        let (local, domain) = base.rsplit_once('@')?;
        let proof = self.proof(purpose, body);
        let bytes = [body, &proof[..SHORT]].concat();
        let token = BASE32_NOPAD.encode(&bytes).to_lowercase();
        Some(format!("{local}+{token}@{domain}"))
    }

    fn token_of<const N: usize>(&self, purpose: &str, address: &str) -> Option<[u8; N]> {
        let (local, _) = address.rsplit_once('@')?;
        let (_, token) = local.rsplit_once('+')?;
        let token = token.to_ascii_uppercase();
        let bytes = BASE32_NOPAD.decode(token.as_bytes()).ok()?;
        let (body, proof) = bytes.split_at_checked(N)?;
        let expected = self.proof(purpose, body);
        // Slices of other lengths are not equal.
        if !bool::from(expected[..SHORT].ct_eq(proof)) {
            return None;
        }
        body.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_for_its_purpose_only() {
        let seal = Seal::new([7; 32]);
        let ballot = Ballot {
            contact: [1; 16],
            campaign: [2; 16],
        };
        let token = seal.link("stop", &ballot);
        assert_eq!(token.len(), 64);
        assert_eq!(seal.read_link("stop", &token), Some(ballot));
        assert_eq!(seal.read_link("choose", &token), None);
        assert_eq!(Seal::new([8; 32]).read_link("stop", &token), None);
        for at in 0..token.len() {
            let mut forged = token.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).expect("ascii");
            assert_eq!(seal.read_link("stop", &forged), None, "{at}");
        }
        assert_eq!(seal.read_link("stop", ""), None);
        assert_eq!(seal.read_link("stop", &"é".repeat(32)), None);
    }

    #[test]
    fn an_address_comes_back_in_any_case() {
        let seal = Seal::new([7; 32]);
        let of = Returned {
            campaign: 12,
            place: 6_600,
        };
        let address = seal
            .address("bounce", "retours@exemple.fr", of)
            .expect("an address");
        let (local, domain) = address.rsplit_once('@').expect("an at");
        assert!(local.len() <= 64 && domain == "exemple.fr", "{address}");
        assert_eq!(seal.read_address("bounce", &address), Some(of));
        assert_eq!(
            seal.read_address("bounce", &address.to_uppercase()),
            Some(of)
        );
        assert_eq!(seal.read_address("answer", &address), None);
        assert_eq!(seal.read_address("bounce", "retours@exemple.fr"), None);
        assert_eq!(seal.read_address("bounce", "retours+abc@exemple.fr"), None);
        let other = address.replace("retours+a", "retours+b");
        assert_ne!(other, address);
        assert_eq!(seal.read_address("bounce", &other), None);
        let about = seal.address_about("bounce", "retours@exemple.fr", [3; 16]);
        let about = about.expect("an address");
        assert!(about.find('@').is_some_and(|at| at <= 64), "{about}");
        assert_eq!(seal.read_address_about("bounce", &about), Some([3; 16]));
        assert_eq!(seal.read_address_about("answer", &about), None);
        assert_eq!(seal.read_address("bounce", &about), None);
        assert_eq!(seal.read_address_about("bounce", &address), None);
    }
}
