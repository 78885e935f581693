//! Every way to be refused, each with its section of the specification.

/// Why a launch is refused.
///
/// [`code`](Self::code) is stable: logs, messages and tests use it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LaunchError {
    /// The token is longer than [`crate::MAX_TOKEN_BYTES`].
    #[error("the token is too large")]
    TokenTooLarge,
    /// Not three parts of base64url with a JSON header.
    #[error("the token is not a signed JWT")]
    TokenMalformed,
    /// `none`, a shared secret, or whatever is not pinned.
    #[error("the algorithm is refused: {0}")]
    AlgorithmRefused(String),
    /// The header names no key.
    #[error("the token does not say which key signed it")]
    KeyNotNamed,
    /// The platform's key set has no such key.
    #[error("the platform has no such key: {0}")]
    KeyUnknown(String),
    /// The key cannot verify: another type, another use, too short, twice there.
    #[error("the platform's key cannot be used: {0}")]
    KeyUnusable(String),
    /// The signature is not that of the key.
    #[error("the signature is wrong")]
    SignatureWrong,
    /// A claim has another type than it should.
    #[error("the claims cannot be read: {0}")]
    ClaimsMalformed(String),
    /// A claim is longer than the specification allows.
    #[error("a claim is too long: {0}")]
    ClaimTooLong(&'static str),
    /// Another issuer than the platform's.
    #[error("the issuer is not that of the platform")]
    IssuerWrong,
    /// We are not in the audience.
    #[error("the token is for somebody else")]
    AudienceWrong,
    /// Several audiences and nobody authorized.
    #[error("the token has several audiences and no authorized party")]
    AuthorizedPartyMissing,
    /// Somebody else is authorized.
    #[error("the token authorizes somebody else")]
    AuthorizedPartyWrong,
    /// No expiry.
    #[error("the token does not expire")]
    ExpiryMissing,
    /// Past its expiry; by so many seconds.
    #[error("the token expired {0} s ago by our clock")]
    Expired(i64),
    /// Not to be used yet; for so many seconds.
    #[error("the token may be used in {0} s by our clock, not before")]
    NotYet(i64),
    /// No date of issue.
    #[error("the token has no date of issue")]
    IssueMissing,
    /// Issued later than now; by so many seconds.
    #[error("the token is issued {0} s in the future by our clock")]
    IssuedInFuture(i64),
    /// Issued longer ago than [`crate::MAX_AGE_SECONDS`]: so many seconds.
    #[error("the token was issued {0} s ago by our clock")]
    TooOld(i64),
    /// No nonce.
    #[error("the token has no nonce")]
    NonceMissing,
    /// Another nonce than the one sent.
    #[error("the nonce is not the one that was sent")]
    NonceWrong,
    /// The login that this launch ends was not begun here, is over, or was used.
    #[error("no login under way has this state")]
    StateUnknown,
    /// The login was begun too long ago.
    #[error("the login was begun too long ago")]
    StateExpired,
    /// The login was begun in another browser.
    #[error("the login was begun in another browser")]
    OtherBrowser,
    /// The platform answered with an error.
    #[error("the platform refused: {0}")]
    PlatformRefused(String),
    /// Another version than 1.3.0.
    #[error("the version of LTI is not 1.3.0")]
    VersionWrong,
    /// No message type.
    #[error("the message has no type")]
    MessageMissing,
    /// A message that we do not handle.
    #[error("this kind of message is not handled: {0}")]
    MessageUnknown(String),
    /// No deployment.
    #[error("the message names no deployment")]
    DeploymentMissing,
    /// A deployment that nobody accepted.
    #[error("this deployment is not known: {0}")]
    DeploymentUnknown(String),
    /// No target.
    #[error("the message has no target")]
    TargetMissing,
    /// The target is not ours, or not the one that the login was begun for.
    #[error("the target is elsewhere")]
    TargetElsewhere,
    /// No resource link, or one without identifier.
    #[error("the message names no resource link")]
    ResourceLinkMissing,
    /// No roles claim: it may be empty but must be there.
    #[error("the message has no roles")]
    RolesMissing,
    /// A deep-linking request without its settings or without a return address.
    #[error("the deep-linking request has no usable settings: {0}")]
    SettingsWrong(&'static str),
    /// An address in a claim that nobody should call: not http(s), or not of the platform.
    #[error("an address is refused: {0}")]
    AddressRefused(&'static str),
}

impl LaunchError {
    /// A stable word for logs, translations and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TokenTooLarge => "token-too-large",
            Self::TokenMalformed => "token-malformed",
            Self::AlgorithmRefused(_) => "algorithm-refused",
            Self::KeyNotNamed => "key-not-named",
            Self::KeyUnknown(_) => "key-unknown",
            Self::KeyUnusable(_) => "key-unusable",
            Self::SignatureWrong => "signature-wrong",
            Self::ClaimsMalformed(_) => "claims-malformed",
            Self::ClaimTooLong(_) => "claim-too-long",
            Self::IssuerWrong => "issuer-wrong",
            Self::AudienceWrong => "audience-wrong",
            Self::AuthorizedPartyMissing => "authorized-party-missing",
            Self::AuthorizedPartyWrong => "authorized-party-wrong",
            Self::ExpiryMissing => "expiry-missing",
            Self::Expired(_) => "expired",
            Self::NotYet(_) => "not-yet",
            Self::IssueMissing => "issue-missing",
            Self::IssuedInFuture(_) => "issued-in-future",
            Self::TooOld(_) => "too-old",
            Self::NonceMissing => "nonce-missing",
            Self::NonceWrong => "nonce-wrong",
            Self::StateUnknown => "state-unknown",
            Self::StateExpired => "state-expired",
            Self::OtherBrowser => "other-browser",
            Self::PlatformRefused(_) => "platform-refused",
            Self::VersionWrong => "version-wrong",
            Self::MessageMissing => "message-missing",
            Self::MessageUnknown(_) => "message-unknown",
            Self::DeploymentMissing => "deployment-missing",
            Self::DeploymentUnknown(_) => "deployment-unknown",
            Self::TargetMissing => "target-missing",
            Self::TargetElsewhere => "target-elsewhere",
            Self::ResourceLinkMissing => "resource-link-missing",
            Self::RolesMissing => "roles-missing",
            Self::SettingsWrong(_) => "settings-wrong",
            Self::AddressRefused(_) => "address-refused",
        }
    }

    /// Whether the key is the reason: read again, the platform's key set may hold another.
    pub fn is_by_key(&self) -> bool {
        matches!(
            self,
            Self::KeyUnknown(_) | Self::KeyUnusable(_) | Self::SignatureWrong
        )
    }

    /// By how many seconds clocks are apart, where that is the reason.
    pub fn seconds(&self) -> Option<i64> {
        match self {
            Self::Expired(seconds)
            | Self::NotYet(seconds)
            | Self::IssuedInFuture(seconds)
            | Self::TooOld(seconds) => Some(*seconds),
            _ => None,
        }
    }

    /// What it is about, as the platform named it or as the specification does.
    pub fn about(&self) -> Option<&str> {
        match self {
            Self::AlgorithmRefused(text)
            | Self::KeyUnknown(text)
            | Self::PlatformRefused(text)
            | Self::MessageUnknown(text)
            | Self::DeploymentUnknown(text) => Some(text),
            Self::ClaimTooLong(name) | Self::SettingsWrong(name) | Self::AddressRefused(name) => {
                Some(name)
            }
            _ => None,
        }
    }

    /// Where the specification asks for the refusal.
    pub fn section(&self) -> &'static str {
        match self {
            Self::TokenTooLarge | Self::TokenMalformed => "Security Framework 1.0, 5.1.2",
            Self::AlgorithmRefused(_) => "Security Framework 1.0, 5.1.3 (6)",
            Self::KeyNotNamed | Self::KeyUnknown(_) | Self::KeyUnusable(_) => {
                "Security Framework 1.0, 6.3"
            }
            Self::SignatureWrong => "Security Framework 1.0, 5.1.3 (1)",
            Self::IssuerWrong => "Security Framework 1.0, 5.1.3 (2)",
            Self::AudienceWrong => "Security Framework 1.0, 5.1.3 (3)",
            Self::AuthorizedPartyMissing => "Security Framework 1.0, 5.1.3 (4)",
            Self::AuthorizedPartyWrong => "Security Framework 1.0, 5.1.3 (5)",
            Self::NotYet(_) => "RFC 7519, 4.1.5",
            Self::ExpiryMissing | Self::Expired(_) => "Security Framework 1.0, 5.1.3 (7)",
            Self::IssueMissing | Self::IssuedInFuture(_) | Self::TooOld(_) => {
                "Security Framework 1.0, 5.1.3 (8)"
            }
            Self::NonceMissing | Self::NonceWrong => "Security Framework 1.0, 5.1.3 (9)",
            Self::StateUnknown | Self::StateExpired | Self::OtherBrowser => {
                "Security Framework 1.0, 5.1.1.5 and 7.3.1"
            }
            Self::PlatformRefused(_) => "OpenID Connect Core 1.0, 3.1.2.6",
            Self::ClaimsMalformed(_) | Self::ClaimTooLong(_) => "LTI Core 1.3, 5.3 and 5.4",
            Self::MessageMissing | Self::MessageUnknown(_) => "LTI Core 1.3, 5.3.1",
            Self::VersionWrong => "LTI Core 1.3, 5.3.2",
            Self::DeploymentMissing | Self::DeploymentUnknown(_) => "LTI Core 1.3, 5.3.3",
            Self::TargetMissing | Self::TargetElsewhere => "LTI Core 1.3, 5.3.4",
            Self::ResourceLinkMissing => "LTI Core 1.3, 5.3.5",
            Self::RolesMissing => "LTI Core 1.3, 5.3.7",
            Self::SettingsWrong(_) => "LTI Deep Linking 2.0, 3.3",
            Self::AddressRefused(_) => "LTI Core 1.3, 5.4.4",
        }
    }
}

