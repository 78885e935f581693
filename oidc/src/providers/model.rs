//! What a provider is, and what may be written of it. Pure.

use passerelle_kernel::{Micros, Uuid};
use passerelle_web::Form;
use url::Url;

/// Bytes at most of an address.
const MAX_ADDRESS: usize = 500;
/// Characters at most of a name, an identifier, a secret.
const MAX_TEXT: usize = 255;
/// What is appended to an issuer to know it (Discovery 1.0, section 4); people paste it whole.
const CONFIGURATION: &str = "/.well-known/openid-configuration";
/// What is asked for unless the administrator says otherwise: a name to show.
pub const SCOPES: &str = "openid profile";

/// A provider of a space.
#[derive(Clone, PartialEq, Eq)]
pub struct Provider {
    /// Identifier, also in our addresses.
    pub id: Uuid,
    /// Whose it is.
    pub space: Uuid,
    /// Written on the button.
    pub name: String,
    /// Its issuer.
    pub issuer: String,
    /// Who we are for it.
    pub client: ClientSettings,
    /// When it was closed.
    pub closed_at: Option<Micros>,
    /// When it was added.
    pub created_at: Micros,
}

impl Provider {
    /// Whether people may sign in with it.
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none() && !self.client.id.is_empty()
    }
}

/// A secret is never printed.
impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider")
            .field("id", &self.id)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// Who we are for a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSettings {
    /// The identifier that it gave us; empty until then.
    pub id: String,
    /// The secret that it gave us, unless it gives none.
    pub secret: Option<String>,
    /// What is asked for, separated by spaces; `openid` is among it.
    pub scopes: String,
}

impl ClientSettings {
    /// Reads a form; a secret left empty is the one that is kept already.
    pub fn parse(form: &Form, before: &Self) -> Self {
        let secret = form.raw("client_secret").trim();
        let secret = if form.has("no_secret") {
            None
        } else if secret.is_empty() {
            before.secret.clone()
        } else {
            Some(secret.to_owned())
        };
        let scopes: Vec<&str> = form.text("scopes").split_whitespace().collect();
        Self {
            id: form.text("client_id").to_owned(),
            secret,
            scopes: scopes.join(" "),
        }
    }

    /// What is wrong, field by field, as ids of messages.
    pub fn problems(&self) -> Vec<(&'static str, &'static str)> {
        let mut problems = Vec::new();
        let plain = |text: &str| text.len() <= MAX_TEXT && !text.chars().any(char::is_control);
        if self.id.is_empty() || !plain(&self.id) {
            problems.push(("client_id", "oidc-error-client-id"));
        }
        if !self.secret.as_deref().is_none_or(plain) {
            problems.push(("client_secret", "oidc-error-client-secret"));
        }
        // Characters of RFC 6749, section 3.3.
        let is_scope = |b: u8| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e | b' ');
        let asks = self.scopes.split(' ').any(|scope| scope == "openid");
        if !asks || self.scopes.len() > MAX_TEXT || !self.scopes.bytes().all(is_scope) {
            problems.push(("scopes", "oidc-error-scopes"));
        }
        problems
    }
}

/// A provider to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProvider {
    /// Written on the button.
    pub name: String,
    /// Its issuer, as typed but for what people paste with it.
    pub issuer: String,
}

impl NewProvider {
    /// Reads a form.
    pub fn parse(form: &Form) -> Self {
        let typed = form.text("issuer");
        Self {
            name: form.text("name").to_owned(),
            issuer: typed
                .strip_suffix(CONFIGURATION)
                .unwrap_or(typed)
                .to_owned(),
        }
    }

    /// What is wrong, field by field, as ids of messages. `allows_http` is for a machine where
    /// everything runs side by side.
    pub fn problems(&self, allows_http: bool) -> Vec<(&'static str, &'static str)> {
        let mut problems = Vec::new();
        if self.name.is_empty() || self.name.chars().count() > 60 {
            problems.push(("name", "oidc-error-name"));
        }
        let usable = |url: Url| {
            let secure = url.scheme() == "https" || (allows_http && url.scheme() == "http");
            secure
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
                && url.password().is_none()
        };
        if self.issuer.len() > MAX_ADDRESS || !Url::parse(&self.issuer).is_ok_and(usable) {
            problems.push(("issuer", "oidc-error-issuer"));
        }
        problems
    }

    /// The same issuer with a final slash more or less: they are not the same for a computer.
    pub fn other_issuer(&self) -> String {
        self.issuer
            .strip_suffix('/')
            .map_or_else(|| format!("{}/", self.issuer), str::to_owned)
    }
}

/// How a sign-in went, for administrators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// A stable word: `in`, `linked`, or why not.
    pub outcome: String,
    /// What happened, with the section of the specification.
    pub detail: String,
    /// What the person was told to quote; empty when it went well.
    pub reference: String,
    /// When.
    pub at: Micros,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_people_paste_it() {
        let form = Form::from_pairs([
            ("name", "Keycloak"),
            (
                "issuer",
                "https://id.exemple.fr/realms/centre/.well-known/openid-configuration",
            ),
        ]);
        let new = NewProvider::parse(&form);
        assert_eq!(new.issuer, "https://id.exemple.fr/realms/centre");
        assert_eq!(new.other_issuer(), "https://id.exemple.fr/realms/centre/");
        assert!(new.problems(false).is_empty());
    }

    #[test]
    fn an_address_must_be_one_that_can_be_called_safely() {
        for bad in [
            "",
            "id.exemple.fr",
            "http://id.exemple.fr",
            "https://id.exemple.fr?a=b",
            "https://id.exemple.fr#a",
            "https://moi:secret@id.exemple.fr",
            "javascript:alert(1)",
        ] {
            let new = NewProvider {
                name: "X".to_owned(),
                issuer: bad.to_owned(),
            };
            assert_eq!(
                new.problems(false),
                [("issuer", "oidc-error-issuer")],
                "{bad}"
            );
        }
    }

    #[test]
    fn a_secret_left_empty_is_kept_and_one_taken_away_is_gone() {
        let before = ClientSettings {
            id: "nous".to_owned(),
            secret: Some("ancien".to_owned()),
            scopes: SCOPES.to_owned(),
        };
        let sent = |pairs: &[(&str, &str)]| {
            let form = Form::from_pairs(pairs.iter().copied());
            ClientSettings::parse(&form, &before).secret
        };
        assert_eq!(sent(&[("client_secret", "")]), before.secret);
        assert_eq!(sent(&[("client_secret", "neuf")]).as_deref(), Some("neuf"));
        assert_eq!(sent(&[("client_secret", ""), ("no_secret", "on")]), None);
    }

    #[test]
    fn what_is_asked_for_is_made_of_words_and_openid_is_one() {
        for (scopes, good) in [
            ("openid", true),
            ("openid given_name usual_name", true),
            ("profile", false),
            ("openid \"x\"", false),
            ("openid é", false),
        ] {
            let client = ClientSettings {
                id: "nous".to_owned(),
                secret: None,
                scopes: scopes.to_owned(),
            };
            assert_eq!(client.problems().is_empty(), good, "{scopes}");
        }
    }
}
