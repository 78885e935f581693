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

use passerelle_outgoing::Outgoing;

/// A key signs that long, then another one is made.
const SIGNS_FOR: Micros = 180 * DAY;
/// And stays published that long afterwards.
const STAYS_FOR: Micros = 30 * DAY;
/// A platform's key set is asked again after that long.
const FRESH_FOR: Micros = DAY;
/// And never more often than that, whatever the launches say.
const ASKED_EVERY: Micros = MINUTE;

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

/// A service of the application: key sets of platforms, in memory.
#[derive(Debug, Default)]
pub struct KnownKeys(Mutex<HashMap<Uuid, Known>>);

#[derive(Clone, Debug, Default)]
struct Known {
    keys: Arc<KeySet>,
    fetched_at: Micros,
    tried_at: Micros,
}

/// The key set of a platform, asked again when it is old or does not know `kid`.
///
/// What is known stays in use when the platform does not answer.
///
/// # Errors
///
/// Nothing is known and the platform does not answer; the words say why.
pub async fn keys_of(
    app: &App,
    platform: Uuid,
    address: &Url,
    kid: &str,
) -> Result<Arc<KeySet>, String> {
    let service = app
        .service::<KnownKeys>()
        .ok_or("no key sets on this server")?;
    let now = app.env().now();
    let known = service.get(platform);
    let settled = known.keys.knows(kid) && now - known.fetched_at < FRESH_FOR;
    if settled || now - known.tried_at < ASKED_EVERY {
        return Ok(known.keys);
    }
    service.put(
        platform,
        Known {
            tried_at: now,
            ..known.clone()
        },
    );
    match fetch(app, address).await {
        Ok(keys) => {
            let keys = Arc::new(keys);
            let known = Known {
                keys: keys.clone(),
                fetched_at: now,
                tried_at: now,
            };
            service.put(platform, known);
            Ok(keys)
        }
        Err(why) if known.fetched_at == 0 => Err(why),
        Err(why) => {
            tracing::warn!(%platform, why, "a platform's key set could not be asked again");
            Ok(known.keys)
        }
    }
}

/// Asks a key set.
///
/// # Errors
///
/// The platform does not answer with one; the words say why.
pub async fn fetch(app: &App, address: &Url) -> Result<KeySet, String> {
    let outgoing = app
        .service::<Outgoing>()
        .ok_or("nothing leaves this server")?;
    let text = outgoing
        .get(address, None, MAX_KEY_SET_BYTES)
        .await
        .map_err(|error| error.to_string())?;
    KeySet::parse(&text)
}

impl KnownKeys {
    fn get(&self, platform: Uuid) -> Known {
        let map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.get(&platform).cloned().unwrap_or_default()
    }

    fn put(&self, platform: Uuid, known: Known) {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.insert(platform, known);
    }
}
