//! Signing in: by password, by a link, by an invitation. What decides is here;
//! pages and cookies are not.

use passerelle_kernel::env::token_hash;
use passerelle_kernel::{Db, Micros, Uuid, WriteTx};
use sea_orm::DbErr;

use super::commands::AccountError;
use super::model::{
    LINKS_PER_CLIENT, LINKS_PER_IDENTIFIER, Limit, PASSWORD_MAX_BYTES, PER_CLIENT, PER_IDENTIFIER,
    password_problem, trusted_address,
};
use super::password::Hasher;
use super::sessions::Client;
use super::store::{self, AccountRow, LinkRow};

/// What somebody tries.
#[derive(Clone, Debug)]
pub struct Attempt<'a> {
    /// Identifier, as [`crate::names::identifier`] writes it.
    pub identifier: &'a str,
    /// Password, as typed.
    pub password: &'a str,
    /// From where.
    pub client: &'a Client,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Signed in: the token for the cookie.
    In(String),
    /// Unknown identifier, wrong password or closed account: which one is not told.
    Refused,
    /// Too many attempts: wait until then.
    Wait(Micros),
}

/// Keys that an attempt is counted under. Identifiers are hashed: people type passwords there.
fn keys(kind: &str, identifier: &str, client: &Client, limits: [Limit; 2]) -> Vec<(String, Limit)> {
    let mark = hex::encode(token_hash(identifier).get(..16).unwrap_or_default());
    let mut keys = vec![(format!("{kind}-id:{mark}"), limits[0])];
    keys.extend(
        client
            .key
            .as_ref()
            .map(|place| (format!("{kind}-from:{place}"), limits[1])),
    );
    keys
}

/// Counts an attempt under every key, committed; or says until when to wait.
async fn charge(db: &Db, keys: &[(String, Limit)]) -> Result<Option<Micros>, DbErr> {
    let tx = db.write().await?;
    for (key, limit) in keys {
        if let Err(until) = store::charge(&tx, key, *limit).await? {
            tx.rollback().await?;
            return Ok(Some(until));
        }
    }
    tx.commit().await?;
    Ok(None)
}

/// How a password checked ended.
enum Checked {
    Right(Box<AccountRow>),
    Wrong,
    Wait(Micros),
}

/// Counts and checks a password. The work is the same whoever is asked for.
async fn check(
    db: &Db,
    hasher: &Hasher,
    attempt: &Attempt<'_>,
    keys: &[(String, Limit)],
) -> Result<Checked, AccountError> {
    if let Some(until) = charge(db, keys).await? {
        tracing::warn!(client = attempt.client.key, "too many passwords were tried");
        return Ok(Checked::Wait(until));
    }
    let account = store::by_identifier(db.read(), attempt.identifier).await?;
    let stored = account
        .as_ref()
        .and_then(|account| account.password_hash.as_deref());
    let fits = attempt.password.len() <= PASSWORD_MAX_BYTES;
    let right = hasher
        .verify(if fits { attempt.password } else { "" }, stored)
        .await?
        && fits;
    Ok(
        match account.filter(|account| right && account.disabled_at.is_none()) {
            Some(account) => Checked::Right(Box::new(account)),
            None => Checked::Wrong,
        },
    )
}

/// A right password forgets the attempts on its identifier and is not counted against its place.
async fn settle(tx: &WriteTx, keys: &[(String, Limit)]) -> Result<(), DbErr> {
    for (place, (key, limit)) in keys.iter().enumerate() {
        if place == 0 {
            store::forget_attempts(tx, key).await?;
        } else {
            store::give_back(tx, key, *limit).await?;
        }
    }
    Ok(())
}

/// Signs in with a password.
pub async fn with_password(
    db: &Db,
    hasher: &Hasher,
    attempt: &Attempt<'_>,
) -> Result<Outcome, AccountError> {
    let keys = keys(
        "password",
        attempt.identifier,
        attempt.client,
        [PER_IDENTIFIER, PER_CLIENT],
    );
    let account = match check(db, hasher, attempt, &keys).await? {
        Checked::Right(account) => account,
        Checked::Wrong => {
            tracing::info!(client = attempt.client.key, "a sign-in was refused");
            return Ok(Outcome::Refused);
        }
        Checked::Wait(until) => return Ok(Outcome::Wait(until)),
    };
    let token = db.env().token();
    let tx = db.write().await?;
    if !store::open_session(&tx, account.id, &token, &attempt.client.device).await? {
        return Ok(Outcome::Refused);
    }
    settle(&tx, &keys).await?;
    tx.commit().await?;
    tracing::info!(account = %account.id, "signed in with a password");
    Ok(Outcome::In(token))
}

/// How changing one's password ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Done; how many other sessions ended.
    Done(u64),
    /// The current password is not that one.
    Wrong,
    /// Too many attempts: wait until then.
    Wait(Micros),
    /// The new password is refused; id of the message.
    Password(&'static str),
}

