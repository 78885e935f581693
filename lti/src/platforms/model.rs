//! What a registration holds; pure.

use passerelle_kernel::{Micros, Uuid};
use passerelle_web::Form;
use url::Url;

/// A platform that may launch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// Identifier.
    pub id: Uuid,
    /// Space whose courses it opens.
    pub space: Uuid,
    /// What it holds to.
    pub data: Registration,
    /// When it was closed.
    pub closed_at: Option<Micros>,
    /// When it was registered.
    pub created_at: Micros,
}

impl Platform {
    /// Origins whose pages may hold ours in a frame: its own, and that of the page of it that a
    /// launch says to go back to.
    pub(crate) fn origins(&self, back: Option<&str>) -> String {
        let mut origins: Vec<String> = [
            Some(self.data.issuer.as_str()),
            Some(self.data.authorization_endpoint.as_str()),
            back,
        ]
        .into_iter()
        .flatten()
        .filter_map(|text| Url::parse(text).ok())
        .filter(|url| matches!(url.scheme(), "https" | "http"))
        .map(|url| url.origin().ascii_serialization())
        .collect();
        origins.sort_unstable();
        origins.dedup();
        origins.join(" ")
    }
}

/// The fields of a registration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registration {
    /// Name shown.
    pub name: String,
    /// Which product: `moodle`, `canvas`, or nothing.
    pub product: String,
    /// Issuer.
    pub issuer: String,
    /// Our client identifier there.
    pub client_id: String,
    /// Where launches begin.
    pub authorization_endpoint: String,
    /// Where access tokens are asked.
    pub token_endpoint: String,
    /// The audience of client assertions, when it is not the token endpoint.
    pub token_audience: Option<String>,
    /// Key set.
    pub jwks_uri: String,
}

/// Characters of a name at most.
const MAX_NAME: usize = 100;
/// Characters of an address or identifier at most.
const MAX_TEXT: usize = 2_000;

impl Registration {
    /// From what an administrator entered.
    pub fn parse(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        Self {
            name: text("name"),
            product: String::new(),
            issuer: text("issuer"),
            client_id: text("client_id"),
            authorization_endpoint: text("authorization_endpoint"),
            token_endpoint: text("token_endpoint"),
            token_audience: form.optional("token_audience").map(str::to_owned),
            jwks_uri: text("jwks_uri"),
        }
    }

    /// As a form holds it.
    pub fn form(&self) -> Form {
        Form::from_pairs(self.fields())
    }

    fn fields(&self) -> [(&'static str, &str); 7] {
        [
            ("name", &self.name),
            ("issuer", &self.issuer),
            ("client_id", &self.client_id),
            ("authorization_endpoint", &self.authorization_endpoint),
            ("token_endpoint", &self.token_endpoint),
            ("jwks_uri", &self.jwks_uri),
            (
                "token_audience",
                self.token_audience.as_deref().unwrap_or_default(),
            ),
        ]
    }

    /// The fields that another registration has otherwise.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let pairs = self.fields().into_iter().zip(other.fields());
        let changed = pairs.filter(|((_, mine), (_, theirs))| mine != theirs);
        changed.map(|((name, _), _)| name).collect()
    }

    /// Fields in error, each with the id of its message.
    pub fn problems(&self, allows_http: bool) -> Vec<(&'static str, &'static str)> {
        let mut out = Vec::new();
        let count = self.name.chars().count();
        if count == 0 || count > MAX_NAME {
            out.push(("name", "lti-error-name"));
        }
        if self.client_id.is_empty() || self.client_id.len() > MAX_TEXT {
            out.push(("client_id", "lti-error-client"));
        }
        for (field, value) in [
            ("issuer", &self.issuer),
            ("authorization_endpoint", &self.authorization_endpoint),
            ("token_endpoint", &self.token_endpoint),
            ("jwks_uri", &self.jwks_uri),
        ] {
            if !is_address(value, allows_http) {
                out.push((field, "lti-error-address"));
            }
        }
        out
    }
}

/// Whether a text is an address that may be called or followed.
pub(crate) fn is_address(text: &str, allows_http: bool) -> bool {
    Url::parse(text).is_ok_and(|url| {
        let secure = url.scheme() == "https" || (allows_http && url.scheme() == "http");
        let plain = url.username().is_empty() && url.password().is_none();
        secure && plain && url.host().is_some() && text.len() <= MAX_TEXT
    })
}

/// Our own addresses, as a platform needs them.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// Everything of ours begins so.
    pub base: Url,
    /// Where logins begin.
    pub login: Url,
    /// Where launches end.
    pub launch: Url,
    /// Key set.
    pub jwks: Url,
    /// Where requests to pick something lead.
    pub picker: Url,
}

impl Addresses {
    /// Below the public address of the server.
    ///
    /// # Errors
    ///
    /// The public address is not one.
    pub fn of(public_url: &str) -> Result<Self, url::ParseError> {
        let base = Url::parse(&format!("{}/lti/", public_url.trim_end_matches('/')))?;
        Ok(Self {
            login: base.join("connexion")?,
            launch: base.join("lancement")?,
            jwks: base.join("cles")?,
            picker: base.join("choisir")?,
            base,
        })
    }

    /// The link that opens a cohort.
    pub fn cohort(&self, cohort: Uuid) -> String {
        format!("{}groupe/{cohort}", self.base)
    }
}

/// A deployment of a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// Its name.
    pub name: String,
    /// Whether it may launch.
    pub accepted: bool,
    /// When it was first seen.
    pub seen_at: Micros,
}

/// Something that a platform asked, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `login`, `launch` or `registration`.
    pub kind: String,
    /// `ok`, or the code of the error.
    pub outcome: String,
    /// Why, as `reasons` keeps it.
    pub detail: String,
    /// What the person was shown.
    pub reference: String,
    /// When.
    pub at: Micros,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_says_what_is_wrong_field_by_field() {
        let good = Registration {
            name: "Moodle du GRETA".into(),
            issuer: "https://moodle.example.org".into(),
            client_id: "x".into(),
            authorization_endpoint: "https://moodle.example.org/auth".into(),
            token_endpoint: "https://moodle.example.org/token".into(),
            jwks_uri: "https://moodle.example.org/keys".into(),
            ..Registration::default()
        };
        assert_eq!(good.problems(false), []);
        assert_eq!(Registration::default().problems(false).len(), 6);
        for wrong in [
            "http://moodle.example.org",
            "javascript:alert(1)",
            "https://a:b@moodle.example.org",
            "moodle",
        ] {
            let bad = Registration {
                jwks_uri: wrong.into(),
                ..good.clone()
            };
            assert_eq!(
                bad.problems(false),
                [("jwks_uri", "lti-error-address")],
                "{wrong}"
            );
        }
        let near = Registration {
            jwks_uri: "http://127.0.0.1:9/keys".into(),
            ..good
        };
        assert_eq!(near.problems(true), []);
    }
}
