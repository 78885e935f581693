//! Counting what anybody may ask for, by place, as attempts to sign in are.

use std::net::IpAddr;

use async_trait::async_trait;
use passerelle_kernel::WriteTx;
use passerelle_web::limits::Places;
use sea_orm::DbErr;

use super::model::{LINKS_PER_CLIENT, client_key};
use super::store;

/// Counts under the keys of attempts.
pub struct Attempts;

#[async_trait]
impl Places for Attempts {
    fn key(&self, from: IpAddr) -> String {
        client_key(from)
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
