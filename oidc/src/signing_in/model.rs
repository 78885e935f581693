//! A sign-in on its way, as the browser keeps it. Pure.
//!
//! Nothing is written here for who only presses a button: the state, the nonce and the PKCE
//! verifier are in a cookie that no script and no other site reads, for ten minutes. A state is
//! used once because the cookie goes when it comes back, and because a code is good once.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use passerelle_kernel::env::MINUTE;
use passerelle_kernel::{Micros, Uuid};

use crate::protocol::Secrets;

/// How long one may take to sign in there.
pub const LIFE: Micros = 10 * MINUTE;
/// Bytes at most of the path that one goes to.
const MAX_PATH: usize = 1000;

/// A sign-in on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Where.
    pub provider: Uuid,
    /// What must come back, and what proves that it was us.
    pub secrets: Secrets,
    /// A path of ours to go to afterwards.
    pub leads_to: String,
    /// Until when.
    pub expires_at: Micros,
}

impl Begun {
    /// As a cookie holds it.
    pub fn to_cookie(&self) -> String {
        let to = if self.leads_to.len() > MAX_PATH {
            "/"
        } else {
            &self.leads_to
        };
        let Secrets {
            state,
            nonce,
            verifier,
        } = &self.secrets;
        let to = URL_SAFE_NO_PAD.encode(to);
        format!(
            "{}.{state}.{nonce}.{verifier}.{}.{to}",
            self.provider, self.expires_at
        )
    }

    /// What a cookie holds; none when it is not one of ours.
    pub fn from_cookie(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let provider = Uuid::parse_str(parts.next()?).ok()?;
        let is_token =
            |part: &&str| part.len() == 64 && part.bytes().all(|b| b.is_ascii_hexdigit());
        let mut token = || parts.next().filter(is_token).map(str::to_owned);
        let secrets = Secrets {
            state: token()?,
            nonce: token()?,
            verifier: token()?,
        };
        let expires_at = parts.next()?.parse().ok()?;
        let leads_to = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        let begun = Self {
            provider,
            secrets,
            leads_to: String::from_utf8(leads_to).ok()?,
            expires_at,
        };
        parts.next().is_none().then_some(begun)
    }

    /// Whether that is what was begun: at that provider, with that state, not long ago.
    pub fn is(&self, provider: Uuid, state: &str, now: Micros) -> bool {
        // Both are random and as long as each other: what the comparison takes tells nothing.
        self.provider == provider && self.secrets.state == state && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun() -> Begun {
        Begun {
            provider: Uuid::from_u128(7),
            secrets: Secrets {
                state: "a".repeat(64),
                nonce: "b".repeat(64),
                verifier: "c".repeat(64),
            },
            leads_to: "/formation/1?a=é;b".to_owned(),
            expires_at: 1000,
        }
    }

    #[test]
    fn a_cookie_says_back_what_was_put_in_it() {
        let cookie = begun().to_cookie();
        assert_eq!(Begun::from_cookie(&cookie), Some(begun()));
        assert!(
            cookie
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        );
    }

    #[test]
    fn what_is_not_ours_is_nothing() {
        let good = begun().to_cookie();
        for bad in [
            "",
            ".....",
            "x.y.z",
            &good[1..],
            &format!("{good}.more"),
            &good.replace('a', "g"),
            &good.replace(".1000.", ".soon."),
        ] {
            assert_eq!(Begun::from_cookie(bad), None, "{bad}");
        }
    }

    #[test]
    fn it_comes_back_from_where_it_went_with_its_state_and_in_time() {
        let (begun, state) = (begun(), "a".repeat(64));
        assert!(begun.is(begun.provider, &state, 999));
        assert!(!begun.is(Uuid::from_u128(8), &state, 999));
        assert!(!begun.is(begun.provider, &"d".repeat(64), 999));
        assert!(!begun.is(begun.provider, "", 999));
        assert!(!begun.is(begun.provider, &state, 1000));
    }

    #[test]
    fn a_path_that_is_too_long_leads_home() {
        let long = Begun {
            leads_to: format!("/{}", "x".repeat(2000)),
            ..begun()
        };
        let kept = Begun::from_cookie(&long.to_cookie()).expect("a cookie");
        assert_eq!(kept.leads_to, "/");
    }
}