/// Why a login that a platform begins is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// A parameter that must be there is not.
    #[error("a parameter is missing: {0}")]
    Missing(&'static str),
    /// A parameter is longer than anything honest.
    #[error("a parameter is too long: {0}")]
    TooLong(&'static str),
    /// No platform of that issuer and client.
    #[error("no such platform is registered")]
    PlatformUnknown,
    /// The issuer has several registrations and none was named.
    #[error("the platform has several registrations and did not say which")]
    ClientNotNamed,
    /// The target is not ours.
    #[error("the target is elsewhere")]
    TargetElsewhere,
    /// The deployment is not one that was accepted.
    #[error("this deployment is not known")]
    DeploymentUnknown,
}

impl LoginError {
    /// A stable word for logs, translations and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "login-parameter-missing",
            Self::TooLong(_) => "login-parameter-too-long",
            Self::PlatformUnknown => "login-platform-unknown",
            Self::ClientNotNamed => "login-client-not-named",
            Self::TargetElsewhere => "login-target-elsewhere",
            Self::DeploymentUnknown => "login-deployment-unknown",
        }
    }

    /// The parameter that it is about.
    pub fn about(&self) -> Option<&str> {
        match self {
            Self::Missing(name) | Self::TooLong(name) => Some(name),
            _ => None,
        }
    }

    /// Where the specification asks for the refusal.
    pub fn section(&self) -> &'static str {
        match self {
            Self::Missing(_) | Self::TooLong(_) => "Security Framework 1.0, 5.1.1.1",
            Self::PlatformUnknown | Self::ClientNotNamed => "LTI Core 1.3, 4.1.2",
            Self::TargetElsewhere => "Security Framework 1.0, 5.1.1.1",
            Self::DeploymentUnknown => "LTI Core 1.3, 4.1.3",
        }
    }
}

/// Why a platform's description of itself is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationError {
    /// Not JSON, or not the expected fields.
    #[error("the platform's configuration cannot be read: {0}")]
    Malformed(String),
    /// Its addresses are not all under its issuer's host, or are not secure.
    #[error("an address of the platform is refused: {0}")]
    AddressRefused(&'static str),
    /// It does not sign with RS256.
    #[error("the platform does not sign with RS256")]
    AlgorithmMissing,
    /// It does not know the message that we need.
    #[error("the platform does not launch resource links")]
    MessageMissing,
}

impl RegistrationError {
    /// A stable word for logs, translations and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "registration-malformed",
            Self::AddressRefused(_) => "registration-address-refused",
            Self::AlgorithmMissing => "registration-algorithm-missing",
            Self::MessageMissing => "registration-message-missing",
        }
    }
}
