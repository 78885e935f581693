//! Signatures and key sets: RS256 and nothing else, keys named, sizes bounded.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::LaunchError;
use crate::text::holds_nul;

/// Bytes of a token at most: an honest launch is a few kilobytes.
pub const MAX_TOKEN_BYTES: usize = 64 * 1024;
/// Bytes of a key set at most.
pub const MAX_KEY_SET_BYTES: usize = 256 * 1024;
/// Keys that a key set may hold.
pub const MAX_KEYS: usize = 100;
/// Bytes of an RSA modulus: 2,048 to 8,192 bits.
const MODULUS: std::ops::RangeInclusive<usize> = 256..=1024;

/// The public keys of a platform or of a tool, ready to verify.
#[derive(Clone, Default)]
pub struct KeySet {
    keys: HashMap<String, Result<DecodingKey, &'static str>>,
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.keys.keys()).finish()
    }
}

impl KeySet {
    /// Reads a JWK set. Keys that cannot verify a launch are remembered with the reason, so that
    /// a launch signed by one of them says so; keys without a name are left out.
    ///
    /// # Errors
    ///
    /// The text is too large, not a key set, or has more than [`MAX_KEYS`] keys; the words say which.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_KEY_SET_BYTES {
            return Err("the key set is too large".to_owned());
        }
        let value: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let Some(list) = value.get("keys").and_then(Value::as_array) else {
            return Err("the key set has no list of keys".to_owned());
        };
        if list.len() > MAX_KEYS {
            return Err("the key set has too many keys".to_owned());
        }
        let mut keys = HashMap::new();
        for key in list {
            let Some(kid) = key.get("kid").and_then(Value::as_str) else {
                continue;
            };
            // Two keys of one name: which one is meant cannot be told.
            let key = if keys.contains_key(kid) {
                Err("two keys have this name")
            } else {
                usable(key)
            };
            keys.insert(kid.to_owned(), key);
        }
        Ok(Self { keys })
    }

    /// Whether a key of that name is there, usable or not.
    pub fn knows(&self, kid: &str) -> bool {
        self.keys.contains_key(kid)
    }

    /// How many keys can verify.
    pub fn usable(&self) -> usize {
        self.keys.values().filter(|key| key.is_ok()).count()
    }

    /// Verifies a token and reads its claims. Nothing of them has been checked yet.
    pub(crate) fn open<T: DeserializeOwned>(&self, token: &str) -> Result<T, LaunchError> {
        let kid = key_id(token)?;
        let key = match self.keys.get(&kid) {
            None => return Err(LaunchError::KeyUnknown(shorten(&kid))),
            Some(Err(why)) => return Err(LaunchError::KeyUnusable((*why).to_owned())),
            Some(Ok(key)) => key,
        };
        let mut rules = Validation::new(Algorithm::RS256);
        rules.required_spec_claims.clear();
        // The clock and the audience are those of the caller, checked with everything else.
        rules.validate_exp = false;
        rules.validate_aud = false;
        match decode(token, key, &rules) {
            Ok(_) if payload(token).is_some_and(|claims| holds_nul(&claims)) => Err(
                LaunchError::ClaimsMalformed("a text holds the character NUL".to_owned()),
            ),
            Ok(read) => Ok(read.claims),
            Err(error) => Err(match error.kind() {
                ErrorKind::InvalidSignature => LaunchError::SignatureWrong,
                ErrorKind::InvalidAlgorithm => LaunchError::AlgorithmRefused("?".to_owned()),
                ErrorKind::Json(why) => LaunchError::ClaimsMalformed(why.to_string()),
                _ => LaunchError::TokenMalformed,
            }),
        }
    }
}

/// The bytes of a token's claims.
pub(crate) fn payload(token: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()
}

/// Whether a key can verify RS256, and if not, why.
fn usable(key: &Value) -> Result<DecodingKey, &'static str> {
    let jwk: Jwk = serde_json::from_value(key.clone()).map_err(|_| "it is not a JWK")?;
    if !matches!(
        jwk.common.public_key_use,
        None | Some(PublicKeyUse::Signature)
    ) {
        return Err("it is not for signing");
    }
    if !matches!(jwk.common.key_algorithm, None | Some(KeyAlgorithm::RS256)) {
        return Err("it is for another algorithm");
    }
    let AlgorithmParameters::RSA(rsa) = &jwk.algorithm else {
        return Err("it is not an RSA key");
    };
    let modulus = URL_SAFE_NO_PAD
        .decode(&rsa.n)
        .map_err(|_| "its modulus cannot be read")?;
    let length = modulus.iter().skip_while(|byte| **byte == 0).count();
    if !MODULUS.contains(&length) {
        return Err("its length is not between 2,048 and 8,192 bits");
    }
    DecodingKey::from_jwk(&jwk).map_err(|_| "it cannot be read")
}

/// The name of the key that signed a token, its algorithm having been checked.
pub fn key_id(token: &str) -> Result<String, LaunchError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(LaunchError::TokenTooLarge);
    }
    let mut parts = token.split('.');
    let (Some(header), Some(_), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(LaunchError::TokenMalformed);
    };
    let header = URL_SAFE_NO_PAD
        .decode(header)
        .map_err(|_| LaunchError::TokenMalformed)?;
    let header: Value = serde_json::from_slice(&header).map_err(|_| LaunchError::TokenMalformed)?;
    match header.get("alg").and_then(Value::as_str) {
        Some("RS256") => {}
        Some(other) => return Err(LaunchError::AlgorithmRefused(shorten(other))),
        None => return Err(LaunchError::AlgorithmRefused(String::new())),
    }
    // RFC 7515, 4.1.11: an extension that is not understood makes the token invalid.
    if header.get("crit").is_some() {
        return Err(LaunchError::TokenMalformed);
    }
    match header.get("kid").and_then(Value::as_str) {
        Some(kid) if !kid.is_empty() && !kid.contains('\0') => Ok(kid.to_owned()),
        _ => Err(LaunchError::KeyNotNamed),
    }
}

/// The beginning of a text that somebody else chose, for an error.
pub(crate) fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}

/// A private key that signs, with its name.
#[derive(Clone)]
pub struct SigningKey {
    kid: String,
    key: EncodingKey,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SigningKey").field(&self.kid).finish()
    }
}

impl SigningKey {
    /// A key from its PKCS#8 form in PEM.
    ///
    /// # Errors
    ///
    /// The text is not an RSA private key.
    pub fn from_pem(kid: impl Into<String>, pem: &str) -> Result<Self, String> {
        let key = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|e| e.to_string())?;
        Ok(Self {
            kid: kid.into(),
            key,
        })
    }

    /// Its name.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Signs claims as a compact JWT.
    ///
    /// # Errors
    ///
    /// The claims are not a JSON object, or the key does not sign.
    pub fn sign<T: Serialize>(&self, claims: &T) -> Result<String, String> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.kid.clone());
        encode(&header, claims, &self.key).map_err(|e| e.to_string())
    }

    /// Its public half, as a key set lists it.
    ///
    /// # Errors
    ///
    /// The key cannot be read.
    pub fn public(&self) -> Result<Value, String> {
        let jwk = Jwk::from_encoding_key(&self.key, Algorithm::RS256).map_err(|e| e.to_string())?;
        let AlgorithmParameters::RSA(rsa) = jwk.algorithm else {
            return Err("not an RSA key".to_owned());
        };
        Ok(
            json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": rsa.n, "e": rsa.e}),
        )
    }
}
