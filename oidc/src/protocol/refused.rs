//! Why a provider is refused: one case for each thing that can be wrong.

use openidconnect::core::CoreErrorResponseType;
use openidconnect::{
    ClaimsVerificationError, DiscoveryError, RequestTokenError, SignatureVerificationError,
    StandardErrorResponse,
};
use passerelle_outgoing::OutgoingError;

type CodeError = RequestTokenError<OutgoingError, StandardErrorResponse<CoreErrorResponseType>>;

/// Why a provider, or what it answered, is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not an address that may be called.
    #[error("the address cannot be called: {0}")]
    Address(String),
    /// No answer, or none that can be read.
    #[error("no answer: {0}")]
    Unreachable(String),
    /// It answers a configuration that is not its own, or not a usable one.
    #[error("its configuration cannot be used: {0} (Discovery 1.0, section 4.3)")]
    Configuration(String),
    /// It refused our code or our identifier.
    #[error("it refused the code: {0} (Core 1.0, section 3.1.3.4)")]
    Code(String),
    /// It gave no ID token.
    #[error("it gave no ID token (Core 1.0, section 3.1.3.3)")]
    NoToken,
    /// The ID token names no key.
    #[error("the ID token names no key (`kid`)")]
    NoKey,
    /// The key of the ID token is not among its keys.
    #[error("the key of the ID token is unknown (Core 1.0, section 10.1)")]
    UnknownKey,
    /// Signed by an algorithm that is not accepted.
    #[error("the signature's algorithm is not accepted: {0} (Core 1.0, section 3.1.3.7, item 7)")]
    Algorithm(String),
    /// The signature is wrong.
    #[error("the signature is wrong (Core 1.0, section 3.1.3.7, item 6)")]
    Signature,
    /// Somebody else says it.
    #[error("another issuer: {0} (Core 1.0, section 3.1.3.7, item 2)")]
    Issuer(String),
    /// It is said to somebody else.
    #[error("another audience: {0} (Core 1.0, section 3.1.3.7, item 3)")]
    Audience(String),
    /// Too old, or not of this time.
    #[error("not of this time: {0} (Core 1.0, section 3.1.3.7, items 9 and 10)")]
    Time(String),
    /// It answers another sign-in.
    #[error("another nonce (Core 1.0, section 3.1.3.7, item 11)")]
    Nonce,
    /// The access token is not the one that it signed for.
    #[error("another access token (Core 1.0, section 3.1.3.8)")]
    AccessToken,
    /// Nobody, or too long a name for somebody.
    #[error("the subject cannot be used (Core 1.0, section 2)")]
    Subject,
    /// The ID token is not one.
    #[error("the ID token cannot be read: {0}")]
    Token(String),
    /// What it says of the person cannot be believed.
    #[error("what it says of the person is refused: {0} (Core 1.0, section 5.3)")]
    UserInfo(String),
}

impl Refused {
    /// Where the specification asks for the refusal; empty where none does.
    pub fn section(&self) -> &'static str {
        match self {
            Self::Address(_) | Self::Unreachable(_) | Self::NoKey | Self::Token(_) => "",
            Self::Configuration(_) => "Discovery 1.0, 4.3",
            Self::Code(_) => "Core 1.0, 3.1.3.4",
            Self::NoToken => "Core 1.0, 3.1.3.3",
            Self::UnknownKey => "Core 1.0, 10.1",
            Self::Algorithm(_) => "Core 1.0, 3.1.3.7 (7)",
            Self::Signature => "Core 1.0, 3.1.3.7 (6)",
            Self::Issuer(_) => "Core 1.0, 3.1.3.7 (2) ; Discovery 1.0, 4.3",
            Self::Audience(_) => "Core 1.0, 3.1.3.7 (3)",
            Self::Time(_) => "Core 1.0, 3.1.3.7 (9, 10)",
            Self::Nonce => "Core 1.0, 3.1.3.7 (11)",
            Self::AccessToken => "Core 1.0, 3.1.3.8",
            Self::Subject => "Core 1.0, 2",
            Self::UserInfo(_) => "Core 1.0, 5.3",
        }
    }

    /// A stable word for logs, translations and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::Unreachable(_) => "unreachable",
            Self::Configuration(_) => "configuration",
            Self::Code(_) => "code",
            Self::NoToken => "no-token",
            Self::NoKey => "no-key",
            Self::UnknownKey => "unknown-key",
            Self::Algorithm(_) => "algorithm",
            Self::Signature => "signature",
            Self::Issuer(_) => "issuer",
            Self::Audience(_) => "audience",
            Self::Time(_) => "time",
            Self::Nonce => "nonce",
            Self::AccessToken => "access-token",
            Self::Subject => "subject",
            Self::Token(_) => "token",
            Self::UserInfo(_) => "user-info",
        }
    }
}

fn unreachable(error: OutgoingError) -> Refused {
    match error {
        OutgoingError::NotSecure | OutgoingError::Private => Refused::Address(error.to_string()),
        other => Refused::Unreachable(other.to_string()),
    }
}

pub(super) fn discovery(error: DiscoveryError<OutgoingError>) -> Refused {
    match error {
        DiscoveryError::Request(error) => unreachable(error),
        DiscoveryError::Response(status, ..) => Refused::Unreachable(format!("status {status}")),
        DiscoveryError::Parse(error) => Refused::Configuration(error.to_string()),
        DiscoveryError::UrlParse(error) => Refused::Address(error.to_string()),
        // What it answers is the configuration of another one.
        DiscoveryError::Validation(why) => Refused::Issuer(why),
        DiscoveryError::Other(why) => Refused::Configuration(why),
        other => Refused::Configuration(other.to_string()),
    }
}

pub(super) fn code_refused(error: CodeError) -> Refused {
    match error {
        RequestTokenError::Request(error) => unreachable(error),
        RequestTokenError::ServerResponse(said) => Refused::Code(said.to_string()),
        RequestTokenError::Parse(error, _) => Refused::Token(error.to_string()),
        RequestTokenError::Other(why) => Refused::Code(why),
    }
}

pub(super) fn claims_refused(error: ClaimsVerificationError) -> Refused {
    match error {
        ClaimsVerificationError::Expired(why) | ClaimsVerificationError::InvalidAuthTime(why) => {
            Refused::Time(why)
        }
        ClaimsVerificationError::InvalidAudience(why) => Refused::Audience(why),
        ClaimsVerificationError::InvalidIssuer(why) => Refused::Issuer(why),
        ClaimsVerificationError::InvalidNonce(_) => Refused::Nonce,
        ClaimsVerificationError::InvalidSubject(_) => Refused::Subject,
        ClaimsVerificationError::SignatureVerification(error) => signature_refused(error),
        ClaimsVerificationError::Other(why) => Refused::Time(why),
        other => Refused::Token(other.to_string()),
    }
}

pub(super) fn signature_refused(error: SignatureVerificationError) -> Refused {
    match error {
        SignatureVerificationError::NoMatchingKey => Refused::UnknownKey,
        SignatureVerificationError::DisallowedAlg(alg)
        | SignatureVerificationError::UnsupportedAlg(alg) => Refused::Algorithm(alg),
        SignatureVerificationError::NoSignature => Refused::Algorithm("none".to_owned()),
        SignatureVerificationError::CryptoError(_) => Refused::Signature,
        SignatureVerificationError::InvalidKey(why)
        | SignatureVerificationError::AmbiguousKeyId(why) => Refused::Algorithm(why),
        other => Refused::Token(other.to_string()),
    }
}
