//! Counting what anybody may ask for, by place, as attempts to sign in are.

use async_trait::async_trait;
use axum::http::request::Parts;
use passerelle_kernel::WriteTx;
use passerelle_web::places::Places;
use sea_orm::DbErr;

use super::model::LINKS_PER_CLIENT;
use super::sessions::place;
use super::store;

/// Counts under the keys of attempts.
pub struct Attempts {
    /// Proxies of ours in front of the server.
    pub proxies: usize,
}

#[async_trait]
impl Places for Attempts {
    fn key(&self, parts: &Parts) -> Option<String> {
        place(parts, self.proxies)
    }

    async fn charge(
        &self,
        tx: &WriteTx,
        what: &'static str,
        key: &str,
        count: usize,
    ) -> Result<bool, DbErr> {
        let key = format!("{what}-from:{key}");
        for _ in 0..count {
            if store::charge(tx, &key, LINKS_PER_CLIENT).await?.is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
