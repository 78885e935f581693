//! The key that tags entries and signs tree heads; kept apart from the database.

use std::path::Path;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{ConnectionTrait, DbErr};
use sha2::Sha256;

use super::tree::Hash;
use crate::db::{Db, statement};
use crate::env::Env;
use crate::secret;

/// Why the key file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It could not be read or written.
    #[error("journal key file: {0}")]
    Io(#[from] std::io::Error),
    /// It does not hold two keys.
    #[error("the journal key file does not hold two lines of 64 hexadecimal characters")]
    Malformed,
}

/// Signing key (Ed25519), which may be rotated, and tagging key (HMAC-SHA-256), which stays.
#[derive(Clone)]
pub struct JournalKey {
    signing: SigningKey,
    tagging: [u8; 32],
}

impl std::fmt::Debug for JournalKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JournalKey({})", hex::encode(self.public()))
    }
}

impl JournalKey {
    /// From two secrets of 32 bytes.
    pub fn from_seeds(tagging: [u8; 32], signing: &[u8; 32]) -> Self {
        Self {
            signing: SigningKey::from_bytes(signing),
            tagging,
        }
    }

    /// Reads the key file; none when there is no such file.
    pub fn load(path: &Path) -> Result<Option<Self>, KeyError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A new key, not written anywhere yet, and the text of its file.
    pub fn generate(env: &Env) -> Result<(Self, String), KeyError> {
        let text = format!("{}\n{}\n", env.token(), env.token());
        Ok((Self::parse(&text)?, text))
    }

    /// Writes a new key file, readable by its owner only; never over another one.
    pub fn write(path: &Path, text: &str) -> Result<(), KeyError> {
        Ok(secret::write(path, text)?)
    }

    /// Tagging key on the first line, signing key on the second.
    fn parse(text: &str) -> Result<Self, KeyError> {
        let mut lines = text.lines();
        let mut secret = || {
            let mut bytes = [0; 32];
            let line = lines.next().unwrap_or_default().trim();
            hex::decode_to_slice(line, &mut bytes)
                .map(|()| bytes)
                .map_err(|_| KeyError::Malformed)
        };
        Ok(Self::from_seeds(secret()?, &secret()?))
    }

    /// The public key.
    pub fn public(&self) -> [u8; 32] {
        self.signing.verifying_key().to_bytes()
    }

    /// Signature of a message.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signing.sign(message).to_bytes()
    }

    /// A secret for another purpose, that says nothing of this key: HMAC-SHA-256 of its name.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        mac(&self.tagging, &[b"passerelle secret\0", purpose.as_bytes()])
    }

    pub(super) fn tag(&self, parts: &[&[u8]]) -> Hash {
        mac(&self.tagging, parts)
    }
}

/// The public key, as heads name it.
pub(super) fn hex_of(key: &JournalKey) -> String {
    hex::encode(key.public())
}

/// Whether the journal holds an entry; an error when there is no schema yet.
pub async fn is_begun(db: &Db) -> Result<bool, DbErr> {
    let sql = "SELECT 1 AS one FROM journal_entry LIMIT 1";
    let found = db
        .read()
        .query_one_raw(statement(db.read(), sql, []))
        .await?;
    Ok(found.is_some())
}

/// HMAC-SHA-256 over the parts in order.
pub(super) fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Hash {
    // HMAC pads a short key with zeros to the block of 64 bytes (RFC 2104).
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Checks an Ed25519 signature.
pub fn verify_signature(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public).is_ok_and(|key| {
        key.verify_strict(message, &Signature::from_bytes(signature))
            .is_ok()
    })
}