/// Changes the password of somebody signed in; every session but theirs ends.
pub async fn change_password(
    db: &Db,
    hasher: &Hasher,
    attempt: &Attempt<'_>,
    new: &str,
    session: &[u8],
) -> Result<Changed, AccountError> {
    let keys = keys(
        "password",
        attempt.identifier,
        attempt.client,
        [PER_IDENTIFIER, PER_CLIENT],
    );
    let account = match check(db, hasher, attempt, &keys).await? {
        Checked::Right(account) => account,
        Checked::Wrong => return Ok(Changed::Wrong),
        Checked::Wait(until) => return Ok(Changed::Wait(until)),
    };
    let problem = password_problem(new, &account.identifier, &account.name());
    let hash = if problem.is_none() {
        Some(hasher.hash(db.env(), new).await?)
    } else {
        None
    };
    let tx = db.write().await?;
    settle(&tx, &keys).await?;
    let ended = match &hash {
        Some(hash) => {
            store::set_password(&tx, account.id, hash).await?;
            store::end_all(&tx, account.id, Some(session)).await?
        }
        None => 0,
    };
    tx.commit().await?;
    Ok(problem.map_or(Changed::Done(ended), Changed::Password))
}

/// Accounts to which a text leads, each with the address where its link may go.
pub async fn reachable(db: &Db, text: &str) -> Result<Vec<(AccountRow, String)>, DbErr> {
    let accounts = store::reached_by(db.read(), text).await?;
    let persons: Vec<Uuid> = accounts.iter().map(|account| account.person_id).collect();
    let known = store::addresses(db.read(), &persons).await?;
    Ok(accounts
        .into_iter()
        .filter_map(|account| {
            let theirs: Vec<_> = known
                .iter()
                .filter(|(id, _)| *id == account.person_id)
                .map(|(_, email)| email.clone())
                .collect();
            let address = trusted_address(&account.identifier, &theirs)?;
            // Somebody who types an address gets what is sent to that address only.
            (account.identifier == text || address == text).then_some((account, address))
        })
        .collect())
}

/// Counts a request for a link in `tx`; until when to wait when there were too many.
pub async fn charge_link(
    tx: &WriteTx,
    identifier: &str,
    client: &Client,
) -> Result<Option<Micros>, DbErr> {
    for (key, limit) in keys(
        "link",
        identifier,
        client,
        [LINKS_PER_IDENTIFIER, LINKS_PER_CLIENT],
    ) {
        if let Err(until) = store::charge(tx, &key, limit).await? {
            return Ok(Some(until));
        }
    }
    Ok(None)
}

/// Signs in by a link and uses it up: the token of the session and where to go.
pub async fn with_link(
    db: &Db,
    token: &str,
    client: &Client,
) -> Result<Option<(String, Option<String>)>, AccountError> {
    let session = db.env().token();
    let tx = db.write().await?;
    let found = store::use_link(&tx, token)
        .await?
        .filter(|link| !link.purpose.sets_password());
    let Some(LinkRow { account, next, .. }) = found else {
        return Ok(None);
    };
    if !store::open_session(&tx, account, &session, &client.device).await? {
        return Ok(None);
    }
    tx.commit().await?;
    tracing::info!(%account, "signed in by a link");
    Ok(Some((session, next)))
}

/// How choosing a password by a link ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// Done: the token of the session and where to go.
    In(String, Option<String>),
    /// The password is refused; id of the message. The link still holds.
    Password(&'static str),
    /// The link does not hold any more.
    Gone,
}

/// The account behind a link that lets a password be chosen; the link is not used.
pub async fn invited(db: &Db, token: &str) -> Result<Option<AccountRow>, DbErr> {
    let link = store::link(db.read(), token, db.env().now())
        .await?
        .filter(|link| link.purpose.sets_password());
    match link {
        Some(link) => store::by_id(db.read(), link.account).await,
        None => Ok(None),
    }
}

/// Chooses a password by a link, which is used up; every other session of the account ends.
pub async fn choose_password(
    db: &Db,
    hasher: &Hasher,
    token: &str,
    password: &str,
    client: &Client,
) -> Result<Chosen, AccountError> {
    let Some(account) = invited(db, token).await? else {
        return Ok(Chosen::Gone);
    };
    if let Some(problem) = password_problem(password, &account.identifier, &account.name()) {
        return Ok(Chosen::Password(problem));
    }
    let hash = hasher.hash(db.env(), password).await?;
    let session = db.env().token();
    let tx = db.write().await?;
    let Some(link) = store::use_link(&tx, token).await? else {
        return Ok(Chosen::Gone);
    };
    store::set_password(&tx, link.account, &hash).await?;
    store::end_all(&tx, link.account, None).await?;
    if !store::open_session(&tx, link.account, &session, &client.device).await? {
        return Ok(Chosen::Gone);
    }
    for (key, _) in keys(
        "password",
        &account.identifier,
        &Client::default(),
        [PER_IDENTIFIER, PER_CLIENT],
    ) {
        store::forget_attempts(&tx, &key).await?;
    }
    tx.commit().await?;
    tracing::info!(account = %link.account, "a password was chosen by a link");
    Ok(Chosen::In(session, link.next))
}
