//! Hashing passwords: argon2id, on a thread of its own, two at a time, never
//! inside a transaction.
//!
//! Somebody unknown costs the same work as somebody known, so that the time of
//! an answer does not tell who has an account.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use passerelle_kernel::Env;
use passerelle_web::AppError;
use tokio::sync::Semaphore;

/// Hashes at the same time: each takes a core and 19 MiB for some tens of milliseconds.
const AT_ONCE: usize = 2;
/// Longest wait for one's turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of salt, as the PHC string format recommends.
const SALT: usize = 16;

/// Why a password could not be hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many wait already.
    #[error("too many passwords are being checked")]
    Busy,
    /// The cost is out of what argon2id allows.
    #[error("argon2id: {0}")]
    Cost(argon2::Error),
    /// Hashing failed.
    #[error("password hashing: {0}")]
    Hash(argon2::password_hash::Error),
    /// The thread did not come back.
    #[error("password hashing did not finish")]
    Lost,
}

impl From<PasswordError> for AppError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::TooMany,
            other => Self::internal(other),
        }
    }
}

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory, KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for PasswordCost {
    /// OWASP, Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            passes: 2,
            lanes: 1,
        }
    }
}

impl PasswordCost {
    /// The least that argon2id allows; for tests only.
    pub const TEST: Self = Self {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };

    /// Hashes; takes some tens of milliseconds of a core.
    pub fn hash(self, password: &str, salt: [u8; SALT]) -> Result<String, PasswordError> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, None)
            .map_err(PasswordError::Cost)?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash = argon
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(PasswordError::Hash)?;
        Ok(hash.to_string())
    }

    /// A well-formed hash of nothing: checking against it is as long as any, and fails.
    fn decoy(self) -> String {
        let Self {
            memory_kib,
            passes,
            lanes,
        } = self;
        let (salt, output) = ("A".repeat(22), "A".repeat(43));
        format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${output}")
    }
}

/// Hashes with the default cost. It blocks: for the command line and the demonstration.
pub fn hash_password(password: &str) -> Result<String, PasswordError> {
    PasswordCost::default().hash(password, Env::system().bytes())
}

/// Hashes and checks, two at a time; cheap to clone.
#[derive(Clone, Debug)]
pub struct Hasher {
    cost: PasswordCost,
    turns: Arc<Semaphore>,
    runs: Arc<AtomicU64>,
}

impl Hasher {
    /// With that cost for new passwords and for unknown people.
    pub fn new(cost: PasswordCost) -> Self {
        Self {
            cost,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            runs: Arc::default(),
        }
    }

    /// Hashes a new password.
    pub async fn hash(&self, env: &Env, password: &str) -> Result<String, PasswordError> {
        let (cost, salt, password) = (self.cost, env.bytes(), password.to_owned());
        self.run(move || cost.hash(&password, salt)).await?
    }

    /// Whether the password is the stored one. Without a stored one the work is the same and the answer no.
    pub async fn verify(
        &self,
        password: &str,
        stored: Option<&str>,
    ) -> Result<bool, PasswordError> {
        let hash = stored.map_or_else(|| self.cost.decoy(), str::to_owned);
        let password = password.to_owned();
        let matches = self
            .run(move || {
                Argon2::default()
                    .verify_password(password.as_bytes(), hash.as_str())
                    .is_ok()
            })
            .await?;
        Ok(matches && stored.is_some())
    }

    /// How many times it worked since the start.
    pub fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned())
            .await
            .map_err(|_| PasswordError::Busy)?
            .map_err(|_| PasswordError::Busy)?;
        let runs = self.runs.clone();
        tokio::task::spawn_blocking(move || {
            // Held by the thread: a visitor who leaves does not free a turn still in use.
            let _turn = turn;
            runs.fetch_add(1, Ordering::Relaxed);
            work()
        })
        .await
        .map_err(|_| PasswordError::Lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_says_how_it_was_made_and_recognises_its_password() {
        let hash = PasswordCost::default()
            .hash("neuf tasses bleues", [7; SALT])
            .expect("hashes");
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let check = |password: &str| {
            Argon2::default()
                .verify_password(password.as_bytes(), hash.as_str())
                .is_ok()
        };
        assert!(check("neuf tasses bleues"));
        assert!(!check("neuf tasses vertes"));
    }

    #[test]
    fn the_decoy_is_worked_on_like_any_other() {
        let decoy = PasswordCost::default().decoy();
        let outcome = Argon2::default().verify_password(b"", decoy.as_str());
        assert!(
            matches!(outcome, Err(argon2::password_hash::Error::PasswordInvalid)),
            "{outcome:?}"
        );
    }

    #[tokio::test]
    async fn nobody_is_worked_for_and_refused() {
        let hasher = Hasher::new(PasswordCost::TEST);
        let hash = hasher
            .hash(&Env::system(), "neuf tasses bleues")
            .await
            .expect("hashes");
        assert!(
            hasher
                .verify("neuf tasses bleues", Some(&hash))
                .await
                .expect("checks")
        );
        assert!(
            !hasher
                .verify("neuf tasses bleues", None)
                .await
                .expect("checks")
        );
        assert!(
            !hasher
                .verify("neuf tasses bleues", Some("not a hash"))
                .await
                .expect("checks")
        );
        assert_eq!(hasher.runs(), 4);
    }
}
