//! Recognises a session by its token: one statement, and one more at most every ten minutes.

use async_trait::async_trait;
use passerelle_kernel::Db;
use passerelle_kernel::env::token_hash;
use passerelle_web::access::{Authenticator, SignedIn};
use sea_orm::DbErr;

use super::model::SEEN_EVERY;
use super::store;

/// Recognises sessions of the table `sign_in_session`.
#[derive(Clone, Copy, Debug)]
pub struct Sessions;

#[async_trait]
impl Authenticator for Sessions {
    async fn authenticate(&self, db: &Db, token: &str) -> Result<Option<SignedIn>, DbErr> {
        let is_token = token.len() == 64 && token.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_token {
            return Ok(None);
        }
        let hash = token_hash(token);
        let now = db.env().now();
        let Some(row) = store::session(db.read(), &hash, now).await? else {
            return Ok(None);
        };
        if now - row.seen_at >= SEEN_EVERY
            && let Err(error) = touch(db, &hash, now).await
        {
            // The page can be shown all the same; the visit will be written down next time.
            tracing::warn!(%error, "a visit was not written down");
        }
        Ok(Some(SignedIn {
            person: row.person,
            account: row.account,
            name: row.name,
            lang: row.lang,
            roles: row.roles,
            bare: row.bare,
            session: hash,
        }))
    }
}

async fn touch(db: &Db, hash: &[u8], now: passerelle_kernel::Micros) -> Result<(), DbErr> {
    let tx = db.write().await?;
    store::touch_session(&tx, hash, now).await?;
    tx.commit().await
}
