//! The login that a platform begins (Security Framework 1.0, 5.1.1).

use url::Url;

use crate::error::LoginError;
use crate::launch::is_ours;

/// Characters of a parameter at most; hints are opaque and may be long.
const MAX_PARAMETER: usize = 8_192;

/// A login that a platform begins, from a query or from a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// Issuer.
    pub issuer: String,
    /// Opaque; goes back as it came.
    pub login_hint: String,
    /// Opaque; goes back as it came.
    pub message_hint: Option<String>,
    /// Where the launch will lead.
    pub target: String,
    /// Our client identifier, when the issuer has several registrations.
    pub client_id: Option<String>,
    /// The deployment, when it is known at this point.
    pub deployment: Option<String>,
    /// The frame in which the platform keeps `state` for us, when it offers to.
    pub storage_target: Option<String>,
}

impl Login {
    /// Reads the parameters; `get` answers the value of a name.
    ///
    /// # Errors
    ///
    /// One that must be there is not, one is too long, or the target is not below `base`.
    pub fn read(get: impl Fn(&str) -> Option<String>, base: &Url) -> Result<Self, LoginError> {
        let optional = |name: &'static str| match get(name).filter(|value| !value.is_empty()) {
            Some(value) if value.len() > MAX_PARAMETER => Err(LoginError::TooLong(name)),
            value => Ok(value),
        };
        let needed = |name: &'static str| optional(name)?.ok_or(LoginError::Missing(name));
        let login = Self {
            issuer: needed("iss")?,
            login_hint: needed("login_hint")?,
            message_hint: optional("lti_message_hint")?,
            target: needed("target_link_uri")?,
            client_id: optional("client_id")?,
            deployment: optional("lti_deployment_id")?,
            storage_target: optional("lti_storage_target")?,
        };
        match is_ours(&login.target, base) {
            Some(_) => Ok(login),
            None => Err(LoginError::TargetElsewhere),
        }
    }
}

/// Where the browser goes next: the platform's authorization endpoint with our request
/// (Security Framework 1.0, 5.1.1.2).
pub fn authorization_url(
    endpoint: &Url,
    login: &Login,
    client_id: &str,
    redirect: &Url,
    state: &str,
    nonce: &str,
) -> Url {
    let mut url = endpoint.clone();
    {
        let mut query = url.query_pairs_mut();
        query
            .append_pair("scope", "openid")
            .append_pair("response_type", "id_token")
            .append_pair("response_mode", "form_post")
            .append_pair("prompt", "none")
            .append_pair("client_id", client_id)
            .append_pair("redirect_uri", redirect.as_str())
            .append_pair("login_hint", &login.login_hint)
            .append_pair("state", state)
            .append_pair("nonce", nonce);
        if let Some(hint) = &login.message_hint {
            query.append_pair("lti_message_hint", hint);
        }
    }
    url
}
