//! What signs for us, and what verifies what platforms sign.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use passerelle_kernel::db::statement;
use passerelle_kernel::env::{DAY, MINUTE};
use passerelle_kernel::{Db, Micros, Registry, Uuid};
use passerelle_lti_protocol::{KeySet, MAX_KEY_SET_BYTES, SigningKey};
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{App, AppError, Ctx};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use url::Url;

use passerelle_outgoing::{Outgoing, OutgoingError};

/// A key signs that long, then another one is made.
const SIGNS_FOR: Micros = 180 * DAY;
/// And stays published that long afterwards.
const STAYS_FOR: Micros = 30 * DAY;
/// A platform's key set is asked again after that long.
const FRESH_FOR: Micros = DAY;
/// And never more often than that within a minute, whatever the launches say.
pub const ASKED: usize = 4;

pub(crate) fn register(r: &mut Registry) {
    r.add(Routes::new().get("/lti/cles", Access::Public, published));
}

/// Our public keys, for platforms.
async fn published(ctx: Ctx) -> Result<Response, AppError> {
    let mut keys = Vec::new();
    for key in signing_keys(ctx.app.db(), ctx.now).await? {
        keys.push(key.public().map_err(AppError::internal)?);
    }
    let body = json!({"keys": keys}).to_string();
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    Ok((headers, body).into_response())
}

/// The key that signs now.
///
/// # Errors
///
/// The database refuses, or no key can be made.
pub async fn signing_key(db: &Db, now: Micros) -> Result<SigningKey, AppError> {
    let keys = signing_keys(db, now).await?;
    keys.into_iter()
        .next()
        .ok_or_else(|| AppError::internal("no signing key"))
}

/// The keys that are published, the one that signs first; one is made when there is none or when
/// the last is old.
async fn signing_keys(db: &Db, now: Micros) -> Result<Vec<SigningKey>, AppError> {
    let known = stored(db, now).await?;
    let newest = known.first().map(|(_, created_at)| *created_at);
    if newest.is_some_and(|created_at| created_at + SIGNS_FOR > now) {
        return Ok(known.into_iter().map(|(key, _)| key).collect());
    }
    // Making a key takes a tenth of a second of a core.
    let pem = tokio::task::spawn_blocking(new_pem)
        .await
        .map_err(AppError::internal)?
        .map_err(AppError::internal)?;
    let tx = db.write().await?;
    let kid = tx.env().id().to_string();
    let sql = "INSERT INTO lti_signing_key (kid, pem, created_at) VALUES ($1, $2, $3)";
    tx.execute_raw(statement(&*tx, sql, [kid.into(), pem.into(), now.into()]))
        .await?;
    tx.commit().await?;
    let known = stored(db, now).await?;
    Ok(known.into_iter().map(|(key, _)| key).collect())
}

async fn stored(db: &Db, now: Micros) -> Result<Vec<(SigningKey, Micros)>, AppError> {
    let sql = "SELECT kid, pem, created_at FROM lti_signing_key WHERE created_at > $1 ORDER BY created_at DESC, kid DESC";
    let since = now - SIGNS_FOR - STAYS_FOR;
    let rows = db
        .read()
        .query_all_raw(statement(db.read(), sql, [since.into()]))
        .await?;
    rows.iter()
        .map(|row| {
            let kid: String = row.try_get("", "kid")?;
            let pem: String = row.try_get("", "pem")?;
            let key = SigningKey::from_pem(kid, &pem).map_err(DbErr::Custom)?;
            Ok((key, row.try_get("", "created_at")?))
        })
        .collect::<Result<_, DbErr>>()
        .map_err(AppError::from)
}

/// A new RSA private key of 2,048 bits, PKCS#8 in PEM.
///
/// # Errors
///
/// The system gives no randomness.
pub fn new_pem() -> Result<String, String> {
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|e| e.to_string())?;
    let der = pair.as_der().map_err(|e| e.to_string())?;
    let text = STANDARD.encode(der.as_ref());
    let mut out = String::from("-----BEGIN PRIVATE KEY-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str("-----END PRIVATE KEY-----\n");
    Ok(out)
}

/// A service of the application: key sets of platforms and tools, in memory.
#[derive(Debug, Default)]
pub struct KnownKeys(Mutex<HashMap<Uuid, Known>>);

