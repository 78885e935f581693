//! Where requests come from, for what anybody may ask for: counted by place, so that one network
//! cannot have a thousand mails leave to addresses of others.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use passerelle_kernel::WriteTx;
use passerelle_kernel::sea_orm::DbErr;

use crate::app::App;
use crate::error::AppError;
use crate::place;

/// Registry entry: who counts what is asked for from one place.
#[derive(Clone)]
pub struct PlacesEntry(pub Arc<dyn Places>);

/// Counts what is asked for from one place.
#[async_trait]
pub trait Places: Send + Sync {
    /// What requests from that address are counted under: its network.
    fn key(&self, from: IpAddr) -> String;
    /// Counts `count` more of `what` from a place, with `tx`; false when it has had too many lately.
    async fn charge(
        &self,
        tx: &WriteTx,
        what: &'static str,
        key: &str,
        count: usize,
    ) -> Result<bool, DbErr>;
}

/// Where a request comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place(Option<String>);

impl Place {
    /// Counts `count` more of `what` from here, with `tx`.
    ///
    /// # Errors
    ///
    /// Too many lately, or the database refuses.
    pub async fn charge(
        &self,
        app: &App,
        tx: &WriteTx,
        what: &'static str,
        count: usize,
    ) -> Result<(), AppError> {
        let entry = app.registry().all::<PlacesEntry>().next();
        let (Some(key), Some(entry)) = (&self.0, entry) else {
            return Ok(());
        };
        if entry.0.charge(tx, what, key, count).await? {
            return Ok(());
        }
        tracing::warn!(what, place = key, "too much is asked for from one place");
        Err(AppError::TooMany)
    }
}

impl FromRequestParts<App> for Place {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let entry = app.registry().all::<PlacesEntry>().next();
        Ok(Self(entry.map(|entry| entry.0.key(place::of(app, parts)))))
    }
}
