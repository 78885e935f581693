//! Coming in with an account of elsewhere, linking one, undoing it.

use passerelle_kernel::env::token_hash;
use passerelle_kernel::journal::{Actor, Fact};
use passerelle_kernel::{Uuid, WriteTx};
use passerelle_web::access::{Doorman, DoormanEntry, Lends, SignedIn};
use passerelle_web::{App, AppError};
use serde_json::json;

use super::store::{self, Pending};
use crate::protocol::Identified;
use crate::providers::model::Provider;
use crate::providers::store::provider;

/// An account of elsewhere was linked to a person.
pub const LINKED: &str = "oidc.account.linked.v1";
/// A link was taken away.
pub const UNLINKED: &str = "oidc.account.unlinked.v1";

/// Why somebody whom a provider has recognised does not come in.
#[derive(Debug, thiserror::Error)]
pub(super) enum Barred {
    /// Their account here is closed.
    #[error("the account is closed")]
    AccountClosed,
    /// They belong to other spaces, which this one may not open.
    #[error("the person belongs to another space")]
    OtherSpace,
    /// They came from another server: they have to sign in here to link an account.
    #[error("the session was opened by another server")]
    SignInHere,
    /// The account of there is somebody else's here.
    #[error("this account is linked to somebody else")]
    Taken,
    /// Something of ours failed.
    #[error(transparent)]
    App(#[from] AppError),
}

impl Barred {
    /// A stable word for logs, translations and tests.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::AccountClosed => "account-closed",
            Self::OtherSpace => "other-space",
            Self::SignInHere => "sign-in-here",
            Self::Taken => "taken",
            Self::App(_) => "internal",
        }
    }
}

/// Opens a session for a person whom a provider has recognised; answers the value of its cookie.
pub(super) async fn come_in(
    app: &App,
    tx: &WriteTx,
    provider: &Provider,
    person: Uuid,
    who: &Identified,
    agent: &str,
) -> Result<String, Barred> {
    // Much may have happened since the browser left: the provider closed, the link undone.
    let provider = still_open(tx, provider.id).await?;
    let is_linked = store::used(tx, provider.id, &who.subject, person)
        .await
        .map_err(AppError::from)?;
    if !is_linked {
        return Err(AppError::NotFound.into());
    }
    let lends = may_open(app, tx, &provider, person).await?;
    let door = doorman(app)?;
    let token = door
        .admit(tx, provider.space, person, agent, lends)
        .await
        .map_err(AppError::from)?
        .ok_or(Barred::AccountClosed)?;
    store::put_session(tx, &token_hash(&token), provider.id, &who.id_token)
        .await
        .map_err(AppError::from)?;
    Ok(token)
}

/// Links the account of elsewhere that waits under `token` to the person who asks for it.
pub(super) async fn link(
    app: &App,
    tx: &WriteTx,
    token: &str,
    pending: &Pending,
    who: &SignedIn,
) -> Result<Provider, Barred> {
    let (person, session) = (who.person, who.session.as_slice());
    let provider = still_open(tx, pending.provider).await?;
    may_open(app, tx, &provider, person).await?;
    // A link lasts: only who has signed in here may make one, never another server for them.
    let elsewhere = store::opened_by(tx, session)
        .await
        .map_err(AppError::from)?;
    if who.bare || elsewhere.is_some_and(|by| by != provider.id) {
        return Err(Barred::SignInHere);
    }
    if !store::end_pending(tx, token)
        .await
        .map_err(AppError::from)?
    {
        return Err(AppError::NotFound.into());
    }
    if store::unlink(tx, provider.id, person)
        .await
        .map_err(AppError::from)?
    {
        fact(tx, &provider, UNLINKED, person).await?;
    }
    let linked = store::link(tx, provider.id, &pending.subject, person)
        .await
        .map_err(AppError::from)?;
    if !linked {
        return Err(Barred::Taken);
    }
    store::put_session(tx, session, provider.id, &pending.id_token)
        .await
        .map_err(AppError::from)?;
    fact(tx, &provider, LINKED, person).await?;
    Ok(provider)
}

/// Takes a link of theirs away.
pub(super) async fn unlink(tx: &WriteTx, of: Uuid, person: Uuid) -> Result<(), AppError> {
    let provider = provider(&**tx, of).await?.ok_or(AppError::NotFound)?;
    if store::unlink(tx, of, person).await? {
        fact(tx, &provider, UNLINKED, person).await?;
    }
    Ok(())
}

/// A provider that is open as the write sees it.
async fn still_open(tx: &WriteTx, id: Uuid) -> Result<Provider, Barred> {
    let found = provider(&**tx, id).await.map_err(AppError::from)?;
    let open = found.filter(Provider::is_open);
    Ok(open.ok_or(AppError::NotFound)?)
}

/// A space decides who its provider is, so it decides who comes in with it. The home space keeps
/// the server; another one may open the door of who is its own, and nobody else's.
async fn may_open(
    app: &App,
    tx: &WriteTx,
    provider: &Provider,
    person: Uuid,
) -> Result<Lends, Barred> {
    let home = &app.settings().home_space;
    let home = app
        .directory()
        .space_by_slug(app.db(), home)
        .await
        .map_err(AppError::from)?;
    if home.is_some_and(|home| home.id == provider.space) {
        return Ok(Lends::Everything);
    }
    let spaces = doorman(app)?
        .spaces_of(tx, person)
        .await
        .map_err(AppError::from)?;
    if spaces == [provider.space] {
        Ok(Lends::Space)
    } else {
        Err(Barred::OtherSpace)
    }
}

/// Who opens sessions.
pub(super) fn doorman(app: &App) -> Result<&dyn Doorman, AppError> {
    let entry = app.registry().all::<DoormanEntry>().next();
    let entry = entry.ok_or_else(|| AppError::internal("nobody opens sessions"))?;
    Ok(&*entry.0)
}

async fn fact(
    tx: &WriteTx,
    provider: &Provider,
    kind: &'static str,
    person: Uuid,
) -> Result<(), AppError> {
    tx.append(Fact {
        space: provider.space,
        kind,
        actor: Actor::Person(person),
        subject: person,
        payload: json!({"provider": provider.id}),
    })
    .await?;
    Ok(())
}
