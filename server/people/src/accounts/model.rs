//! Rules of accounts: passwords, attempts, devices, where a link may be sent. Pure.

use std::net::IpAddr;

use passerelle_kernel::Micros;
use passerelle_kernel::env::{DAY, HOUR, MINUTE};

use crate::names::{identifier, normalise};

/// How long a session lasts without a visit.
pub const SESSION_LIFETIME: Micros = 30 * DAY;
/// A visit is written down at most this often.
pub const SEEN_EVERY: Micros = 10 * MINUTE;
/// How long a sign-in link that was asked for is valid.
pub const ASKED_LINK_LIFETIME: Micros = 20 * MINUTE;
/// How long an invitation is valid, and any link at most.
pub const LINK_LIFETIME: Micros = 7 * DAY;
/// How long attempts are remembered at most.
pub const THROTTLE_MEMORY: Micros = DAY;

/// Characters at least in a password (ANSSI, recommendations of 8 October 2021, and NIST SP 800-63B).
pub const PASSWORD_MIN: usize = 12;
/// Bytes at most in a password: beyond, hashing would be somebody else's tool.
pub const PASSWORD_MAX_BYTES: usize = 1024;
/// Characters at most in an identifier.
pub const IDENTIFIER_MAX: usize = 254;

/// What is wrong with a password, as the id of the message that says what to do; none when it is good.
pub fn password_problem(password: &str, sign_in: &str, name: &str) -> Option<&'static str> {
    let letters: Vec<char> = password.chars().collect();
    if letters.len() < PASSWORD_MIN {
        return Some("account-error-password-short");
    }
    if password.len() > PASSWORD_MAX_BYTES {
        return Some("account-error-password-long");
    }
    if is_repetition(&letters) || is_sequence(&letters) {
        return Some("account-error-password-repeated");
    }
    // What is left once the identifier and the name are taken out must itself resist guessing.
    let mut rest = normalise(password);
    let local = sign_in.split('@').next().unwrap_or_default();
    // Each word of the name, and each piece of a word that is made of several.
    let words = name.split(|c: char| !c.is_alphanumeric()).map(normalise);
    for part in [normalise(sign_in), normalise(local)]
        .into_iter()
        .chain(words)
        .filter(|part| part.len() >= 3)
    {
        rest = rest.replace(&part, "");
    }
    let symbols = letters
        .iter()
        .filter(|c| !c.is_alphanumeric() && !c.is_whitespace())
        .count();
    if rest.chars().count() + symbols < 6 {
        return Some("account-error-password-name");
    }
    None
}

/// Whether the text is a shorter piece again and again, or has fewer than five different characters.
fn is_repetition(letters: &[char]) -> bool {
    let mut distinct = letters.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let repeats = |size: usize| {
        letters
            .iter()
            .enumerate()
            .all(|(place, c)| letters.get(place % size) == Some(c))
    };
    distinct.len() < 5 || (1..=letters.len() / 2).any(repeats)
}

/// Whether each character follows the one before: `123456789012`, `abcdefghijkl`.
fn is_sequence(letters: &[char]) -> bool {
    let follows = |a: char, b: char| {
        let step = i64::from(u32::from(b)) - i64::from(u32::from(a));
        step == 1 || step == -1 || (a == '9' && b == '0') || (a == '0' && b == '9')
    };
    letters
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if follows(*a, *b)))
}

/// What is wrong with an identifier, as the id of a message.
pub fn identifier_problem(text: &str) -> Option<&'static str> {
    let count = text.chars().count();
    let plain = text.chars().all(|c| !c.is_whitespace() && !c.is_control());
    (!(3..=IDENTIFIER_MAX).contains(&count) || !plain || text != identifier(text))
        .then_some("account-error-identifier")
}

/// Where a link that signs in may be sent.
///
/// The identifier when it is an address: its owner chose it. Otherwise the
/// address that a space knows, but only when the person belongs to that space
/// alone: else the managers of one space could have a link to another's person
/// sent to an address of theirs.
pub fn trusted_address(sign_in: &str, addresses: &[Option<String>]) -> Option<String> {
    if passerelle_web::form::is_email(sign_in) {
        return Some(sign_in.to_owned());
    }
    match addresses {
        [Some(only)] => Some(only.clone()),
        _ => None,
    }
}

/// Whether a link may leave in a message that another plugin writes, to the address that its
/// space knows: never where that address could be another space's, or somebody else's.
pub fn link_may_travel(sign_in: &str, addresses: &[Option<String>]) -> bool {
    addresses.len() <= 1 || addresses.iter().flatten().all(|address| address == sign_in)
}

/// How many attempts are free, then how long one waits.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Attempts before waiting.
    pub free: i32,
    /// Quiet time after which everything is forgotten.
    pub window: Micros,
    /// First wait; each further attempt doubles it.
    pub first_wait: Micros,
    /// Longest wait.
    pub longest_wait: Micros,
}

/// Passwords tried on one identifier.
pub const PER_IDENTIFIER: Limit = Limit {
    free: 5,
    window: 15 * MINUTE,
    first_wait: MINUTE,
    longest_wait: 15 * MINUTE,
};
/// Passwords tried from one place: a training room shares one address, and what succeeds is not counted.
pub const PER_CLIENT: Limit = Limit {
    free: 40,
    window: 15 * MINUTE,
    first_wait: 5 * MINUTE,
    longest_wait: HOUR,
};
/// Links asked for one identifier.
pub const LINKS_PER_IDENTIFIER: Limit = Limit {
    free: 3,
    window: 15 * MINUTE,
    first_wait: 15 * MINUTE,
    longest_wait: HOUR,
};
/// Links asked from one place.
pub const LINKS_PER_CLIENT: Limit = Limit {
    free: 40,
    window: 15 * MINUTE,
    first_wait: 15 * MINUTE,
    longest_wait: HOUR,
};

/// Attempts counted under one key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// The latest one.
    pub since: Micros,
    /// How many.
    pub failures: i32,
    /// When the next one is possible.
    pub blocked_until: Micros,
}

impl Attempts {
    /// Counts one more attempt at `now`, or says until when to wait.
    ///
    /// It is counted before the password is looked at, so that many attempts at
    /// once are not all the fifth; [`Attempts::give_back`] undoes it.
    pub fn charge(self, now: Micros, limit: Limit) -> Result<Self, Micros> {
        if self.blocked_until > now {
            return Err(self.blocked_until);
        }
        let quiet = now - self.since.max(self.blocked_until) >= limit.window;
        let failures = if quiet { 1 } else { self.failures + 1 };
        let beyond = failures - limit.free;
        let blocked_until = if beyond < 0 {
            0
        } else {
            let wait = limit.first_wait.saturating_mul(1 << beyond.min(20));
            now + wait.min(limit.longest_wait)
        };
        Ok(Self {
            since: now,
            failures,
            blocked_until,
        })
    }

    /// Takes back one attempt that succeeded.
    #[must_use]
    pub fn give_back(self, limit: Limit) -> Self {
        let failures = (self.failures - 1).max(0);
        Self {
            failures,
            blocked_until: if failures < limit.free {
                0
            } else {
                self.blocked_until
            },
            ..self
        }
    }
}

/// The part of an address that attempts are counted under: an IPv6 customer has a whole /64.
pub fn client_key(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// A browser and a system, for people to recognise their own session; never used to decide.
pub fn device(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg/", "Edge"),
        ("EdgA/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Macintosh", "macOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
