//! What providers say of themselves, kept for an hour so that signing in asks them once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use passerelle_kernel::env::{HOUR, MINUTE, SECOND};
use passerelle_kernel::{Micros, Uuid};
use passerelle_outgoing::Outgoing;
use passerelle_web::App;

use super::model::Provider;
use crate::protocol::{self, Metadata, Refused};

/// A configuration is asked again after that long.
const FRESH_FOR: Micros = HOUR;
/// One that could not be asked is left alone that long.
const LEFT_ALONE: Micros = 30 * SECOND;
/// And its keys never more often than that, whatever tokens say.
const ASKED_EVERY: Micros = MINUTE;

/// A service of the application: one entry for a provider that somebody has signed in with.
#[derive(Debug, Default)]
pub struct Known {
    entries: Mutex<HashMap<Uuid, Entry>>,
    failures: Mutex<HashMap<Uuid, (Micros, Refused)>>,
}

#[derive(Clone, Debug)]
struct Entry {
    issuer: String,
    metadata: Metadata,
    asked_at: Micros,
    keys_asked_at: Micros,
}

impl Known {
    fn get(&self, provider: Uuid) -> Option<Entry> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.get(&provider).cloned()
    }

    /// Why it could not be asked, a moment ago.
    fn failure(&self, provider: Uuid, now: Micros) -> Option<Refused> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, why) = failures.get(&provider)?;
        (now - at < LEFT_ALONE).then(|| why.clone())
    }

    fn fail(&self, provider: Uuid, now: Micros, why: &Refused) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.insert(provider, (now, why.clone()));
    }

    fn put(&self, provider: Uuid, entry: Entry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.insert(provider, entry);
    }
}

/// What a provider says of itself; asked when it is not known, or was long ago. While it does not
/// answer, what it said before holds for a day.
///
/// # Errors
///
/// It does not answer, or its configuration cannot be used.
pub async fn metadata(app: &App, provider: &Provider, now: Micros) -> Result<Metadata, Refused> {
    let known = known(app)?;
    let before = known
        .get(provider.id)
        .filter(|entry| entry.issuer == provider.issuer);
    if let Some(entry) = &before
        && now - entry.asked_at < FRESH_FOR
    {
        return Ok(entry.metadata.clone());
    }
    let asked = match known.failure(provider.id, now) {
        Some(why) => Err(why),
        None => ask(app, provider, now).await,
    };
    match asked {
        Ok(metadata) => Ok(metadata),
        Err(error) => before
            .filter(|entry| now - entry.asked_at < 24 * FRESH_FOR)
            .map(|entry| entry.metadata)
            .ok_or(error),
    }
}

/// Asks a provider what it is, whatever is known of it.
///
/// # Errors
///
/// It does not answer, or its configuration cannot be used.
pub async fn ask(app: &App, provider: &Provider, now: Micros) -> Result<Metadata, Refused> {
    let found = protocol::discover(&*outgoing(app)?, &provider.issuer).await;
    let metadata = match found {
        Ok(metadata) => metadata,
        Err(why) => {
            known(app)?.fail(provider.id, now, &why);
            return Err(why);
        }
    };
    known(app)?.put(
        provider.id,
        Entry {
            issuer: provider.issuer.clone(),
            metadata: metadata.clone(),
            asked_at: now,
            keys_asked_at: now,
        },
    );
    Ok(metadata)
}

/// The same with its keys of now, asked once a minute at most; none when it is not known.
///
/// # Errors
///
/// It does not answer.
pub async fn with_new_keys(
    app: &App,
    provider: &Provider,
    now: Micros,
) -> Result<Option<Metadata>, Refused> {
    let known = known(app)?;
    let Some(mut entry) = known.get(provider.id) else {
        return Ok(None);
    };
    // Somebody else has just asked: theirs may hold the key.
    if now - entry.keys_asked_at < ASKED_EVERY {
        return Ok(Some(entry.metadata));
    }
    entry.keys_asked_at = now;
    // Written first: many at the same time ask once.
    known.put(provider.id, entry.clone());
    let keys = protocol::keys(&*outgoing(app)?, &entry.metadata).await?;
    entry.metadata = entry.metadata.set_jwks(keys);
    known.put(provider.id, entry.clone());
    Ok(Some(entry.metadata))
}

fn known(app: &App) -> Result<std::sync::Arc<Known>, Refused> {
    app.service().ok_or_else(nothing)
}

/// Who calls other servers.
///
/// # Errors
///
/// The host provides none.
pub fn outgoing(app: &App) -> Result<std::sync::Arc<Outgoing>, Refused> {
    app.service().ok_or_else(nothing)
}

fn nothing() -> Refused {
    Refused::Unreachable("nothing leaves this server".to_owned())
}
