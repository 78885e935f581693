//! Who may do what, decided once.
//!
//! The extractor [`Allowed`] authenticates, loads the object in its space,
//! checks the policy and yields the proof that commands require as an
//! argument. Jobs and the command line obtain it with a reason.

use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::response::Response;
use passerelle_kernel::journal::Actor;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Db, Uuid, WriteTx};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::context::Ctx;
use crate::directory::Space;
use crate::error::AppError;
use crate::lang::Lang;

/// What a person may be within a space. Tutors are so for a cohort, trainees by an enrolment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Manages the space itself, its people and roles.
    Administrator,
    /// Manages courses and cohorts.
    Manager,
    /// Reads everything, changes nothing.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Administrator, Self::Manager, Self::Auditor];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Manager => "manager",
            Self::Auditor => "auditor",
        }
    }

    /// From what is stored.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The person.
    pub person: Uuid,
    /// The account.
    pub account: Uuid,
    /// Name shown.
    pub name: String,
    /// Preferred language.
    pub lang: Lang,
    /// Roles by space.
    pub roles: Vec<(Uuid, Role)>,
    /// Whether another server sent them, without the roles and groups that they have here.
    pub bare: bool,
    /// Hash of the session's token.
    pub session: Vec<u8>,
}

/// Who asks.
#[derive(Clone, Debug, Default)]
pub struct Who(pub Option<Arc<SignedIn>>);

impl Who {
    /// The person, when signed in.
    pub fn person(&self) -> Option<Uuid> {
        self.0.as_ref().map(|s| s.person)
    }
    /// The person, unless another server sent them: it cannot lend what it has not.
    pub fn in_charge(&self) -> Option<Uuid> {
        self.0.as_ref().filter(|s| !s.bare).map(|s| s.person)
    }
    /// Whether they have one of `roles` in `space`.
    pub fn has(&self, space: Uuid, roles: &[Role]) -> bool {
        self.0.as_ref().is_some_and(|s| {
            s.roles
                .iter()
                .any(|(at, role)| *at == space && roles.contains(role))
        })
    }
    /// May change courses and cohorts of the space.
    pub fn manages(&self, space: Uuid) -> bool {
        self.has(space, &[Role::Administrator, Role::Manager])
    }
    /// May read everything in the space.
    pub fn oversees(&self, space: Uuid) -> bool {
        self.has(space, &Role::ALL)
    }
}

/// Registry entry: who recognises sessions.
#[derive(Clone)]
pub struct AuthenticatorEntry(pub Arc<dyn Authenticator>);

/// Recognises a session by the token of its cookie.
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// The person behind the token; at most two statements.
    async fn authenticate(&self, db: &Db, token: &str) -> Result<Option<SignedIn>, DbErr>;
}

/// Registry entry: who opens sessions for people whom another server has recognised.
#[derive(Clone)]
pub struct DoormanEntry(pub Arc<dyn Doorman>);

/// What of their own somebody has in a session that another server opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lends {
    /// Nothing: they are nobody but themselves.
    Nothing,
    /// Their roles in the space that it belongs to.
    Space,
    /// All their roles.
    Everything,
}

/// Opens a session for somebody whom another server has recognised.
#[async_trait]
pub trait Doorman: Send + Sync {
    /// Opens a session of a person of `space` and answers the value of its cookie; none when the
    /// account is closed. A person without an account gets one that nobody can sign in with. The
    /// other server cannot lend what it has not.
    async fn admit(
        &self,
        tx: &WriteTx,
        space: Uuid,
        person: Uuid,
        agent: &str,
        lends: Lends,
    ) -> Result<Option<String>, DbErr>;
    /// The spaces that a person belongs to.
    async fn spaces_of(&self, tx: &WriteTx, person: Uuid) -> Result<Vec<Uuid>, DbErr>;
    /// Gives the browser its session.
    fn keep(&self, ctx: &Ctx, response: Response, token: &str) -> Response;
}

/// Registry entry: signing in with an account that somebody else keeps.
#[derive(Clone)]
pub struct ElsewhereEntry(pub Arc<dyn Elsewhere>);

/// A way to sign in that the sign-in page offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Who keeps the account: « ProConnect ».
    pub name: String,
    /// Where it begins.
    pub href: String,
}

