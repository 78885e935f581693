//! What the registration of a tool holds; pure.

use passerelle_kernel::{Micros, Uuid};
use passerelle_lti_protocol::{
    PLATFORM_SCOPES, PlatformAddresses, SCOPE_MEMBERSHIPS, ToolRegistration,
};
use passerelle_web::Form;
use url::Url;

use crate::platforms::model::is_address;
use crate::reasons::Reason;

/// The one deployment of every tool: a registration belongs to one space.
pub(crate) const DEPLOYMENT: &str = "1";

/// A tool that courses may open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// Identifier.
    pub id: Uuid,
    /// Space whose courses open it.
    pub space: Uuid,
    /// What we call it in messages.
    pub client_id: String,
    /// What it holds to.
    pub data: ToolData,
    /// What it learns of people, and may do.
    pub sharing: Sharing,
    /// When it was closed.
    pub closed_at: Option<Micros>,
    /// When it was registered.
    pub created_at: Micros,
}

/// The fields of a registration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToolData {
    /// Name shown.
    pub name: String,
    /// Where logins begin.
    pub login_url: String,
    /// Where messages may be posted.
    pub redirects: Vec<String>,
    /// Key set.
    pub jwks_uri: String,
    /// Where launches lead when the activity says nothing else.
    pub target_url: String,
    /// Where requests to pick something lead.
    pub picker_url: Option<String>,
    /// Parameters of every launch, `name=value`, one a line.
    pub custom: String,
}

/// What a tool learns of people, and may do. Nothing by default but taking results.
#[expect(clippy::struct_excessive_bools, reason = "four boxes, ticked or not")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// Given and family names.
    pub name: bool,
    /// Addresses.
    pub email: bool,
    /// Results are taken from it.
    pub grades: bool,
    /// The list of a group may be read.
    pub members: bool,
}

impl Default for Sharing {
    fn default() -> Self {
        Self {
            name: false,
            email: false,
            grades: true,
            members: false,
        }
    }
}

impl Sharing {
    /// From the boxes that were ticked.
    pub fn parse(form: &Form) -> Self {
        Self {
            name: form.has("name"),
            email: form.has("email"),
            grades: form.has("grades"),
            members: form.has("members"),
        }
    }

    /// The scopes that tokens of such a tool may have.
    pub(crate) fn scopes(self) -> impl Iterator<Item = &'static str> {
        PLATFORM_SCOPES.into_iter().filter(move |scope| {
            if *scope == SCOPE_MEMBERSHIPS {
                self.members
            } else {
                self.grades
            }
        })
    }
}

/// Characters of a name at most.
const MAX_NAME: usize = 100;
/// Addresses of messages at most.
const MAX_REDIRECTS: usize = 20;

impl ToolData {
    /// From what an administrator entered.
    pub fn parse(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        let redirects = form.raw("redirects").lines().map(str::trim);
        Self {
            name: text("name"),
            login_url: text("login_url"),
            redirects: redirects
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect(),
            jwks_uri: text("jwks_uri"),
            target_url: text("target_url"),
            picker_url: form.optional("picker_url").map(str::to_owned),
            custom: String::new(),
        }
    }

    /// As a form holds it.
    pub fn form(&self) -> Form {
        Form::from_pairs([
            ("name", self.name.clone()),
            ("login_url", self.login_url.clone()),
            ("redirects", self.redirects.join("\n")),
            ("jwks_uri", self.jwks_uri.clone()),
            ("target_url", self.target_url.clone()),
            ("picker_url", self.picker_url.clone().unwrap_or_default()),
        ])
    }

    /// From what a tool sent to register itself.
    pub(crate) fn registered(of: &ToolRegistration) -> Self {
        let custom: Vec<String> = of
            .custom
            .iter()
            .map(|(name, value)| format!("{name}={}", value.replace(['\n', '\r'], " ")))
            .collect();
        Self {
            name: of.name.clone(),
            login_url: of.login.to_string(),
            redirects: of.redirects.clone(),
            jwks_uri: of.jwks.to_string(),
            target_url: of.target.to_string(),
            picker_url: of.picker.as_ref().map(Url::to_string),
            custom: custom.join("\n"),
        }
    }

    /// Fields in error, each with the id of its message.
    pub fn problems(&self, allows_http: bool) -> Vec<(&'static str, &'static str)> {
        let mut out = Vec::new();
        let count = self.name.chars().count();
        if count == 0 || count > MAX_NAME {
            out.push(("name", "lti-error-name"));
        }
        let right = |text: &String| is_address(text, allows_http);
        for (field, value) in [
            ("login_url", &self.login_url),
            ("target_url", &self.target_url),
            ("jwks_uri", &self.jwks_uri),
        ] {
            if !right(value) {
                out.push((field, "lti-error-address"));
            }
        }
        let few = (1..=MAX_REDIRECTS).contains(&self.redirects.len());
        if !few || !self.redirects.iter().all(right) {
            out.push(("redirects", "lti-error-redirects"));
        }
        if !self.picker_url.iter().all(right) {
            out.push(("picker_url", "lti-error-address"));
        }
        out
    }