#[derive(Clone, Debug, Default)]
struct Known {
    /// Where the keys are: those of an address that was corrected are not those of the new one.
    address: String,
    keys: Arc<KeySet>,
    fetched_at: Option<Micros>,
    /// When the set was asked lately.
    asked: Vec<Micros>,
    /// Who asks holds it.
    gate: Arc<tokio::sync::Mutex<()>>,
}

/// Whose keys are needed.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// The platform or the tool.
    pub id: Uuid,
    /// Its key set.
    pub address: &'a Url,
}

/// Checks something that a platform or a tool has signed with the keys that are known of it.
///
/// The set is asked again when it is old, and when `by_key` says that the key was the reason of a
/// refusal: it is a new one, or another one under the same name. At most [`ASKED`] times a minute, whatever comes: what is known stays in use beyond,
/// and when the platform does not answer.
///
/// # Errors
///
/// Nothing is known and the platform does not answer.
pub async fn checked<T, E>(
    app: &App,
    signer: Signer<'_>,
    check: impl Fn(&KeySet) -> Result<T, E>,
    by_key: impl Fn(&E) -> bool,
) -> Result<Result<T, E>, OutgoingError> {
    let service = service(app)?;
    let decided = |known: &Known| {
        let is_old = known
            .fetched_at
            .is_none_or(|at| app.env().now() - at >= FRESH_FOR);
        match check(&known.keys) {
            Ok(_) if is_old => None,
            Err(why) if by_key(&why) => None,
            // What is refused for another reason needs no key.
            checked => Some(checked),
        }
    };
    let seen = service.get(signer);
    if let Some(checked) = decided(&seen) {
        return Ok(checked);
    }
    // A whole class arrives at once: whoever waits here uses what the first of them asked.
    let _held = seen.gate.lock().await;
    let now = service.get(signer);
    if !Arc::ptr_eq(&seen.keys, &now.keys)
        && let Some(checked) = decided(&now)
    {
        return Ok(checked);
    }
    let fetched = if service.may_ask(signer.id, app.env().now()) {
        refresh(app, signer.id, signer.address).await
    } else {
        let why = "it was asked several times within a minute";
        Err(OutgoingError::Unreachable(why.to_owned()))
    };
    match fetched {
        Ok(keys) => Ok(check(&keys)),
        Err(why) if now.fetched_at.is_none() => Err(why),
        Err(why) => {
            tracing::warn!(whose = %signer.id, %why, "a key set could not be asked again");
            Ok(check(&now.keys))
        }
    }
}

fn service(app: &App) -> Result<Arc<KnownKeys>, OutgoingError> {
    let service = app.service::<KnownKeys>();
    service.ok_or_else(|| OutgoingError::Unreachable("no key sets on this server".to_owned()))
}

/// Asks a key set, and lets what is checked from now on use it.
///
/// # Errors
///
/// The platform does not answer with one.
pub async fn refresh(app: &App, id: Uuid, address: &Url) -> Result<Arc<KeySet>, OutgoingError> {
    let outgoing = app
        .service::<Outgoing>()
        .ok_or_else(|| OutgoingError::Unreachable("nothing leaves this server".to_owned()))?;
    let text = outgoing.get(address, None, MAX_KEY_SET_BYTES).await?;
    let keys = Arc::new(KeySet::parse(&text).map_err(OutgoingError::Unreachable)?);
    let service = service(app)?;
    let mut map = service.0.lock().unwrap_or_else(PoisonError::into_inner);
    let known = map.entry(id).or_default();
    address.as_str().clone_into(&mut known.address);
    known.keys = keys.clone();
    known.fetched_at = Some(app.env().now());
    Ok(keys)
}

impl KnownKeys {
    /// What is known of a signer; the keys of another address are none of its.
    fn get(&self, signer: Signer<'_>) -> Known {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = map.entry(signer.id).or_default();
        if known.address != signer.address.as_str() {
            signer.address.as_str().clone_into(&mut known.address);
            known.keys = Arc::default();
            known.fetched_at = None;
        }
        known.clone()
    }

    /// Whether the set of a platform may be asked now; counts it when it may.
    fn may_ask(&self, id: Uuid, now: Micros) -> bool {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = map.entry(id).or_default();
        known.asked.retain(|at| now - at < MINUTE);
        let may = known.asked.len() < ASKED;
        if may {
            known.asked.push(now);
        }
        may
    }
}