/// Registry entry: whom a plugin sends things about people to, for the privacy notice.
#[derive(Clone)]
pub struct RecipientsEntry(pub Arc<dyn Recipients>);

/// Outside servers that a space is connected to.
#[async_trait]
pub trait Recipients: Send + Sync {
    /// One sentence for each: who it is, and what it receives.
    async fn of(&self, ctx: &Ctx, space: &Space) -> Result<Vec<String>, AppError>;
}

/// Accounts that somebody else keeps.
#[async_trait]
pub trait Elsewhere: Send + Sync {
    /// What is offered beside the password, to who wants to go to `next`: what the home space
    /// offers, and what `space` does when they come for it.
    async fn ways(
        &self,
        ctx: &Ctx,
        space: Option<&Space>,
        next: &str,
    ) -> Result<Vec<Way>, AppError>;
    /// The page where people link their account and undo it; none where there is nothing to link.
    async fn own_page(&self, ctx: &Ctx) -> Result<Option<&'static str>, AppError>;
    /// Told that a session ends here; answers a page of ours that signs out there as well, when it
    /// was opened with an account of elsewhere.
    async fn leaving(&self, tx: &WriteTx, session: &[u8]) -> Result<Option<String>, DbErr>;
}

/// The named parts of the address.
#[derive(Clone, Debug, Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// A part by its name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }
    /// A part that is an identifier; anything else is not found.
    pub fn id(&self, name: &str) -> Result<Uuid, AppError> {
        self.text(name)
            .and_then(|text| text.parse().ok())
            .ok_or(AppError::NotFound)
    }
}

/// An object that an address names.
#[async_trait]
pub trait Loaded: Sized + Send + Sync + 'static {
    /// Loads it, within its space; none when there is no such thing.
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError>;
}

/// Something that may be done to an object.
pub trait Action: Send + Sync + 'static {
    /// To what.
    type Object: Loaded;
    /// Stable name, for the table of routes: `cohort.certify`.
    const NAME: &'static str;
    /// Whether that person may.
    fn allows(who: &Who, object: &Self::Object) -> bool;
}

/// Proof that an action on an object is allowed; required by commands.
#[derive(Debug)]
pub struct Allowed<A: Action> {
    object: A::Object,
    actor: Actor,
}

impl<A: Action> Allowed<A> {
    /// For jobs and the command line; the reason is written in the journal.
    pub fn system(reason: &'static str, object: A::Object) -> Self {
        Self {
            object,
            actor: Actor::System(reason),
        }
    }

    /// Checks the policy on an object that is already loaded.
    pub fn check(who: &Who, object: A::Object) -> Result<Self, AppError> {
        if !A::allows(who, &object) {
            return Err(if who.0.is_some() {
                AppError::Forbidden
            } else {
                AppError::SignIn
            });
        }
        let actor = who.person().map_or(Actor::Visitor, Actor::Person);
        Ok(Self { object, actor })
    }

    /// The object.
    pub fn object(&self) -> &A::Object {
        &self.object
    }
    /// Who acts, as the journal writes it.
    pub fn actor(&self) -> Actor {
        self.actor
    }
    /// The person who acts, when there is one.
    pub fn person(&self) -> Option<Uuid> {
        match self.actor {
            Actor::Person(id) => Some(id),
            _ => None,
        }
    }
    /// Gives the object up.
    pub fn into_object(self) -> A::Object {
        self.object
    }
}

impl FromRequestParts<App> for Params {
    type Rejection = AppError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let raw = RawPathParams::from_request_parts(parts, app)
            .await
            .map_err(|_| AppError::NotFound)?;
        Ok(Self(
            raw.iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        ))
    }
}

impl<A: Action> FromRequestParts<App> for Allowed<A> {
    type Rejection = AppError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let ctx = Ctx::from_request_parts(parts, app).await?;
        let params = Params::from_request_parts(parts, app).await?;
        let object = A::Object::load(&ctx, &params)
            .await?
            .ok_or(AppError::NotFound)?;
        Self::check(&ctx.who, object)
    }
}

/// A space named by the `{space}` part of the address.
#[async_trait]
impl Loaded for Arc<crate::directory::Space> {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let slug = params
            .text("space")
            .unwrap_or(&ctx.app.settings().home_space);
        Ok(ctx
            .app
            .directory()
            .space_by_slug(ctx.app.db(), slug)
            .await?)
    }
}
