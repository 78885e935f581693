//! LTI 1.3 Advantage as pure rules: messages, claims, signatures, key sets.
//!
//! Nothing here reads a clock, a network or a database: the caller brings the
//! instant, the key set, and what it remembers of the login it began. Every way
//! in which a launch may be refused is one variant of [`LaunchError`], with the
//! section of the specification that asks for the refusal.
//!
//! Sources: LTI Core 1.3, IMS Security Framework 1.0 (1.1 for the storage of
//! `state` without cookies), LTI Deep Linking 2.0, LTI Assignment and Grade
//! Services 2.0, LTI Names and Role Provisioning Services 2.0, LTI Dynamic
//! Registration 1.0.

mod answers;
mod claims;
mod deep_linking;
mod error;
mod jws;
mod launch;
mod login;
mod messages;
mod registration;
mod roles;
mod rosters;
mod scores;
mod text;
mod tools;

pub use answers::{
    AnswerError, Asked, Hints, Picked, check_assertion, check_deep_linking, claimed,
    claimed_issuer, hints,
};
pub use claims::{
    Claims, Context, DeepLinkingSettings, GradeService, MembershipService, Presentation,
    ResourceLink,
};
pub use deep_linking::{ContentItem, LineItemWish, deep_linking_response};
pub use error::{LaunchError, LoginError, RegistrationError};
pub use jws::{KeySet, MAX_KEY_SET_BYTES, MAX_KEYS, MAX_TOKEN_BYTES, SigningKey, key_id};
pub use launch::{
    Deployments, Expected, LEEWAY_SECONDS, Launch, MAX_AGE_SECONDS, Message, Platform, validate,
};
pub use login::{Login, authorization_url};
pub use messages::{
    Authentication, AuthenticationError, Envelope, GradeAddresses, Identity, ROLE_INSTRUCTOR,
    ROLE_LEARNER, deep_linking_request, resource_link_request, substituted,
};
pub use registration::{PlatformConfiguration, ToolAddresses, registration_request};
pub use roles::{Standing, standing};
pub use rosters::{
    Column, Held, LINE_ITEM, LINE_ITEMS, MEMBERS, Member, MembersPage, RESULTS, RosterError,
    column, columns, new_column, next_page, results, results_address,
};
pub use scores::{
    ActivityProgress, GradingProgress, SCOPE_LINE_ITEM, SCOPE_MEMBERSHIPS, SCOPE_RESULTS,
    SCOPE_SCORES, Score, ScoreError, client_assertion, number, scores_address,
};
pub use tools::{
    PLATFORM_SCOPES, PlatformAddresses, ToolRegistration, VARIABLES, platform_configuration,
};