    /// Origins that its pages come from, separated by spaces.
    pub(crate) fn origins(&self) -> String {
        let mut origins: Vec<String> = [&self.login_url, &self.target_url]
            .into_iter()
            .chain(&self.redirects)
            .filter_map(|text| Url::parse(text).ok())
            .filter(|url| matches!(url.scheme(), "https" | "http"))
            .map(|url| url.origin().ascii_serialization())
            .collect();
        origins.sort_unstable();
        origins.dedup();
        origins.join(" ")
    }
}

/// Our own addresses as a platform.
#[derive(Clone, Debug)]
pub(crate) struct Ours {
    /// We, in messages.
    pub(crate) issuer: String,
    /// What describes us to tools that register.
    pub(crate) configuration: String,
    /// Where tools end a login.
    pub(crate) authorization: String,
    /// Where access tokens are asked.
    pub(crate) token: String,
    /// Key set.
    pub(crate) jwks: String,
    /// Where tools register.
    pub(crate) registration: String,
    /// Where what was picked in a tool arrives.
    pub(crate) picked: String,
    base: String,
}

impl Ours {
    /// Below the public address of the server.
    pub(crate) fn of(public_url: &str) -> Self {
        let issuer = public_url.trim_end_matches('/').to_owned();
        let at = |path: &str| format!("{issuer}/lti/{path}");
        Self {
            configuration: at("configuration"),
            authorization: at("autoriser"),
            token: at("jeton"),
            jwks: at("cles"),
            registration: at("outils"),
            picked: at("choix"),
            base: at("services"),
            issuer,
        }
    }

    /// As the protocol names them.
    pub(crate) fn addresses(&self) -> PlatformAddresses<'_> {
        PlatformAddresses {
            issuer: &self.issuer,
            authorization: &self.authorization,
            token: &self.token,
            jwks: &self.jwks,
            registration: &self.registration,
        }
    }

    /// The line items of a tool in a group.
    pub(crate) fn line_items(&self, tool: Uuid, cohort: Uuid) -> String {
        format!("{}/{tool}/groupe/{cohort}/elements", self.base)
    }

    /// One line item.
    pub(crate) fn line_item(&self, tool: Uuid, cohort: Uuid, item: Uuid) -> String {
        format!("{}/{item}", self.line_items(tool, cohort))
    }

    /// The list of a group.
    pub(crate) fn members(&self, tool: Uuid, cohort: Uuid) -> String {
        format!("{}/{tool}/groupe/{cohort}/membres", self.base)
    }
}

/// Something that was exchanged with a tool, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ToolCall {
    /// `registration`, `launch`, `picking`, `token`, `score`, `members`.
    pub(crate) kind: &'static str,
    /// Why it was refused; none when it went well.
    pub(crate) refused: Option<Reason>,
}

/// A call as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PastCall {
    /// As in [`ToolCall::kind`].
    pub(crate) kind: String,
    /// `ok` or `refused`.
    pub(crate) outcome: String,
    /// Why it was refused.
    pub(crate) detail: String,
    /// When.
    pub(crate) at: Micros,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> ToolData {
        ToolData {
            name: "Exercices".into(),
            login_url: "https://outil.example.org/login".into(),
            redirects: vec!["https://outil.example.org/launch".into()],
            jwks_uri: "https://keys.example.org/jwks".into(),
            target_url: "https://outil.example.org/".into(),
            picker_url: None,
            custom: String::new(),
        }
    }

    #[test]
    fn a_tool_says_what_is_wrong_field_by_field() {
        assert_eq!(good().problems(false), []);
        assert_eq!(ToolData::default().problems(false).len(), 5);
        let far = ToolData {
            redirects: vec!["https://outil.example.org/a".into(), "ftp://x".into()],
            ..good()
        };
        assert_eq!(far.problems(false), [("redirects", "lti-error-redirects")]);
        let near = ToolData {
            picker_url: Some("http://127.0.0.1:9/choisir".into()),
            ..good()
        };
        assert_eq!(near.problems(false), [("picker_url", "lti-error-address")]);
        assert_eq!(near.problems(true), []);
    }

    #[test]
    fn only_origins_of_its_pages_may_be_framed() {
        let two = ToolData {
            target_url: "https://autre.example.org:8443/x".into(),
            ..good()
        };
        assert_eq!(
            two.origins(),
            "https://autre.example.org:8443 https://outil.example.org"
        );
    }

    #[test]
    fn a_tool_gets_the_scopes_of_what_is_shared_with_it() {
        let all = Sharing {
            members: true,
            ..Sharing::default()
        };
        assert_eq!(all.scopes().count(), 4);
        assert_eq!(Sharing::default().scopes().count(), 3);
        let none = Sharing {
            grades: false,
            ..Sharing::default()
        };
        assert_eq!(none.scopes().count(), 0);
    }
}
