//! Clock, identifiers and randomness, injected so that tests own time.
//!
//! This is the only place that asks the operating system for the time or for
//! random bytes; `clippy.toml` refuses it everywhere else.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// An instant: microseconds since 1970-01-01T00:00:00Z.
pub type Micros = i64;

/// One second, in [`Micros`].
pub const SECOND: Micros = 1_000_000;
/// One minute, in [`Micros`].
pub const MINUTE: Micros = 60 * SECOND;
/// One hour, in [`Micros`].
pub const HOUR: Micros = 60 * MINUTE;
/// Twenty-four hours, in [`Micros`]; never a calendar day.
pub const DAY: Micros = 24 * HOUR;

/// Source of the current instant.
pub trait Clock: Send + Sync {
    /// The current instant, truncated to the microsecond.
    fn now(&self) -> Micros;
}

/// Source of unpredictable bytes.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` wholly.
    fn fill(&self, bytes: &mut [u8]);
}

/// The wall clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the wall clock"
    )]
    fn now(&self) -> Micros {
        jiff::Timestamp::now().as_microsecond()
    }
}

/// A clock that moves only when told to; for tests.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock stopped at `at`.
    pub fn new(at: Micros) -> Self {
        Self(AtomicI64::new(at))
    }
    /// Moves forward by `by` microseconds.
    pub fn advance(&self, by: Micros) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }
    /// Jumps to `at`.
    pub fn set(&self, at: Micros) {
        self.0.store(at, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Micros {
        self.0.load(Ordering::SeqCst)
    }
}

/// The operating system's random source.
#[derive(Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the random source"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            // Without randomness no token is safe: stopping is the only right answer.
            std::process::abort();
        }
    }
}

/// Reproducible bytes for tests: SHA-256 of a seed and a counter.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    counter: AtomicU64,
}

impl SeededEntropy {
    /// A reproducible source.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            counter: AtomicU64::new(0),
        }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let n = self.counter.fetch_add(1, Ordering::SeqCst);
            let mut hasher = Sha256::new();
            hasher.update(self.seed.to_be_bytes());
            hasher.update(n.to_be_bytes());
            let block = hasher.finalize();
            let len = chunk.len();
            chunk.copy_from_slice(&block[..len]);
        }
    }
}

/// Clock, identifiers and randomness, handed to whoever needs them.
#[derive(Clone)]
pub struct Env {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    last: Arc<AtomicI64>,
}

impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Env")
    }
}

impl Env {
    /// The real one.
    pub fn system() -> Self {
        Self::new(Arc::new(SystemClock), Arc::new(OsEntropy))
    }

    /// From given sources.
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            clock,
            entropy,
            last: Arc::new(AtomicI64::new(0)),
        }
    }

    /// The current instant.
    pub fn now(&self) -> Micros {
        self.clock.now()
    }

    /// A fresh `UUIDv7`; within a process they never go back, even when the clock does.
    pub fn id(&self) -> Uuid {
        // 48 bits of milliseconds, then 12 bits of the microseconds within (RFC 9562, method 3).
        let now = self.now();
        let ticks = self
            .last
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| {
                Some(now.max(last + 1))
            })
            .map_or(now, |last| now.max(last + 1));
        let mut random = [0_u8; 8];
        self.entropy.fill(&mut random);
        let millis = (ticks / 1000).max(0) as u64;
        let sub = ((ticks % 1000).max(0) as u64 * 4096 / 1000) as u16;
        let high = (millis << 16) | 0x7000 | u64::from(sub);
        let low = (u64::from_be_bytes(random) & 0x3fff_ffff_ffff_ffff) | 0x8000_0000_0000_0000;
        Uuid::from_u64_pair(high, low)
    }

    /// `N` unpredictable bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0_u8; N];
        self.entropy.fill(&mut bytes);
        bytes
    }

    /// A secret for an address or a cookie: 256 bits, 64 hexadecimal characters.
    pub fn token(&self) -> String {
        hex::encode(self.bytes::<32>())
    }

    /// A short label safe in a host name: 80 bits, 20 hexadecimal characters.
    pub fn label(&self) -> String {
        hex::encode(self.bytes::<10>())
    }
}

/// SHA-256 of a secret: what is stored instead of it.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_version_seven_and_never_go_back() {
        let clock = Arc::new(ManualClock::new(1_700_000_000_000_000));
        let env = Env::new(clock.clone(), Arc::new(SeededEntropy::new(1)));
        let mut previous = env.id();
        assert_eq!(previous.get_version_num(), 7);
        for step in 0..2000 {
            if step == 1000 {
                clock.set(1_600_000_000_000_000);
            }
            let next = env.id();
            assert!(next > previous, "{next} after {previous}");
            previous = next;
        }
    }

    #[test]
    fn an_identifier_carries_its_instant() {
        let env = Env::new(
            Arc::new(ManualClock::new(1_700_000_000_123_456)),
            Arc::new(SeededEntropy::new(1)),
        );
        let (high, _) = env.id().as_u64_pair();
        assert_eq!(high >> 16, 1_700_000_000_123);
    }
}
